import { defineConfig } from 'playwright/test';

/** Set where the runs are that need Chromium's own sandbox: as an ordinary user, never as root. */
const sandbox = Boolean(process.env.WHOSPENT_E2E_SANDBOX);

export default defineConfig({
  testDir: '.',
  timeout: 90_000,
  expect: { timeout: 20_000 },
  fullyParallel: true,
  workers: 2,
  forbidOnly: Boolean(process.env.CI),
  reporter: 'list',
  projects: sandbox
    ? [{ name: 'sandbox', testMatch: 'sandbox.spec.ts' }]
    : [{ name: 'app', testIgnore: 'sandbox.spec.ts' }],
});
