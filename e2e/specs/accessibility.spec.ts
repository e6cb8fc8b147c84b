import AxeBuilder from "@axe-core/playwright";
import { expect, type Page, test } from "@playwright/test";
import { register } from "../fixtures/account";
import { complaints } from "../fixtures/console";
import { furnish, OVERLAYS, PAGES, records, type Stop, VISITORS } from "../fixtures/tour";

/** What axe objects to, in a form that explains itself when it is not empty. */
async function violations(page: Page, stop: Stop): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.flatMap((rule) =>
    rule.nodes.map((node) => `${stop.name} ${rule.id}: ${node.html.slice(0, 160)} ${node.any[0]?.message ?? ""}`),
  );
}

/** Looks at every stop; neither axe nor the console may have anything to say. */
async function inspect(page: Page, stops: Stop[]): Promise<void> {
  const said = complaints(page);
  const found: string[] = [];
  for (const stop of stops) {
    await stop.open(page);
    found.push(...(await violations(page, stop)));
  }
  expect(found).toEqual([]);
  expect(said).toEqual([]);
}

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(colorScheme, () => {
    // Without motion nothing is half faded in when it is looked at.
    test.use({ colorScheme, contextOptions: { reducedMotion: "reduce" } });

    test(`WEB-31: pages of visitors and the gallery have no violations in ${colorScheme}`, async ({ page }) => {
      await inspect(page, VISITORS);
    });

    test(`WEB-01, WEB-02, WEB-24, WEB-26: pages of members have no violations in ${colorScheme}`, async ({ page }) => {
      await register(page.request);
      await furnish(page.request);
      await inspect(page, PAGES);
    });

    test(`WEB-12: records have no violations in ${colorScheme}, on pages of their own and beside lists`, async ({ page }) => {
      await register(page.request);
      await inspect(page, records(await furnish(page.request)));
    });

    test(`WEB-04, WEB-08: dialogs, menus and the palette have no violations in ${colorScheme}`, async ({ page }) => {
      await register(page.request);
      await furnish(page.request);
      await inspect(page, OVERLAYS);
    });
  });
}
