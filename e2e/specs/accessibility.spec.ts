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
