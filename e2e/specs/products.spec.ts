import { resolve } from "node:path";
import { expect, type Page, test } from "../fixtures/test";
import { create, register } from "../fixtures/account";
import { excess } from "../fixtures/layout";
import { colleague } from "../fixtures/people";

const heading = (page: Page, name: string) => page.getByRole("heading", { level: 1, name });
const row = (page: Page, name: string) => page.getByRole("row", { name: new RegExp(name) });

test("WEB-30, COMPANY-01: a product is made, found, changed and archived without a mouse, as any record", async ({ page }) => {
  await register(page.request);
  await page.goto("/");
  await expect(heading(page, "Dashboard")).toBeVisible();
  await page.keyboard.press("g");
  await page.keyboard.press("o");
  await expect(heading(page, "Products")).toBeFocused();
  await expect(page.getByText("Products are what you sell.")).toBeVisible();

  await page.keyboard.press("c");
  const form = page.getByRole("dialog", { name: "New product" });
  await expect(form.getByRole("textbox", { name: "Name", exact: true })).toBeFocused();
  await page.keyboard.type("Crane hire");
  await page.keyboard.press("Tab");
  await page.keyboard.type("CR-1");
  await form.getByRole("textbox", { name: "Price" }).focus();
  await page.keyboard.type("1,250.50");
  await form.getByRole("textbox", { name: "Unit" }).focus();
  await page.keyboard.type("day");
  await page.keyboard.press("Control+Enter");
  await expect(form).toBeHidden();
  // It opens beside the list, which has it as a row.
  const panel = page.getByRole("complementary", { name: "Product" });
  await expect(panel.getByText("$1,250.50").first()).toBeVisible();
  await expect(row(page, "Crane hire")).toContainText("CR-1");
  const made = (await (await page.request.get("/api/v1/products")).json()).data;
  expect(made).toMatchObject([{ name: "Crane hire", code: "CR-1", price_minor: 125_050, unit: "day", active: true }]);

  // The same code again is refused in words, at its field.
  await page.keyboard.press("Escape");
  await expect(panel).toHaveCount(0);
  await page.keyboard.press("c");
  await page.keyboard.type("Another");
  await page.keyboard.press("Tab");
  await page.keyboard.type("cr-1");
  await page.keyboard.press("Control+Enter");
  await expect(form.getByRole("textbox", { name: "Code" })).toHaveAccessibleDescription("Another product already has this code.");
  await form.getByRole("textbox", { name: "Code" }).fill("CR-2");
  await page.keyboard.press("Control+Enter");
  await expect(form).toBeHidden();
  await page.keyboard.press("Escape");

  // The palette finds it by its code, once search has been told.
  const found = async () => (await (await page.request.get("/api/v1/search?q=CR-2&types=product")).json()).groups.length;
  await expect.poll(found).toBe(1);
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: /search/i }).fill("CR-2");
  await page.getByRole("option", { name: /Another/ }).first().click();
  await expect(heading(page, "Another")).toBeVisible();
  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Archive" }).click();
  await expect(page.getByText("This record is archived.")).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByText("This record is archived.")).toHaveCount(0);
});

test("IMPORT-01, IMPORT-02, SEARCH-04, BULK-01: a price list is imported, filtered and changed together", async ({ page }) => {
  await register(page.request);
  await page.goto("/products");
  await page.getByRole("link", { name: "Import", exact: true }).first().click();
  await expect(heading(page, "Import products")).toBeVisible();
  await page.getByLabel("File to import").setInputFiles(resolve("data", "products.csv"));
  await expect(page.getByRole("heading", { name: "Columns of the file" })).toBeVisible();
  await expect(page.getByLabel("Field for product")).toHaveValue("name");
  await expect(page.getByLabel("Field for sales_price")).toHaveValue("price_minor");
  await page.getByLabel("Field for series").selectOption({ label: "Tags" });
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByText("Products with the same code, or without one the same name are taken for the same product.")).toBeVisible();
  const next = page.getByRole("button", { name: "Continue" });
  const begin = page.getByRole("button", { name: /^Import 7 products/ });
  await expect(next.or(begin)).toBeVisible();
  if (await next.isVisible()) await next.click();
  await begin.click();
  await expect(page.locator(".stat").filter({ hasText: "Created" }).locator(".stat-value")).toHaveText("7", { timeout: 60_000 });

  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Products" }).click();
  await expect(page.locator(".rec-count")).toHaveText("7");
  await expect(row(page, "GTX Pro")).toContainText("$4,821");
  await page.getByRole("searchbox", { name: "Search products" }).fill("gtx");
  await expect(page.locator(".rec-count")).toHaveText("4");
  const bar = page.getByRole("toolbar", { name: /selected/ });
  await page.getByRole("checkbox", { name: "Select GTX Basic" }).check();
  await bar.getByRole("button", { name: "Select all 4 products" }).click();
  await bar.getByRole("button", { name: "Edit…" }).click();
  const dialog = page.getByRole("dialog", { name: "Edit 4 products" });
  await dialog.getByRole("combobox", { name: "Field" }).selectOption("Unit");
  await dialog.getByRole("textbox", { name: "New value" }).fill("piece");
  await dialog.getByRole("button", { name: "Change 4 products" }).click();
  const units = async () => {
    const { data } = await (await page.request.get("/api/v1/products?unit=piece")).json();
    return data.length;
  };
  await expect.poll(units).toBe(4);
});

test("AUTH-11, AUTH-14, AUTH-35: whoever sells sees all products and changes none", async ({ browser, page }) => {
  await register(page.request);
  const made = await create(page.request, "products", { name: "Crane hire", price_minor: 125_050 });
  const { page: at, context } = await colleague(browser, page.request, "member", "Max Berg");
  await at.goto("/products");
  await expect(row(at, "Crane hire")).toBeVisible();
  for (const name of ["New product", "Import", "Export…"]) {
    await expect(at.getByRole("button", { name, exact: true })).toHaveCount(0);
    await expect(at.getByRole("link", { name, exact: true })).toHaveCount(0);
  }
  await at.goto(`/products/${made.id}`);
  await expect(heading(at, "Crane hire")).toBeVisible();
  await expect(at.getByRole("region", { name: "Properties" }).getByRole("button", { name: /edit /i })).toHaveCount(0);
  await context.close();
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

  test("WEB-29: products are found and corrected on a phone", async ({ page }) => {
    await register(page.request);
    const made = await create(page.request, "products", { name: "Crane hire", code: "CR-1", price_minor: 125_050, unit: "day" });
    await page.goto("/");
    await page.getByRole("button", { name: "Open navigation" }).tap();
    await page.getByRole("dialog", { name: "Rapport" }).getByRole("link", { name: "Products" }).tap();
    await page.getByRole("link", { name: "Crane hire" }).tap();
    const panel = page.getByRole("complementary", { name: "Product" });
    await panel.getByRole("button", { name: /edit price/i }).tap();
    await panel.getByRole("textbox", { name: /^Price/ }).fill("1300");
    await panel.getByRole("textbox", { name: /^Price/ }).press("Enter");
    const price = async () => (await (await page.request.get(`/api/v1/products/${made.id}`)).json()).price_minor;
    await expect.poll(price).toBe(130_000);
    expect((await excess(page)).sideways).toBe(0);
  });
});
