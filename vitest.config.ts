import { defineConfig, type Plugin } from 'vitest/config';

/**
 * Node's `electron` package is the path of a binary, and importing it downloads that binary when it is not
 * there. A unit test that gets to it by accident is told so; `vi.mock('electron', factory)` works as ever.
 */
const noElectron: Plugin = {
  name: 'no-electron',
  enforce: 'pre',
  resolveId: (id) => (id === 'electron' ? '\0no-electron' : null),
  load: (id) =>
    id === '\0no-electron'
      ? `throw new Error("Unit tests run without Electron: vi.mock('electron', …), or make it an end-to-end test.");`
      : null,
};

export default defineConfig({
  plugins: [noElectron],
  test: {
    environment: 'node',
    // A hang is found all the same; a busy machine is none.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    include: ['tests/**/*.test.{ts,tsx}'],
    exclude: ['tests/e2e/**', 'tests/bench/**', '**/node_modules/**'],
  },
});
