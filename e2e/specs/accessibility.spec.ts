import AxeBuilder from "@axe-core/playwright";
import { expect, type Page, test } from "@playwright/test";
import { complaints } from "../fixtures/console";
import { OPEN_PAGES, visit } from "../fixtures/pages";

/** What axe objects to, in a form that explains itself when it is not empty. */
async function violations(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.flatMap((rule) => rule.nodes.map((node) => `${page.url()} ${rule.id}: ${node.html.slice(0, 160)} ${node.any[0]?.message ?? ""}`));
}

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
