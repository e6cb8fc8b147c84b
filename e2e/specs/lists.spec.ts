import { expect, type Page, test } from "../fixtures/test";
import { create, register } from "../fixtures/account";
import { refuse } from "../fixtures/problems";

const NAMES = ["Aster", "Birch", "Cedar", "Daisy"];

test.beforeEach(async ({ page }) => {
  await register(page.request);
  for (const [n, name] of NAMES.entries()) {
    await create(page.request, "companies", { name, industry: n % 2 ? "Shipbuilding" : "Fishing", status: n === 3 ? "inactive" : "active" });
  }
});

/** The names of the rows, from top to bottom. */
async function shows(page: Page, names: string[]): Promise<void> {
  await expect(page.getByRole("rowheader")).toHaveText(names.map((name) => new RegExp(name)));
}

test("WEB-30, SEARCH-09, SEARCH-10: sort, search and filters stand in the address; reload and Back give the same list", async ({ page }) => {
  await page.goto("/companies?sort_by=name");
  await shows(page, NAMES);
  await page.getByRole("columnheader", { name: /^Name/ }).getByRole("button").first().click();
  await shows(page, [...NAMES].reverse());
  await expect(page).toHaveURL(/sort_by=-name/);
  await page.reload();
  await shows(page, [...NAMES].reverse());

  // A filter by F, by keyboard.
  await page.keyboard.press("f");
  await expect(page.getByRole("searchbox", { name: "Find a field" })).toBeFocused();
  await page.keyboard.type("industry");
  await page.keyboard.press("Enter");
  const value = page.getByRole("textbox", { name: "Industry" });
  await value.fill("Fishing");
  await value.press("Enter");
  await shows(page, ["Cedar", "Aster"]);
  const chip = page.getByRole("group", { name: "Filters" }).getByText("Fishing");
  await expect(chip).toBeVisible();
  const filtered = page.url();

  await page.getByRole("searchbox", { name: "Search companies" }).fill("ast");
  await shows(page, ["Aster"]);
  await expect(page).toHaveURL(/search=ast/);
  await page.reload();
  await shows(page, ["Aster"]);
  await expect(page.getByRole("searchbox", { name: "Search companies" })).toHaveValue("ast");
  await page.getByRole("searchbox", { name: "Search companies" }).fill("");
  await shows(page, ["Cedar", "Aster"]);
  await page.goBack();
  await shows(page, [...NAMES].reverse());
  await page.goForward();
  await shows(page, ["Cedar", "Aster"]);

  // The link gives somebody else the same.
  const again = await page.context().newPage();
  await again.goto(filtered);
  await shows(again, ["Cedar", "Aster"]);
  await again.close();
  await page.getByRole("button", { name: /remove.*industry/i }).click();
  await shows(page, [...NAMES].reverse());
});

test("WEB-30: columns are chosen, stay after a reload, and show what they should", async ({ page }) => {
  await page.goto("/companies");
  await expect(page.getByRole("columnheader", { name: /^Website/ })).toHaveCount(0);
  await page.getByRole("button", { name: "Columns" }).click();
  await page.getByRole("checkbox", { name: "Website" }).check();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("columnheader", { name: /^Website/ })).toBeAttached();
  await page.reload();
  await expect(page.getByRole("columnheader", { name: /^Website/ })).toBeAttached();
});

test("WEB-05, WEB-09: a cell is edited in place; a refused value returns and says why", async ({ page }) => {
  await page.goto("/companies?sort_by=name");
  const row = page.getByRole("row", { name: /Aster/ });
  await row.getByText("Fishing").dblclick();
  const editor = page.getByRole("textbox", { name: "Industry of Aster" });
  await editor.fill("Ropes");
  await editor.press("Enter");
  await expect(row.getByText("Ropes")).toBeVisible();
  await page.reload();
  await expect(row.getByText("Ropes")).toBeVisible();

  await page.route("**/api/v1/companies/*", (route) =>
    route.request().method() === "PATCH"
      ? refuse(route, 422, "validation_failed", "Ropes only.")
      : route.fallback(),
  );
  await row.getByText("Ropes").dblclick();
  await editor.fill("Sails");
  await editor.press("Enter");
  await expect(page.getByText("Ropes only.").first()).toBeVisible();
  await expect(page.getByText("made-up-request").first()).toBeVisible();
  await expect(row.getByText("Ropes")).toBeVisible();
  await expect(row.getByText("Sails")).toHaveCount(0);
});

test("COMPANY-10, WEB-08: selected rows are archived, found among the archived, and restored", async ({ page }) => {
  await page.goto("/companies?sort_by=name");
  await page.getByRole("checkbox", { name: "Select Birch" }).check();
  await page.getByRole("checkbox", { name: "Select Daisy" }).click({ modifiers: ["Shift"] });
  await expect(page.getByText("3 selected")).toBeVisible();
  await page.getByRole("checkbox", { name: "Select Cedar" }).uncheck();
  await page.getByRole("toolbar").getByRole("button", { name: "Archive" }).click();
  await shows(page, ["Aster", "Cedar"]);
  await expect(page.getByText("2 selected")).toHaveCount(0);

  await page.getByRole("button", { name: "Show archived" }).click();
  await shows(page, ["Birch", "Daisy"]);
  await page.reload();
  await shows(page, ["Birch", "Daisy"]);
  await page.getByRole("link", { name: "Birch" }).click();
  await page.getByRole("complementary", { name: "Company" }).getByRole("button", { name: "Restore" }).click();
  await shows(page, ["Daisy"]);
  await page.getByRole("complementary", { name: "Company" }).getByRole("button", { name: "Close" }).click();
  await page.getByRole("button", { name: "Show live ones" }).click();
  await shows(page, ["Aster", "Birch", "Cedar"]);
});

test("WEB-03, WEB-12: the record open beside the list is in the address, and Back closes it", async ({ page }) => {
  await page.goto("/companies?sort_by=name");
  await page.getByRole("link", { name: "Birch" }).click();
  const panel = page.getByRole("complementary", { name: "Company" });
  await expect(panel.getByText("Birch").first()).toBeVisible();
  await panel.getByRole("tab", { name: "Timeline" }).click();
  await page.reload();
  await expect(panel.getByText("Birch").first()).toBeVisible();
  await expect(panel.getByText(/created the company/)).toBeVisible();
  await shows(page, NAMES);
  await page.goBack();
  await expect(panel).toHaveCount(0);
  await page.goForward();
  await panel.getByRole("link", { name: "Open full page" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Birch" })).toBeFocused();
  await page.goBack();
  await expect(panel.getByText("Birch").first()).toBeVisible();
});
