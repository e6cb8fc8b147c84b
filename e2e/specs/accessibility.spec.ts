import { expect } from "../fixtures/test";
import { violations } from "../fixtures/axe";
import { complaints } from "../fixtures/console";
import { OVERLAYS, PAGES, RECORDS, type Stop, test, VISITORS } from "../fixtures/tour";

/** Rules whose answer depends on the theme. */
const COLOURS = ["color-contrast", "link-in-text-block"];

// Without motion nothing is half faded in when it is looked at.
test.use({ colorScheme: "light", contextOptions: { reducedMotion: "reduce" } });

/** Every stop in both themes; neither axe nor the console may have anything to say. */
function inspect(requirement: string, stops: Stop[]): void {
  for (const stop of stops) {
    test(`${requirement}: ${stop.name} is accessible in both themes and logs nothing`, async ({ page, shown }) => {
      const said = complaints(page);
      await stop.open(page, shown);
      const light = await violations(page);
      await page.emulateMedia({ colorScheme: "dark" });
      await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
      const dark = await violations(page, COLOURS);
      expect({ light, dark, said }).toEqual({ light: [], dark: [], said: [] });
    });
  }
}

test.describe("pages of visitors", () => {
  test.use({ storageState: { cookies: [], origins: [] } });
  inspect("WEB-31", VISITORS);
});
inspect("WEB-01, WEB-02, WEB-24, WEB-26", PAGES);
inspect("WEB-12", RECORDS);
inspect("WEB-04, WEB-08", OVERLAYS);

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
