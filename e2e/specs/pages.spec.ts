import { expect, type Page } from "../fixtures/test";
import { violations } from "../fixtures/axe";
import { complaints } from "../fixtures/console";
import { excess, moved, smallTargets, watchShifts } from "../fixtures/layout";
import { OVERLAYS, PAGES, RECORDS, type Shown, type Stop, test, VISITORS } from "../fixtures/tour";

// Each stop of the tour is opened once at a desk and once on a phone, and looked at in every way there is: on the phone by
// its address, at the desk by going there from another page, and what opens over a page in either case.

/** How a stop is opened, what that promises, and what did not keep it. */
interface Way {
  promise: string;
  open: (page: Page, stop: Stop, shown: Shown) => Promise<string[]>;
}

/** Where motion is welcome, as most people have it; but nothing is half faded in when it is looked at. */
const STEADILY: Way = {
  promise: ", and nothing moves while it loads",
  open: async (page, stop, shown) => {
    await watchShifts(page);
    await page.emulateMedia({ reducedMotion: "no-preference" });
    await stop.open(page, shown);
    const shifts = await moved(page);
    await page.emulateMedia({ reducedMotion: "reduce" });
    return shifts;
  },
};

/** What opens over a page may move. */
const STILL: Way = {
  promise: "",
  open: async (page, stop, shown) => {
    await stop.open(page, shown);
    return [];
  },
};

/** Neither axe nor the console may have anything to say in either theme. */
function atADesk(requirement: string, stops: Stop[], way: Way): void {
  for (const stop of stops) {
    test(`${requirement}: at a desk ${stop.name} is accessible in both themes, logs nothing${way.promise}`, async ({ page, shown }) => {
      const said = complaints(page);
      const shifts = await way.open(page, stop, shown);
      expect({ shifts, violations: await violations(page), said }).toEqual({ shifts: [], violations: [], said: [] });
    });
  }
}

function onAPhone(stops: Stop[], way: Way): void {
  for (const stop of stops) {
    test(`WEB-29: on a phone ${stop.name} fits, has targets large enough${way.promise}`, async ({ page, shown }) => {
      const shifts = await way.open(page, stop, shown);
      expect({ shifts, ...(await excess(page)), small: await smallTargets(page) }).toEqual({ shifts: [], sideways: 0, down: 0, small: [] });
    });
  }
}

const visitor = { storageState: { cookies: [], origins: [] }, stays: false };

test.describe("at a desk", () => {
  test.use({ viewport: { width: 1440, height: 900 }, stays: true });
  atADesk("WEB-01, WEB-02, WEB-24, WEB-26, WEB-29", PAGES, STEADILY);
  atADesk("WEB-12, WEB-29", RECORDS, STEADILY);
  atADesk("WEB-04, WEB-08", OVERLAYS, STILL);

  test.describe("pages of visitors", () => {
    test.use(visitor);
    atADesk("WEB-31", VISITORS, STILL);
  });
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });
  onAPhone([...PAGES, ...RECORDS], STEADILY);

  test.describe("over a page", () => {
    test.use({ stays: true });
    onAPhone(OVERLAYS, STILL);
  });

  test.describe("pages of visitors", () => {
    test.use(visitor);
    onAPhone(VISITORS, STILL);
  });
});

test("without motion a change of theme is there at once, in every cell", async ({ page }) => {
  await page.goto("/contacts");
  await page.locator(".vt-row a").first().waitFor();
  // In one go: a colour that still fades is the old one when it is asked for.
  const late = await page.evaluate(() => {
    const texts = [...document.querySelectorAll<HTMLElement>(".vt-text, .vt-row, h1, nav a")];
    const colours = () => texts.map((text) => getComputedStyle(text).color);
    const light = colours();
    document.documentElement.dataset.theme = "dark";
    const dark = colours();
    return { asked: texts.length > 4, same: dark.filter((colour, at) => colour === light[at]), fading: document.getAnimations().length };
  });
  expect(late).toEqual({ asked: true, same: [], fading: 0 });
});
