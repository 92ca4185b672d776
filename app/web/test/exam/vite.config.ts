/** Bundles the phone for Node: `vite build --config test/exam/vite.config.ts --outDir FOLDER` writes exam_phone.mjs there. */
import { defineConfig } from 'vite';

export default defineConfig({
  logLevel: 'warn',
  ssr: { noExternal: true },
  build: {
    ssr: 'test/exam/main.ts',
    target: 'node20',
    minify: false,
    copyPublicDir: false,
    emptyOutDir: false,
    rolldownOptions: { output: { entryFileNames: 'exam_phone.mjs' } },
  },
});
