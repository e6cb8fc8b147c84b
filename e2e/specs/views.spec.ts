import { expect, type Page, test } from "../fixtures/test";
import { create, register } from "../fixtures/account";

const tabs = (page: Page) => page.getByRole("navigation", { name: "Views" });
const rows = (page: Page) => page.getByRole("grid").getByRole("rowheader");

test.beforeEach(async ({ page }) => {
  await register(page.request);
  await create(page.request, "deals", { name: "Crane hire", amount_minor: 480_000 });
  await create(page.request, "deals", { name: "Warehouse shelves", amount_minor: 1_250_000 });
  await create(page.request, "deals", { name: "Small repair", amount_minor: 9_000 });
});

/** Filters the deals to those of 1,000 and more, the largest first, and saves that. */
async function saveBig(page: Page): Promise<void> {
  const filter = JSON.stringify({ and: [{ field: "amount_minor", op: "gte", value: 100_000 }] });
  await page.goto(`/deals?filter=${encodeURIComponent(filter)}&sort_by=-amount_minor`);
  await expect(rows(page)).toHaveText(["Warehouse shelves", "Crane hire"]);
  await page.getByRole("button", { name: "Save view" }).click();
  const dialog = page.getByRole("dialog", { name: "Save view" });
  await dialog.getByRole("button", { name: "Save view" }).click();
  await expect(dialog.getByRole("textbox", { name: "Name" })).toHaveAccessibleDescription("The name is required.");
  await dialog.getByRole("textbox", { name: "Name" }).fill("Big ones");
  await dialog.getByRole("button", { name: "Save view" }).click();
  await expect(dialog).toBeHidden();
  await expect(tabs(page).getByRole("link", { name: /^Big ones/ })).toHaveAttribute("aria-current", "page");
}

test("SEARCH-06, WEB-07: filters, order and columns are saved as a view, changed, undone and opened again", async ({ page }) => {
  await saveBig(page);
  await expect(tabs(page).getByRole("link", { name: /^Big ones/ })).toContainText("2");
  await tabs(page).getByRole("link", { name: "All deals" }).click();
  await expect(rows(page)).toHaveCount(3);
  await tabs(page).getByRole("link", { name: /^Big ones/ }).click();
  await expect(rows(page)).toHaveText(["Warehouse shelves", "Crane hire"]);

  // A column more is a change of the view, which can be undone or saved.
  await page.getByRole("button", { name: "Columns" }).click();
  await page.getByRole("checkbox", { name: "Deal number" }).check();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("columnheader", { name: /^Deal number/ })).toBeVisible();
  await page.getByRole("button", { name: "View Big ones: more" }).click();
  await page.getByRole("menuitem", { name: "Undo changes" }).click();
  await expect(page.getByRole("columnheader", { name: /^Deal number/ })).toHaveCount(0);
  await page.getByRole("columnheader", { name: /^Amount/ }).getByRole("button").click();
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(page.getByRole("button", { name: "Save changes" })).toHaveCount(0);
  const saved = await (await page.request.get("/api/v1/saved-views?entity=deal")).json();
  expect(saved.data).toHaveLength(1);
  expect(saved.data[0].version).toBe(2);
  expect(saved.data[0].sort).not.toBe("-amount_minor");

  // The address is enough to show it to somebody else.
  await page.reload();
  await expect(tabs(page).getByRole("link", { name: /^Big ones/ })).toHaveAttribute("aria-current", "page");
  await page.getByRole("button", { name: "View Big ones: more" }).click();
  await page.getByRole("menuitem", { name: "Delete…" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete view" }).click();
  await expect(tabs(page).getByRole("link")).toHaveText(["All deals"]);
  await expect(rows(page)).toHaveCount(3);
});

test("WEB-07: a view is kept in the sidebar and opens the list; All is still a click away", async ({ page }) => {
  await saveBig(page);
  for (const item of ["In my sidebar", "Open the list with it"]) {
    await page.getByRole("button", { name: "View Big ones: more" }).click();
    await page.getByRole("menuitemcheckbox", { name: item }).click();
    await expect(page.getByRole("menu")).toHaveCount(0);
  }
  const sidebar = page.getByRole("navigation", { name: "Main" });
  await expect(sidebar.getByRole("link", { name: "Big ones" })).toBeVisible();
  await sidebar.getByRole("link", { name: /^Companies/ }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Companies" })).toBeVisible();
  await sidebar.getByRole("link", { name: /^Deals/ }).click();
  await expect(rows(page)).toHaveText(["Warehouse shelves", "Crane hire"]);
  await tabs(page).getByRole("link", { name: "All deals" }).click();
  await expect(rows(page)).toHaveCount(3);
  await page.goBack();
  await expect(rows(page)).toHaveCount(2);
  await sidebar.getByRole("link", { name: /^Companies/ }).click();
  await sidebar.getByRole("link", { name: "Big ones" }).click();
  await expect(rows(page)).toHaveText(["Warehouse shelves", "Crane hire"]);
});
