import { expect, type Page } from "../fixtures/test";
import { excess } from "../fixtures/layout";
import { OVERLAYS, PAGES, RECORDS, type Stop, test, VISITORS } from "../fixtures/tour";

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

function inspect(stops: Stop[]): void {
  for (const stop of stops) {
    test(`WEB-29: ${stop.name} fits a phone, with targets large enough`, async ({ page, shown }) => {
      await stop.open(page, shown);
      expect({ ...(await excess(page)), small: await smallTargets(page) }).toEqual({ sideways: 0, down: 0, small: [] });
    });
  }
}

test.describe("on a phone", () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, contextOptions: { reducedMotion: "reduce" } });
  inspect([...PAGES, ...RECORDS, ...OVERLAYS]);

  test.describe("pages of visitors", () => {
    test.use({ storageState: { cookies: [], origins: [] } });
    inspect(VISITORS);
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

    test.beforeEach(({ page }) =>
      page.addInitScript(() => {
        window.shifts = [];
        type Shift = PerformanceEntry & { value: number; hadRecentInput: boolean; sources: { node?: Node }[] };
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries() as Shift[]) {
            const what = entry.sources.map(({ node }) => (node instanceof Element ? node.outerHTML.slice(0, 80) : node?.textContent?.slice(0, 40)));
            if (!entry.hadRecentInput) window.shifts.push({ value: entry.value, what: what.join(" | ") });
          }
        }).observe({ type: "layout-shift", buffered: true });
      }),
    );

    for (const stop of [...PAGES, ...RECORDS]) {
      test(`WEB-29: nothing moves while ${stop.name} loads at ${device}`, async ({ page, shown }) => {
        await stop.open(page, shown);
        // Two frames: what was drawn last has been measured.
        await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
        const shifts = await page.evaluate(() => window.shifts);
        const sum = shifts.reduce((sum, { value }) => sum + value, 0);
        expect(sum, shifts.map(({ what, value }) => `${value.toFixed(3)} ${what}`).join("; ")).toBeLessThan(SHIFT);
      });
    }
  });
}
