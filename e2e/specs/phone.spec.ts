import { expect, test } from "@playwright/test";
import { fill, register } from "../fixtures/account";
import { OPEN_PAGES, OWN_PAGES, type Place, visit } from "../fixtures/pages";

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

test("Phone: no page scrolls sideways on a phone", async ({ browser, page }) => {
  await register(page.request);
  await fill(page.request);
  const visitor = await browser.newPage({ viewport: { width: 390, height: 844 } });
  const wide: string[] = [];
  const look = async (on: typeof page, place: Place) => {
    await visit(on, place);
    const excess = await on.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    if (excess > 0) wide.push(`${place.path} by ${excess}px`);
  };
  for (const place of OWN_PAGES) await look(page, place);
  for (const place of OPEN_PAGES) await look(visitor, place);
  await visitor.close();
  expect(wide).toEqual([]);
});
