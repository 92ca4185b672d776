import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import preact from '@preact/preset-vite';
import { defineConfig, type Plugin } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';

// What the first card needs.
const FIRST = new RegExp(
  [
    'node_modules/(?:preact|@preact|preact-iso)/',
    'src/store/(?:device|done|engine|errors|index|indexed|journal|later|local|open|reads|stand_in|tables|wishes)\\.ts',
    'src/(?:app|day|fuzz|ids|main|notes|parameters|paths|plain|queue|worker)\\.tsx?',
    'src/state/(?:awake|device|frame|haptics|keys|length|line|path|session|settings|sitting|speech|stopwatch|stretch|writer|zones)\\.ts',
    'src/words/(?:\\w+/)?(?:index|time)\\.ts',
    'src/parts/(?:banners|bar|counts|dock|icon|lazily|paper|states|text|toast)\\.tsx?',
    'src/views/(?:home|study)\\.tsx',
  ].join('|'),
);
// What answering needs: fetched when the first card is on the screen.
const ACTS = /node_modules\/ts-fsrs\/|src\/(?:store\/(?:acts|device_row|onTop)|schedule|digest|events)\.ts/;
// What talks to the server: fetched as soon as the store is open, so nothing of the pages may lie in it.
const SYNC = /src\/(?:sync|plan|wire|device_name|state\/server)\.ts/;
const CONTENT =
  /src\/(?:draft|views\/(?:edit_note|new_note|add_decks|deck|me)|parts\/(?:drafting|note_form|fields|new_deck))\.tsx?/;
const MEDIA = /src\/(?:media|picture|sha256|store\/media|parts\/(?:media_address|rich|html))\.tsx?/;
// What the first screen and what lies over a page show: too small to be fetched one by one.
const SHEETS =
  /src\/(?:state\/(?:backlog|catalogue|pull)|parts\/(?:asked|backlog_hint|card_sheet|catalogue|compared|install_hint|key_sheet|numbers_table|paused|sheet|swipe)|views\/not_found)\.tsx?/;
// Looking back on days: the end of a sitting and the statistics.
const DAYS = /src\/(?:stats|streak|state\/(?:days|streak)|store\/(?:days|looks|prune))\.ts/;
const BRING = /src\/(?:texts|state\/following|parts\/import_words|views\/import_(?:one|start))\.tsx?/;
const COMPRESSIBLE = /\.(?:html|js|css|svg|json|webmanifest)$/;

/** Lays a .gz and a .br beside each text file of the build, so that the server compresses nothing at run time. */
function precompressed(folder: string): Plugin {
  return {
    name: 'wengu-precompressed',
    apply: 'build',
    enforce: 'post',
    // The service worker is built in its own closeBundle; compress after it.
    closeBundle: { order: 'post', sequential: true, handler: () => compressAll(folder) },
  };
}

async function compressAll(folder: string): Promise<void> {
  const names = await readdir(folder, { recursive: true });
  await Promise.all(
    names.filter((name: string) => COMPRESSIBLE.test(name)).map((name: string) => compress(join(folder, name))),
  );
}

async function compress(path: string): Promise<void> {
  const bytes = await readFile(path);
  await writeFile(`${path}.gz`, await promisify(gzip)(bytes, { level: constants.Z_BEST_COMPRESSION }));
  await writeFile(`${path}.br`, await promisify(brotliCompress)(bytes));
}

type Files = Map<string, Buffer>;

async function filesIn(folder: string): Promise<Files> {
  const names = await readdir(folder).catch(() => []);
  const contents = names.map(async (name): Promise<[string, Buffer]> => [name, await readFile(join(folder, name))]);
  return new Map(await Promise.all(contents));
}

/**
 * Tabs that were open during a deploy go on asking for the files of the build before: they stay in `earlier`, for one build. They are
 * laid there after the service worker was made, so that no phone fetches them beforehand.
 */
function earlierKept(folder: string): Plugin {
  let before: Files = new Map();
  let earlier: Files = new Map();
  return {
    name: 'wengu-earlier-kept',
    apply: 'build',
    enforce: 'post',
    async buildStart() {
      [before, earlier] = await Promise.all([filesIn(join(folder, 'assets')), filesIn(join(folder, 'earlier'))]);
    },
    closeBundle: {
      order: 'post',
      sequential: true,
      async handler() {
        const now = new Set(await readdir(join(folder, 'assets')));
        const gone = [...before].filter(([name]) => !now.has(name));
        // The same build once more is no deploy.
        const kept = gone.length > 0 ? gone : [...earlier];
        await mkdir(join(folder, 'earlier'), { recursive: true });
        await Promise.all(kept.map(([name, content]) => writeFile(join(folder, 'earlier', name), content)));
      },
    },
  };
}

/** The words of each language and part are one file each; their names tell which. */
function chunkName({ facadeModuleId }: { facadeModuleId?: string | null }): string {
  const [, language, part] = /src\/words\/(\w+)\/(\w+)\.ts$/.exec(facadeModuleId ?? '') ?? [];
  return language ? `assets/words-${language}-${part}-[hash].js` : 'assets/[name]-[hash].js';
}

export default defineConfig({
  plugins: [
    preact({ prerender: { enabled: false } }),
    VitePWA({
      strategies: 'injectManifest',
      srcDir: 'src',
      filename: 'sw.ts',
      registerType: 'prompt',
      injectRegister: false,
      manifest: false,
      injectManifest: { globPatterns: ['**/*.{html,js,css,svg,png,webmanifest}'] },
    }),
    precompressed('dist'),
    earlierKept('dist'),
  ],
  build: {
    target: 'es2022',
    modulePreload: {
      polyfill: false,
      // A link for each part costs the phone more than it saves: the parts come from the service worker, and a page's own code names them.
      resolveDependencies: (_page, parts, { hostType }) =>
        hostType === 'js' ? parts.filter((part) => part.endsWith('.css')) : parts,
    },
    assetsInlineLimit: 0,
    sourcemap: false,
    // What the first card needs is one chunk: compressed together it is smaller than in pieces.
    rolldownOptions: {
      output: {
        chunkFileNames: chunkName,
        codeSplitting: {
          groups: [
            { name: 'core', test: FIRST },
            { name: 'acts', test: ACTS },
            { name: 'sync', test: SYNC },
            { name: 'shows', test: MEDIA },
            { name: 'sheets', test: SHEETS },
            { name: 'days', test: DAYS },
            { name: 'content', test: CONTENT },
            { name: 'bring', test: BRING },
          ],
        },
      },
    },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8000' } },
});
