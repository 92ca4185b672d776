/** Bundles the phones for Node: `vite build --config test/chaos/vite.config.ts --outDir FOLDER` writes phones.mjs there. */
import { defineConfig } from 'vite';

export default defineConfig({
  logLevel: 'warn',
  ssr: { noExternal: true },
  build: {
    ssr: 'test/chaos/phones.ts',
    target: 'node20',
    minify: false,
    copyPublicDir: false,
    emptyOutDir: false,
    rolldownOptions: { output: { entryFileNames: 'phones.mjs' } },
  },
});
