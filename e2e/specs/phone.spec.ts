import { expect, test } from "../fixtures/test";
import { create, fill, register } from "../fixtures/account";
import { card, dragByTouch } from "../fixtures/board";

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

test("WEB-29: on a phone the menu is a drawer and a record a page", async ({ page }) => {
  await register(page.request);
  await fill(page.request);
  await page.goto("/");
  await expect(page.getByRole("navigation", { name: "Main" })).toHaveCount(0);
  await page.getByRole("button", { name: "Open navigation" }).tap();
  const drawer = page.getByRole("dialog", { name: "Rapport" });
  await drawer.getByRole("link", { name: "Companies" }).tap();
  await expect(drawer).toHaveCount(0);
  await expect(page.getByRole("heading", { level: 1, name: "Companies" })).toBeVisible();

  // The record covers the page; Back leads to the list.
  await page.getByRole("link", { name: "Northwind Traders" }).tap();
  const panel = page.getByRole("complementary", { name: "Company" });
  await expect(panel.getByText("Northwind Traders").first()).toBeVisible();
  // It slides in.
  await expect.poll(() => panel.boundingBox()).toMatchObject({ x: 0, width: 390 });
  await page.goBack();
  await expect(panel).toHaveCount(0);
  await expect(page.getByRole("link", { name: "Northwind Traders" })).toBeVisible();

  // A field is corrected on the phone.
  await page.getByRole("link", { name: "Northwind Traders" }).tap();
  await panel.getByRole("button", { name: /edit industry/i }).tap();
  await panel.getByRole("textbox", { name: "Industry" }).fill("Trade");
  await panel.getByRole("textbox", { name: "Industry" }).press("Enter");
  await expect(panel.getByRole("button", { name: /Trade.*edit industry/i })).toBeVisible();
  await panel.getByRole("button", { name: "Close" }).tap();
  await expect(panel).toHaveCount(0);
});

test("WEB-29, WEB-11: on a phone what is typed in place is saved by tapping elsewhere, at once", async ({ page }) => {
  await register(page.request);
  const company = await create(page.request, "companies", { name: "Aster", industry: "Fishing" });
  await page.goto(`/companies/${company.id}`);
  await page.getByRole("button", { name: /edit industry/i }).tap();
  await page.getByRole("textbox", { name: "Industry" }).fill("Ropes");
  await page.getByRole("heading", { name: "Timeline" }).tap();
  await expect(page.getByRole("textbox", { name: "Industry" })).toHaveCount(0);
  await expect
    .poll(async () => (await (await page.request.get(`/api/v1/companies/${company.id}`)).json()).industry)
    .toBe("Ropes");
});

test("WEB-29, PIPELINE-11: on a phone a card is moved by a finger that holds and drags", async ({ page }) => {
  await register(page.request);
  await create(page.request, "deals", { name: "Crane hire", amount_minor: 480_000 });
  await page.goto("/pipeline");
  await expect(card(page, "Prospecting", "Crane hire")).toBeVisible();
  await dragByTouch(page, "Prospecting", "Crane hire", "Qualification");
  await expect(card(page, "Qualification", "Crane hire")).toBeVisible();
  await page.reload();
  await expect(card(page, "Qualification", "Crane hire")).toBeVisible();
});
