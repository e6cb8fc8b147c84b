import { expect, type Page, test } from "@playwright/test";
import { register } from "../fixtures/account";
import { furnish, OVERLAYS, PAGES, records, type Stop, VISITORS } from "../fixtures/tour";

/** The smallest side of something to touch, in px (WCAG 2.2, 2.5.8). */
const TARGET = 24;
/** How much a page may move after its first paint. */
const SHIFT = 0.02;

/** Controls that are too small for a finger. Links within a sentence are as high as its lines. */
const smallTargets = (page: Page): Promise<string[]> =>
  page.evaluate((least) => {
    const all = document.querySelectorAll<HTMLElement>(
      "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0'], [role=menuitem], [role=option]",
    );
    const modal = document.querySelector("dialog:modal");
    const inSentence = (element: HTMLElement) =>
      getComputedStyle(element).display === "inline" &&
      [...(element.parentElement?.childNodes ?? [])].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim());
    return [...all].flatMap((element) => {
      if (modal && !modal.contains(element)) return [];
      if (!element.checkVisibility({ visibilityProperty: true }) || element.closest(".sr-only-kit, .skip-link, [aria-hidden=true]")) return [];
      const target = element.closest("label") ?? element.closest(".vt-check") ?? element;
      const { width, height } = target.getBoundingClientRect();
      if (width >= least && height >= least) return [];
      if (inSentence(element)) return [];
      return [`${Math.round(width)} × ${Math.round(height)}: ${element.outerHTML.slice(0, 120)}`];
    });
  }, TARGET);

/** How far the page can be scrolled sideways. */
const sideways = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

async function inspect(page: Page, stops: Stop[]): Promise<void> {
  const found: string[] = [];
  for (const stop of stops) {
    await stop.open(page);
    const excess = await sideways(page);
    if (excess > 0) found.push(`${stop.name} scrolls sideways by ${excess} px`);
    found.push(...(await smallTargets(page)).map((what) => `${stop.name} ${what}`));
  }
  expect([...new Set(found)]).toEqual([]);
}

test.describe("on a phone", () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, contextOptions: { reducedMotion: "reduce" } });

  test("WEB-29: pages of visitors fit, with targets large enough", async ({ page }) => {
    await inspect(page, VISITORS);
  });

  test("WEB-29: pages of members fit, with targets large enough", async ({ page }) => {
    await register(page.request);
    await furnish(page.request);
    await inspect(page, PAGES);
  });

  test("WEB-29: records fit, with targets large enough", async ({ page }) => {
    await register(page.request);
    await inspect(page, records(await furnish(page.request)));
  });

  test("WEB-29: dialogs, menus and the palette fit, with targets large enough", async ({ page }) => {
    await register(page.request);
    await furnish(page.request);
    await inspect(page, OVERLAYS);
  });
});

declare global {
  interface Window {
    shifts: { value: number; what: string }[];
  }
}

for (const [device, viewport] of [
  ["a desk", { width: 1440, height: 900 }],
  ["a phone", { width: 390, height: 844 }],
] as const) {
  test.describe(`at ${device}`, () => {
    test.use({ viewport });

    test(`WEB-09: nothing moves while a page loads at ${device}`, async ({ page }) => {
      await register(page.request);
      const shown = await furnish(page.request);
      await page.addInitScript(() => {
        window.shifts = [];
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries() as (PerformanceEntry & { value: number; hadRecentInput: boolean; sources: { node?: Node }[] })[]) {
            const what = entry.sources.map(({ node }) => (node instanceof Element ? node.outerHTML.slice(0, 80) : node?.textContent?.slice(0, 40)));
            if (!entry.hadRecentInput) window.shifts.push({ value: entry.value, what: what.join(" | ") });
          }
        }).observe({ type: "layout-shift", buffered: true });
      });
      const found: string[] = [];
      for (const stop of [...PAGES, ...records(shown)]) {
        await stop.open(page);
        // Two frames: what was drawn last has been measured.
        await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
        const shifts = await page.evaluate(() => window.shifts);
        const sum = shifts.reduce((sum, { value }) => sum + value, 0);
        if (sum >= SHIFT) found.push(`${stop.name} moves by ${sum.toFixed(3)}: ${shifts.map(({ what }) => what).join("; ")}`);
      }
      expect(found).toEqual([]);
    });
  });
}
