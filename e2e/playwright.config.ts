import { defineConfig } from "@playwright/test";

/** The server under test and the browser come from scripts/e2e.sh. */
export default defineConfig({
  testDir: "specs",
  outputDir: "test-results",
  timeout: 60_000,
  expect: { timeout: 15_000 },
  // A test that passes only sometimes is a broken test.
  retries: 0,
  workers: 2,
  fullyParallel: true,
  forbidOnly: true,
  reporter: "list",
  use: {
    baseURL: process.env.BASE_URL,
    viewport: { width: 1280, height: 800 },
    locale: "en-US",
    timezoneId: "UTC",
    // WITH_MOTION is for tests of what moves and of what waits for it.
    contextOptions: { reducedMotion: "reduce" },
    // A trace costs a third of the time: `--trace retain-on-failure` where one is wanted.
    trace: "off",
    // Else a click that cannot be made ends with the test, which then cannot say where it waited.
    actionTimeout: 20_000,
    launchOptions: {
      executablePath: process.env.CHROMIUM,
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
      ],
    },
  },
});
