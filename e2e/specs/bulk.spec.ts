import { expect, type Locator, type Page, test } from "../fixtures/test";
import { create, register } from "../fixtures/account";
import { colleague } from "../fixtures/people";

const NAMES = ["Aster", "Birch", "Cedar", "Daisy"];
const main = (page: Page) => page.locator("#main");
const bar = (page: Page) => page.getByRole("toolbar", { name: /selected/ });
const toast = (page: Page, text: string) => page.getByRole("region", { name: "Notifications" }).getByText(text);

async function companies(page: Page): Promise<void> {
  for (const name of NAMES) {
    await create(page.request, "companies", { name, industry: name === "Daisy" ? "Fishing" : "Retail" });
  }
}

/** The industries in the list, from top to bottom. */
async function industries(page: Page, expected: string[]): Promise<void> {
  await expect(page.getByRole("gridcell", { name: /^(Retail|Fishing|Shipping)/ })).toHaveText(expected);
}

test("BULK-01, WEB-08: a field of the selected rows is changed, and Undo puts it back", async ({ page }) => {
  await register(page.request);
  await companies(page);
  await page.goto("/companies?sort_by=name&columns=name:240,industry:160,tags:160");
  await industries(page, ["Retail", "Retail", "Retail", "Fishing"]);
  await page.getByRole("checkbox", { name: "Select Aster" }).check();
  await page.getByRole("checkbox", { name: "Select Cedar" }).click({ modifiers: ["Shift"] });
  await bar(page).getByRole("button", { name: "Edit…" }).click();
  const dialog = page.getByRole("dialog", { name: "Edit 3 companies" });
  await dialog.getByRole("combobox", { name: "Field" }).selectOption("Industry");
  await dialog.getByRole("textbox", { name: "New value" }).fill("Shipping");
  await dialog.getByRole("button", { name: "Change 3 companies" }).click();
  await expect(toast(page, "3 companies changed")).toBeVisible();
  await industries(page, ["Shipping", "Shipping", "Shipping", "Fishing"]);
  await expect(bar(page)).toHaveCount(0);
  await page.getByRole("region", { name: "Notifications" }).getByRole("button", { name: "Undo" }).click();
  await expect(toast(page, "3 companies put back")).toBeVisible();
  await industries(page, ["Retail", "Retail", "Retail", "Fishing"]);
});

test("BULK-01, WEB-08: tags for everything that the filter shows, also what is not selected row by row", async ({ page }) => {
  await register(page.request);
  await companies(page);
  const filter = encodeURIComponent(JSON.stringify({ and: [{ field: "industry", op: "eq", value: "Retail" }] }));
  await page.goto(`/companies?sort_by=name&columns=name:240,industry:160,tags:160&filter=${filter}`);
  await industries(page, ["Retail", "Retail", "Retail"]);
  await page.getByRole("checkbox", { name: "Select Aster" }).check();
  await page.getByRole("checkbox", { name: "Select Birch" }).check();
  await bar(page).getByRole("button", { name: "Select all 3 companies" }).click();
  await expect(bar(page).getByText("3 selected")).toBeVisible();
  await bar(page).getByRole("button", { name: "Tags…" }).click();
  const dialog = page.getByRole("dialog", { name: "Tags of 3 companies" });
  await dialog.getByRole("button", { name: "Change 3 companies" }).click();
  await expect(dialog.getByRole("combobox", { name: "Tags" })).toHaveAccessibleDescription(/Name at least one tag/);
  // Enter comes before the list of tags has been searched.
  await dialog.getByRole("combobox", { name: "Tags" }).fill("Key account");
  await page.keyboard.press("Enter");
  await expect(dialog.getByRole("button", { name: "Remove Key account" })).toBeVisible();
  await dialog.getByRole("button", { name: "Change 3 companies" }).click();
  await expect(toast(page, "3 companies changed")).toBeVisible();
  await expect(page.getByRole("gridcell", { name: "Key account" })).toHaveCount(3);
});

test("BULK-01, BULK-02: what is refused is listed with its reason, and the rest is done", async ({ page }) => {
  await register(page.request);
  const stages = (await (await page.request.get("/api/v1/pipelines")).json()).data[0].stages;
  const pipeline = await create(page.request, "pipelines", { name: "Service" });
  await create(page.request, "deals", { name: "Crane" });
  const other = await create(page.request, "deals", { name: "Repair", pipeline_id: pipeline.id });
  const begun = await page.request.post("/api/v1/bulk/deals", {
    data: { action: "update", query: {}, fields: { stage_id: stages[1].id } },
  });
  expect(begun.status()).toBe(202);
  await page.goto(`/work/${(await begun.json()).id}`);
  await expect(main(page).getByText("1 deal changed; 1 deal left as they were.")).toBeVisible();
  await expect(page.getByRole("link", { name: "Repair" })).toHaveAttribute("href", new RegExp(other.id));
  await page.getByRole("button", { name: "Undo…" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Undo: edit deals" })).toBeVisible();
  await expect(main(page).getByText("1 deal put back.")).toBeVisible();
});

test("BULK-01, BULK-02, BULK-04: archived rows are restored or deleted for good; a member has no such buttons", async ({ page, browser }) => {
  await register(page.request);
  await companies(page);
  const { page: member, context } = await colleague(browser, page.request, "member", "Milo Member");
  await page.goto("/companies?sort_by=name");
  await page.getByRole("checkbox", { name: "Select Aster" }).check();
  await page.getByRole("checkbox", { name: "Select Birch" }).check();
  await bar(page).getByRole("button", { name: "Archive" }).click();
  await expect(toast(page, "2 companies archived")).toBeVisible();
  await page.getByRole("button", { name: "Show archived" }).click();
  await page.getByRole("checkbox", { name: "Select Aster" }).check();
  await bar(page).getByRole("button", { name: "Restore" }).click();
  await expect(toast(page, "1 company restored")).toBeVisible();
  await page.getByRole("checkbox", { name: "Select Birch" }).check();
  await bar(page).getByRole("button", { name: "Delete…" }).click();
  await page.getByRole("alertdialog", { name: "Delete 1 company for good?" }).getByRole("button", { name: "Delete for good" }).click();
  await expect(toast(page, "1 company deleted")).toBeVisible();
  await expect(page.getByRole("rowheader")).toHaveCount(0);

  await member.goto("/companies?sort_by=name&mine=false");
  await member.getByRole("checkbox", { name: "Select Aster" }).check();
  await expect(bar(member).getByRole("button", { name: "Archive" })).toBeVisible();
  await expect(bar(member).getByRole("button", { name: "Edit…" })).toHaveCount(0);
  await context.close();
});

test("IMPORT-07, IMPORT-10: a whole import is undone; what was changed since stays and is named", async ({ page }) => {
  await register(page.request);
  await page.goto("/import/companies");
  const rows = ["name,industry", ...NAMES.map((name) => `${name},Retail`)].join("\n");
  await page.getByLabel("File to import").setInputFiles({ name: "trees.csv", mimeType: "text/csv", buffer: Buffer.from(rows) });
  await page.getByRole("button", { name: /^Continue|^Preview/ }).first().click();
  await page.getByRole("button", { name: /^Import 4/ }).click();
  await expect(main(page).getByText("4 companies imported.")).toBeVisible();
  const list = await (await page.request.get("/api/v1/companies?search=&sort_by=name&sort_order=asc")).json();
  const changed = await page.request.put(`/api/v1/companies/${list.data[1].id}`, { data: { industry: "Space" } });
  expect(changed.status()).toBe(200);
  await page.getByRole("button", { name: "Undo import…" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Undo import" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Undo the import of companies" })).toBeVisible();
  await expect(main(page).getByText("3 records put back; 1 record left as they were.")).toBeVisible();
  await expect(page.getByText("It has been changed since the import, and stays.")).toBeVisible();
  await page.getByRole("link", { name: "Birch" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Birch" })).toBeVisible();
});

test("Accessibility: whoever stands on a piece of work stays there while it goes on, in the list and on the page of all", async ({ page }) => {
  await register(page.request);
  const { id } = await create(page.request, "companies", { name: "Aster" });
  expect((await page.request.post("/api/v1/bulk/companies", { data: { action: "add_tags", tags: ["Key"], ids: [id] } })).status()).toBe(202);
  // It takes as long as somebody looks at it.
  let processed = 0;
  await page.route("**/api/v1/work?*", async (route) => {
    const response = await route.fetch();
    const found = await response.json();
    processed += 1;
    Object.assign(found.data[0], { status: "running", processed, total: 1000, finished_at: null });
    await route.fulfill({ response, json: found });
  });
  await page.goto("/");
  await page.getByRole("button", { name: /^Background work/ }).focus();
  await page.keyboard.press("Enter");
  const list = page.getByRole("dialog", { name: /^Background work/ });
  const onward = async (work: Locator) => {
    await expect(work).toBeFocused();
    const before = processed;
    await expect.poll(() => processed).toBeGreaterThan(before + 1);
    await expect(work).not.toContainText(`${before} of 1,000`);
    await expect(work).toBeFocused();
  };
  await onward(list.getByRole("link", { name: /Add tags to companies/ }));
  await list.getByRole("link", { name: "Show all" }).click();
  const line = page.locator("#main").getByRole("link", { name: /Add tags to companies/ });
  await line.focus();
  await onward(line);
});

test("WEB-07, WEB-30: the bar of a selection hides no row, and its row stays in place", async ({ page }) => {
  await register(page.request);
  for (let n = 1; n <= 40; n++) await create(page.request, "companies", { name: `Pier ${String(n).padStart(2, "0")}` });
  await page.goto("/companies?sort_by=name");
  const grid = page.getByRole("grid");
  const row = (name: string) => grid.getByRole("row", { name: new RegExp(name) });
  await expect(row("Pier 01")).toBeVisible();

  await page.getByRole("checkbox", { name: "Select Pier 03" }).check();
  const before = await row("Pier 03").boundingBox();
  await expect(bar(page)).toBeVisible();
  expect(await row("Pier 03").boundingBox()).toEqual(before);
  await expect(page.getByRole("checkbox", { name: "Select Pier 03" })).toBeChecked();
  await grid.evaluate((grid) => grid.scrollTo(0, grid.scrollHeight));
  const bottom = async (name: string) => {
    const box = await row(name).boundingBox();
    return box ? box.y + box.height : Infinity;
  };
  const free = async () => (await bar(page).boundingBox())?.y ?? 0;
  await expect.poll(() => bottom("Pier 40")).toBeLessThanOrEqual(await free());

  // By the keyboard: the last row on the screen is selected, and is still seen.
  await bar(page).getByRole("button", { name: "Clear" }).click();
  await expect(bar(page)).toHaveCount(0);
  await grid.focus();
  await page.keyboard.press("Control+Home");
  await page.keyboard.press("PageDown");
  await page.keyboard.press("ArrowDown");
  const seen = await grid.evaluate((grid) => {
    const active = grid.querySelector('[data-active="true"]')?.closest("[role=row]");
    return active?.querySelector("[role=rowheader] .vt-text")?.textContent ?? "";
  });
  expect(seen).toMatch(/^Pier \d\d/);
  await page.keyboard.press("x");
  await expect(bar(page)).toBeVisible();
  await expect.poll(() => bottom(seen)).toBeLessThanOrEqual(await free());
});

test("BULK-01, AUTH-35: bulk work means the records that the list shows, own ones or all", async ({ page, browser }) => {
  await register(page.request);
  await companies(page);
  const admin = await colleague(browser, page.request, "admin", "Mara Admin");
  for (const name of ["Own one", "Own two"]) await create(admin.page.request, "companies", { name });
  await admin.page.goto("/companies");
  const count = admin.page.locator(".rec-count");
  await expect(count).toHaveText("6");
  await admin.page.getByRole("radio", { name: "Mine" }).check();
  await expect(count).toHaveText("2");
  // The tab says nothing about whose, so the choice stays.
  await admin.page.getByRole("navigation", { name: "Views" }).getByRole("link", { name: "All companies" }).click();
  await expect(admin.page).toHaveURL(/view=all/);
  await expect(count).toHaveText("2");
  await create(admin.page.request, "companies", { name: "Own three" });
  await expect(count).toHaveText("3");
  await admin.page.getByRole("checkbox", { name: "Select Own one" }).check();
  await admin.page.getByRole("checkbox", { name: "Select Own two" }).check();
  await bar(admin.page).getByRole("button", { name: "Select all 3 companies" }).click();
  const asked = admin.page.waitForRequest((request) => request.url().endsWith("/bulk/companies"));
  await bar(admin.page).getByRole("button", { name: "Archive" }).click();
  expect((await asked).postDataJSON().query).toMatchObject({ mine: true });
  await expect(toast(admin.page, "3 companies archived")).toBeVisible();
  expect((await (await page.request.get("/api/v1/companies")).json()).pagination.total).toBe(NAMES.length);
  await admin.context.close();
});
