import { readFile } from "node:fs/promises";
import { expect, type Page, test } from "../fixtures/test";
import { create, register } from "../fixtures/account";
import { follow } from "../fixtures/follow";
import { colleague } from "../fixtures/people";

const NAMES = ["Aster", "Birch", "Cedar"];
const dialog = (page: Page) => page.getByRole("dialog", { name: /^Export/ });

/** The file that a click makes the browser save: its name and its lines. */
async function saved(page: Page, click: () => Promise<void>): Promise<{ name: string; text: string; path: string }> {
  const [download] = await Promise.all([page.waitForEvent("download"), click()]);
  return { name: download.suggestedFilename(), text: await readFile(await download.path(), "utf8"), path: await download.path() };
}

test.beforeEach(async ({ page }) => {
  await register(page.request);
  for (const name of NAMES) {
    await create(page.request, "companies", { name, industry: name === "Cedar" ? "Fishing" : "Retail" });
  }
});

test("EXPORT-01, EXPORT-02, WEB-08: what the list shows is saved as a file, in its order and with its columns", async ({ page }) => {
  const filter = encodeURIComponent(JSON.stringify({ and: [{ field: "industry", op: "eq", value: "Retail" }] }));
  await page.goto(`/companies?sort_by=-name&columns=name:240,industry:160&filter=${filter}`);
  await expect(page.getByRole("rowheader")).toHaveText([/Birch/, /Aster/]);
  await page.getByRole("button", { name: "Export…" }).click();
  await expect(dialog(page)).toHaveAccessibleName("Export 2 companies");
  await dialog(page).getByRole("radio", { name: "As in the list" }).check();
  const file = await saved(page, () => dialog(page).getByRole("button", { name: "Export" }).click());
  expect(file.name).toMatch(/^Companies \d{4}-\d\d-\d\d\.csv$/);
  expect(file.text).toBe("\ufeffName,Industry\r\nBirch,Retail\r\nAster,Retail\r\n");
  await expect(page.getByRole("region", { name: "Notifications" }).getByText("2 companies exported")).toBeVisible();

  // The button in the top bar keeps it, also after a reload.
  await page.reload();
  await page.getByRole("button", { name: "Background work" }).click();
  const again = await saved(page, () => page.getByRole("link", { name: /^Companies/ }).last().click());
  expect(again.text).toBe(file.text);
  await page.getByRole("link", { name: "Show all" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Background work" })).toBeVisible();
  await expect(page.locator("#main").getByText("2 companies exported")).toBeVisible();
});

test("EXPORT-02, EXPORT-03, IMPORT-01: selected rows with chosen columns, as Excel, which an import reads", async ({ page }) => {
  await page.goto("/companies?sort_by=name");
  await page.getByRole("checkbox", { name: "Select Aster" }).check();
  await page.getByRole("toolbar").getByRole("button", { name: "Export…" }).click();
  await expect(dialog(page)).toHaveAccessibleName("Export 1 company");
  await dialog(page).getByRole("radio", { name: "Choose" }).check();
  for (const box of await dialog(page).getByRole("checkbox").all()) {
    await box.uncheck();
  }
  await expect(dialog(page).getByText("Tick at least one column.")).toBeVisible();
  await expect(dialog(page).getByRole("button", { name: "Export" })).toBeDisabled();
  await dialog(page).getByRole("checkbox", { name: "Name", exact: true }).check();
  await dialog(page).getByRole("radio", { name: "Excel" }).check();
  const file = await saved(page, () => dialog(page).getByRole("button", { name: "Export" }).click());
  expect(file.name).toMatch(/\.xlsx$/);
  expect(file.text.startsWith("PK")).toBe(true);
  await expect(page.getByRole("region", { name: "Notifications" }).getByText("1 company exported")).toBeVisible();

  await follow(page, "/import/companies");
  await page.getByLabel("File to import").setInputFiles({ name: file.name, mimeType: "application/zip", buffer: await readFile(file.path) });
  await expect(page.getByRole("heading", { name: "Columns of the file" })).toBeVisible();
  await expect(page.getByLabel("Field for Name")).toHaveValue("name");
});

test("EXPORT-03, WEB-08: a saved view as PDF, headed with its name; what is too long for one is said beforehand", async ({ page }) => {
  const filter = { and: [{ field: "industry", op: "eq", value: "Retail" }] };
  const view = { entity: "company", name: "Shops", filters: filter, sort: "-name", columns: [{ field: "name", width: 240 }] };
  const made = await page.request.post("/api/v1/saved-views", { data: view });
  await page.goto("/companies");
  await page.getByRole("navigation", { name: "Views" }).getByRole("link", { name: /^Shops/ }).click();
  await expect(page.getByRole("rowheader")).toHaveText([/Birch/, /Aster/]);
  await page.getByRole("button", { name: "Export…" }).click();
  await expect(dialog(page).getByRole("radio", { name: "All fields" })).toBeChecked();
  await dialog(page).getByRole("radio", { name: "PDF" }).check();
  await expect(dialog(page).getByRole("radio", { name: "As in the list" })).toBeChecked();
  await expect(dialog(page).getByRole("status")).toContainText("For reading and printing");
  const [begun, file] = await Promise.all([
    page.waitForRequest((request) => request.url().endsWith("/exports/companies")),
    saved(page, () => dialog(page).getByRole("button", { name: "Export" }).click()),
  ]);
  expect(begun.postDataJSON()).toMatchObject({ format: "pdf", title: "Shops", columns: ["name"] });
  expect(file.name).toMatch(/^Companies \d{4}-\d\d-\d\d\.pdf$/);
  expect(file.text).toMatch(/^%PDF-1\.\d/);
  await expect(page.getByRole("region", { name: "Notifications" }).getByText("2 companies exported")).toBeVisible();
  expect(made.status()).toBe(201);

  // A list that is too long; the server is not asked.
  await page.route(/\/api\/v1\/companies\?/, async (route) => {
    const answer = await route.fetch();
    const body = await answer.json();
    await route.fulfill({ response: answer, json: { ...body, pagination: { ...body.pagination, total: 2_345 } } });
  });
  await page.goto("/companies?view=all");
  await page.getByRole("button", { name: "Export…" }).click();
  await dialog(page).getByRole("radio", { name: "PDF" }).check();
  await expect(dialog(page).getByRole("status")).toHaveText(/A PDF has room for 2,000 records, and these are 2,345\./);
  await expect(dialog(page).getByRole("button", { name: "Export" })).toBeDisabled();
  await dialog(page).getByRole("radio", { name: "CSV" }).check();
  await expect(dialog(page).getByRole("button", { name: "Export" })).toBeEnabled();
});

test("EXPORT-04: members have no such button", async ({ page, browser }) => {
  const { page: member, context } = await colleague(browser, page.request, "member", "Milo Member");
  await member.goto("/companies?mine=false");
  await expect(member.getByRole("rowheader")).toHaveCount(3);
  await expect(member.getByRole("button", { name: "Export…" })).toHaveCount(0);
  await context.close();
});
