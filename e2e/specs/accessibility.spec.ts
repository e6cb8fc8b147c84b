import { expect, test } from "@playwright/test";
import { violations } from "../fixtures/axe";
import { complaints } from "../fixtures/console";
import { OPEN_PAGES, visit } from "../fixtures/pages";

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(colorScheme, () => {
    // Without motion nothing is half faded in when it is looked at.
    test.use({ colorScheme, contextOptions: { reducedMotion: "reduce" } });

    test(`Accessibility: pages of visitors have no violations in ${colorScheme} and log no errors`, async ({ page }) => {
      const said = complaints(page);
      const found: string[] = [];
      for (const place of OPEN_PAGES) {
        await visit(page, place);
        found.push(...(await violations(page)));
      }
      expect(found).toEqual([]);
      expect(said).toEqual([]);
    });
  });
}
