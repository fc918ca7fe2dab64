import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

/** The oldest runtime that has to run the result: Electron 33 (development fallback) up to the pinned one. */
const FLOOR = { node: 'node20.18', chrome: 'chrome130' };

export default defineConfig({
  main: {
    build: {
      target: FLOOR.node,
      outDir: 'out/main',
      externalizeDeps: false,
      rollupOptions: { input: { main: resolve('electron/main.ts') } },
    },
  },
  preload: {
    build: {
      target: FLOOR.node,
      outDir: 'out/preload',
      externalizeDeps: false,
      rollupOptions: {
        input: { preload: resolve('electron/preload.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'renderer',
    plugins: [react()],
    worker: { format: 'es' },
    build: {
      target: FLOOR.chrome,
      outDir: 'out/renderer',
      // Half the size is half the reading at every start.
      minify: true,
      // The CSP allows no data: scripts or fonts, so every asset is a file.
      assetsInlineLimit: 0,
      rollupOptions: { input: { index: resolve('renderer/index.html') } },
    },
  },
});
