import { resolve } from "node:path";
import { expect, type Page, test } from "../fixtures/test";
import { create, register } from "../fixtures/account";
import { follow } from "../fixtures/follow";
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
  await expect(page.getByText("Products with the same code, or without one the same name are taken for the same product.")).toBeVisible();
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("button", { name: "Import 7 products" }).click();
  await expect(page.locator(".stat").filter({ hasText: "Created" }).locator(".stat-value")).toHaveText("7", { timeout: 60_000 });

  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Products" }).click();
  await expect(page.locator(".rec-count")).toHaveText("7");
  await expect(row(page, "GTX Pro")).toContainText("$4,821");
  await page.getByRole("searchbox", { name: "Search products" }).fill("gtx");
  await expect(page.locator(".rec-count")).toHaveText("4");
  const bar = page.getByRole("toolbar", { name: /selected/ });
  await page.getByRole("checkbox", { name: "Select GTX Basic" }).check();
  await page.getByRole("checkbox", { name: "Select GTX Pro" }).check();
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
  await follow(at, `/products/${made.id}`);
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

test("DEAL-05, DEAL-06, WEB-30: products are put on a deal with discount and tax, without a mouse; its amount is set from the total when asked to", async ({ page }) => {
  await register(page.request);
  const crane = await create(page.request, "products", { name: "Crane hire", code: "CR-1", price_minor: 100_000, unit: "day" });
  await create(page.request, "products", { name: "Hoist", price_minor: 9_900, currency: "EUR" });
  await create(page.request, "products", { name: "Crane of old", price_minor: 1, active: false });
  const deal = await create(page.request, "deals", { name: "Harbour works", amount_minor: 480_000 });
  const stored = async () => (await page.request.get(`/api/v1/deals/${deal.id}`)).json();
  const app = async (name: string) => (await (await page.request.get(`/api/v1/search?q=${name}&types=product`)).json()).groups.length;
  await expect.poll(() => app("CR-1")).toBe(1);
  await page.goto(`/deals/${deal.id}`);
  const products = page.getByRole("region", { name: "Products", exact: true });
  await products.getByRole("button", { name: "Add products" }).press("Enter");
  const picker = products.getByRole("combobox", { name: "Add a product" });
  await expect(picker).toBeFocused();
  await page.keyboard.type("crane");
  await expect(page.getByRole("option")).toHaveText([/Crane hire.*CR-1 · \$1,000\.00/]);
  await page.keyboard.press("Enter");
  const line = products.getByRole("group", { name: "Product", exact: true });
  await expect(line.getByRole("textbox", { name: "Quantity" })).toBeFocused();
  await page.keyboard.press("Control+a");
  await page.keyboard.type("3");
  await page.keyboard.press("Tab");
  await expect(line.getByRole("textbox", { name: "Unit" })).toHaveValue("day");
  await page.keyboard.press("Tab");
  await expect(line.getByRole("textbox", { name: /^Price/ })).toHaveValue("1000.00");
  await page.keyboard.press("Tab");
  await page.keyboard.type("10");
  await page.keyboard.press("Tab");
  await page.keyboard.type("19");
  const totals = products.locator(".rec-totals");
  await expect(totals).toHaveText(/Subtotal\$3,000Discount-\$300Tax\$513Total\$3,213/);
  await page.keyboard.press("Control+Enter");
  await expect(products.getByRole("button", { name: "Edit products" })).toBeFocused();
  await expect(products.getByRole("row", { name: /Crane hire/ })).toHaveText(/Crane hire3 × \$1,000 per day · 10% discount · 19% tax\$2,700/);
  await expect(totals).toHaveText(/Subtotal\$3,000Discount-\$300Tax\$513Total\$3,213/);
  await expect.poll(stored).toMatchObject({
    amount_minor: 480_000,
    products: [{ product_id: crane.id, unit: "day", quantity: 3, discount_percent: 10, tax_percent: 19, total_minor: 270_000, tax_minor: 51_300 }],
    line_totals: { subtotal_minor: 300_000, discount_minor: 30_000, tax_minor: 51_300, total_minor: 321_300 },
  });

  // One action, and one to take it back.
  const set = products.getByRole("button", { name: "Set amount to $3,213.00" });
  await set.press("Enter");
  await expect(set).toHaveCount(0);
  await expect.poll(stored).toMatchObject({ amount_minor: 321_300, total_minor: 321_300 });
  await page.getByRole("region", { name: "Notifications" }).getByRole("button", { name: "Undo" }).click();
  await expect.poll(stored).toMatchObject({ amount_minor: 480_000 });
  await expect(set).toBeVisible();

  // A price in another currency is told and left to the person; nonsense is refused with its line.
  await products.getByRole("button", { name: "Edit products" }).click();
  await picker.fill("hoist");
  await page.getByRole("option", { name: /Hoist/ }).click();
  await expect(line.nth(1).getByText("Listed at €99.00. Enter the price in USD.")).toBeVisible();
  await expect(line.nth(1).getByRole("textbox", { name: /^Price/ })).toHaveValue("");
  await line.nth(1).getByRole("textbox", { name: /^Price/ }).fill("110");
  await line.nth(1).getByRole("textbox", { name: "Discount in percent" }).fill("101");
  await products.getByRole("button", { name: "Save" }).click();
  await expect(products.getByRole("alert")).toContainText("Line 2: The discount must be 0 to 100 percent, with at most two decimals.");
  await line.nth(1).getByRole("textbox", { name: "Discount in percent" }).fill("");
  await products.getByRole("button", { name: "Save" }).click();
  await expect(products.getByRole("row", { name: /Hoist/ })).toContainText("$110");
  await expect.poll(async () => (await stored()).line_totals.total_minor).toBe(332_300);

  // The product knows its deals, and makes a new one that begins with it.
  await products.getByRole("link", { name: "Crane hire" }).click();
  await expect(heading(page, "Crane hire")).toBeFocused();
  const deals = page.getByRole("region", { name: "Deals", exact: true });
  await expect(deals.getByRole("link", { name: "Harbour works" })).toBeVisible();
  await deals.getByRole("button", { name: "New deal" }).click();
  const form = page.getByRole("dialog", { name: "New deal" });
  await form.getByRole("textbox", { name: "Name", exact: true }).fill("Second crane");
  await expect(form.getByRole("textbox", { name: "Product name" })).toHaveValue("Crane hire");
  await form.getByRole("button", { name: "Create deal" }).click();
  await expect(deals.getByRole("link", { name: "Second crane" })).toBeVisible();
  const made = (await (await page.request.get(`/api/v1/products/${crane.id}/deals?name=Second crane`)).json()).data;
  expect(made).toMatchObject([{ amount_minor: 100_000, products: [{ product_id: crane.id }] }]);
});

test("DEAL-05, WEB-30: whoever is in a field of the products before the first one takes the focus stays there", async ({ page }) => {
  await register(page.request);
  await create(page.request, "products", { name: "Crane hire", code: "CR-1", price_minor: 100_000 });
  const deal = await create(page.request, "deals", { name: "Harbour works", amount_minor: 480_000 });
  await page.goto(`/deals/${deal.id}`);
  const products = page.getByRole("region", { name: "Products", exact: true });
  await products.getByRole("button", { name: "Add products" }).press("Enter");
  const picker = products.getByRole("combobox", { name: "Add a product" });
  await picker.fill("crane");
  await page.getByRole("option", { name: /Crane hire/ }).click();
  await page.keyboard.press("Control+Enter");
  const edit = products.getByRole("button", { name: "Edit products" });
  await expect(edit).toBeFocused();
  // A busy machine: frames come late.
  const frames = await page.evaluateHandle(() => {
    const frame = window.requestAnimationFrame.bind(window);
    const seen = { asked: 0, done: 0 };
    window.requestAnimationFrame = (act) => {
      seen.asked += 1;
      return window.setTimeout(() => frame((now) => {
        act(now);
        seen.done += 1;
      }), 400);
    };
    return seen;
  });
  await edit.click();
  await picker.fill("CR-1");
  await expect.poll(() => frames.evaluate(({ asked, done }) => asked > 0 && asked === done)).toBe(true);
  await expect(picker).toBeFocused();
  await expect(picker).toHaveValue("CR-1");
});
