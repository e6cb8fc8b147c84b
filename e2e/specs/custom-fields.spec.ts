import { readFile } from "node:fs/promises";
import { expect, type Page, test } from "../fixtures/test";
import { create, register } from "../fixtures/account";
import { follow } from "../fixtures/follow";
import { colleague } from "../fixtures/people";

const notices = (page: Page) => page.getByRole("region", { name: "Notifications" });
const properties = (page: Page) => page.getByRole("region", { name: "Properties" });
const card = (page: Page, name: string) => page.getByRole("region", { name });
const field = (page: Page, name: string) => page.getByRole("listitem").filter({ has: page.getByText(name, { exact: true }) });
const rows = (page: Page) => page.getByRole("grid").getByRole("rowheader");

/** Defines a field over the API. */
const define = (page: Page, data: object) =>
  create<{ id: string; key: string }>(page.request, "field-definitions", { entity: "company", ...data });

const FLEET = { name: "Fleet", type: "select", options: [{ label: "Cranes" }, { label: "Trucks" }, { label: "Boats" }] };

async function stored(page: Page, id: string): Promise<Record<string, unknown>> {
  return (await (await page.request.get(`/api/v1/companies/${id}`)).json()).custom_fields;
}

test("FIELD-01, FIELD-02, FIELD-05: an admin defines a list and a number, which stand in the form, on the record, in columns, filters and order", async ({ page }) => {
  await register(page.request);
  await page.goto("/settings");
  await page.getByRole("navigation", { name: "Settings" }).getByRole("link", { name: "Custom fields" }).click();
  await expect(page.getByText(/No fields of your own yet. Add one for a customer number/)).toBeVisible();
  await page.getByRole("button", { name: "New company field" }).click();
  const dialog = page.getByRole("dialog", { name: "New company field" });
  await dialog.getByRole("combobox", { name: "Type" }).selectOption({ label: "One of a list" });
  await dialog.getByRole("button", { name: "Add field" }).click();
  await expect(dialog.getByRole("textbox", { name: "Name" })).toHaveAccessibleDescription("The name is required.");
  await expect(dialog.getByText("Give at least one option.")).toBeVisible();
  await dialog.getByRole("textbox", { name: "Name" }).fill("Fleet");

  // Enter in an option begins the next one.
  await dialog.getByRole("textbox", { name: "Option 1" }).fill("Cranes");
  await page.keyboard.press("Enter");
  await expect(dialog.getByRole("textbox", { name: "Option 2" })).toBeFocused();
  await page.keyboard.type("Cranes");
  await page.keyboard.press("Enter");
  await expect(dialog.getByRole("textbox", { name: "Option 3" })).toBeFocused();
  await page.keyboard.type("Boats");
  await dialog.getByRole("button", { name: "Add field" }).click();
  await expect(dialog.getByRole("textbox", { name: "Option 2" })).toHaveAccessibleDescription("This option is there twice.");
  await dialog.getByRole("textbox", { name: "Option 2" }).fill("Trucks");
  await dialog.getByRole("button", { name: "Move Boats", exact: true }).press("ArrowUp");
  await dialog.getByRole("checkbox", { name: "Show in lists" }).check();
  await dialog.getByRole("button", { name: "Add field" }).click();
  await expect(dialog).toBeHidden();
  await expect(field(page, "Fleet").getByText("One of a list (3 options)")).toBeVisible();
  await expect(field(page, "Fleet").getByText("fleet", { exact: true })).toBeVisible();

  await page.getByRole("button", { name: "New company field" }).click();
  await dialog.getByRole("textbox", { name: "Name" }).fill("Height");
  await dialog.getByRole("combobox", { name: "Type" }).selectOption({ label: "Number" });
  await dialog.getByRole("checkbox", { name: "Show in lists" }).check();
  await dialog.getByRole("button", { name: "Add field" }).click();
  await expect(dialog).toBeHidden();

  // At once, without a reload: in the form, where a number must be one.
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: /^Companies/ }).click();
  await page.getByRole("button", { name: "New company" }).first().click();
  const form = page.getByRole("dialog", { name: "New company" });
  await form.getByRole("textbox", { name: "Name", exact: true }).fill("Aster");
  const fleet = form.getByRole("combobox", { name: "Fleet" });
  await expect(fleet.getByRole("option")).toHaveText(["None", "Cranes", "Boats", "Trucks"]);
  await fleet.selectOption({ label: "Boats" });
  const height = form.getByRole("textbox", { name: "Height" });
  await height.fill("tall");
  await form.getByRole("button", { name: "Create company" }).click();
  await expect(height).toHaveAccessibleDescription("Height must be a number such as 12.5.");
  await height.fill("1,200.5");
  await form.getByRole("button", { name: "Create company" }).click();
  await expect(form).toBeHidden();

  // On the record, edited in place (FIELD-07).
  const panel = page.getByRole("complementary", { name: "Company" });
  await expect(panel.getByRole("button", { name: /1,200.5.*edit height/i })).toBeVisible();
  await panel.getByRole("button", { name: /edit height/i }).click();
  await expect(panel.getByRole("textbox", { name: "Height" })).toHaveValue("1200.5");
  await panel.getByRole("textbox", { name: "Height" }).fill("7.25");
  await panel.getByRole("textbox", { name: "Height" }).press("Enter");
  await expect(panel.getByRole("button", { name: /7.25.*edit height/i })).toBeVisible();
  await panel.getByRole("button", { name: /edit fleet/i }).click();
  await panel.getByRole("combobox", { name: "Fleet" }).selectOption({ label: "Cranes" });
  await expect(panel.getByRole("button", { name: /Cranes.*edit fleet/i })).toBeVisible();
  const id = new URL(page.url()).searchParams.get("open") ?? "";
  await expect.poll(() => stored(page, id)).toEqual({ fleet: "cranes", height: 7.25 });
  await panel.getByRole("button", { name: "Close" }).click();

  // As columns, in a filter and as order (FIELD-08, FIELD-09).
  await create(page.request, "companies", { name: "Birch", custom_fields: { fleet: "boats", height: 40 } });
  await create(page.request, "companies", { name: "Cedar", custom_fields: { fleet: "cranes", height: 12 } });
  await expect(rows(page)).toHaveCount(3);
  await expect(page.getByRole("columnheader", { name: /^Fleet/ })).toBeVisible();
  await page.getByRole("columnheader", { name: /^Height/ }).getByRole("button").first().click();
  await expect(rows(page)).toHaveText([/Aster/, /Cedar/, /Birch/]);
  await expect(page).toHaveURL(/sort_by=custom_fields.height/);
  await page.keyboard.press("f");
  await page.keyboard.type("fleet");
  await page.keyboard.press("Enter");
  await page.getByRole("checkbox", { name: "Cranes" }).check();
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(rows(page)).toHaveText([/Aster/, /Cedar/]);
  await expect(page.getByRole("group", { name: "Filters" }).getByText("Cranes")).toBeVisible();
  await page.reload();
  await expect(rows(page)).toHaveText([/Aster/, /Cedar/]);

  // A cell is edited like any other.
  await page.getByRole("row", { name: /Cedar/ }).getByText("12", { exact: true }).dblclick();
  const cell = page.getByRole("textbox", { name: "Height of Cedar" });
  await cell.fill("5");
  await cell.press("Enter");
  await expect(rows(page)).toHaveText([/Cedar/, /Aster/]);
});

test("FIELD-01, FIELD-04: a required field is asked for in the form with a sentence, and cannot be cleared", async ({ page }) => {
  await register(page.request);
  await define(page, { name: "Customer number", type: "text", required: true });
  await page.goto("/companies");
  await page.getByRole("button", { name: "New company" }).first().click();
  const form = page.getByRole("dialog", { name: "New company" });
  await form.getByRole("textbox", { name: "Name", exact: true }).fill("Aster");
  const number = form.getByRole("textbox", { name: "Customer number" });
  await expect(number).toBeVisible();
  await form.getByRole("button", { name: "Create company" }).click();
  await expect(number).toHaveAccessibleDescription("Customer number is required.");
  await expect(number).toBeFocused();
  await number.fill("C-17");
  await form.getByRole("button", { name: "Create company" }).click();
  await expect(form).toBeHidden();
  const panel = page.getByRole("complementary", { name: "Company" });
  await panel.getByRole("button", { name: /C-17.*edit customer number/i }).click();
  await panel.getByRole("textbox", { name: "Customer number" }).fill("");
  await panel.getByRole("textbox", { name: "Customer number" }).press("Enter");
  await expect(panel.getByText("Customer number is required.")).toBeVisible();
});

test("FIELD-02, FIELD-07: fields of every type are edited in place and undone together with what is shown", async ({ page }) => {
  await register(page.request);
  await define(page, { name: "Regions", type: "multi_select", options: [{ label: "North" }, { label: "South" }, { label: "West" }] });
  await define(page, { name: "Partner since", type: "date" });
  await define(page, { name: "Insured", type: "checkbox" });
  await define(page, { name: "Handbook", type: "url" });
  await define(page, { name: "Remarks", type: "textarea" });
  const { id } = await create(page.request, "companies", { name: "Aster" });
  await page.goto(`/companies/${id}`);
  const part = properties(page);
  await part.getByRole("button", { name: /edit regions/i }).click();
  await part.getByRole("combobox", { name: "Regions" }).click();
  await page.getByRole("option", { name: "West" }).click();
  await page.getByRole("option", { name: "North" }).click();
  await part.getByRole("button", { name: "Save" }).click();
  await expect(part.getByRole("button", { name: /North.*West.*edit regions/i })).toBeVisible();
  await part.getByRole("button", { name: /edit partner since/i }).click();
  await part.getByLabel("Partner since").fill("2026-03-04");
  await part.getByLabel("Partner since").press("Enter");
  await part.getByRole("button", { name: /edit insured/i }).click();
  await part.getByRole("combobox", { name: "Insured" }).selectOption({ label: "No" });
  await expect(part.getByRole("button", { name: /No.*edit insured/i })).toBeVisible();
  await part.getByRole("button", { name: /edit handbook/i }).click();
  await part.getByRole("textbox", { name: "Handbook" }).fill("docs.aster.example");
  await part.getByRole("textbox", { name: "Handbook" }).press("Enter");
  await expect(part.getByRole("link", { name: "docs.aster.example" })).toHaveAttribute("href", "https://docs.aster.example");
  await part.getByRole("button", { name: /edit remarks/i }).click();
  await part.getByRole("textbox", { name: "Remarks" }).fill("Calls in the morning");
  await part.getByRole("textbox", { name: "Remarks" }).press("Control+Enter");
  await expect.poll(() => stored(page, id)).toEqual({
    regions: ["north", "west"],
    partner_since: "2026-03-04",
    insured: false,
    handbook: "https://docs.aster.example",
    remarks: "Calls in the morning",
  });
});

test("FIELD-01, FIELD-06: deleting a field warns of its values; restoring brings them back", async ({ page }) => {
  await register(page.request);
  await define(page, FLEET);
  const { id } = await create(page.request, "companies", { name: "Aster", custom_fields: { fleet: "boats" } });
  await create(page.request, "companies", { name: "Birch", custom_fields: { fleet: "cranes" } });
  await page.goto("/settings/custom-fields");
  await page.getByRole("button", { name: "Delete Fleet" }).click();
  const question = page.getByRole("alertdialog", { name: "Delete field Fleet?" });
  await expect(question).toContainText("2 companies have a value.");
  await expect(question).toContainText("The values are kept: restoring the field brings them back.");
  await question.getByRole("button", { name: "Delete field" }).click();
  await expect(question).toBeHidden();
  await expect(page.getByRole("button", { name: "Delete Fleet" })).toHaveCount(0);
  await follow(page, `/companies/${id}`);
  await expect(properties(page).getByText("Industry", { exact: true })).toBeVisible();
  await expect(properties(page).getByText("Fleet")).toHaveCount(0);

  await follow(page, "/settings/custom-fields");
  await card(page, "Companies").getByText("Deleted fields (1)").click();
  await card(page, "Companies").getByRole("button", { name: "Restore" }).click();
  await expect(page.getByRole("button", { name: "Delete Fleet" })).toBeVisible();
  await expect(page.getByText("Deleted fields (1)")).toHaveCount(0);
  await follow(page, `/companies/${id}`);
  await expect(properties(page).getByRole("button", { name: /Boats.*edit fleet/i })).toBeVisible();

  // Undo does the same from the message, which is the only one on a page that is loaded.
  await page.goto("/settings/custom-fields");
  await page.getByRole("button", { name: "Delete Fleet" }).click();
  await question.getByRole("button", { name: "Delete field" }).click();
  await notices(page).getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("button", { name: "Delete Fleet" })).toBeVisible();
});

test("FIELD-01: fields are renamed, reordered by keyboard and by mouse, and an option that is gone is still shown", async ({ page }) => {
  await register(page.request);
  await define(page, FLEET);
  await define(page, { name: "Height", type: "number" });
  await define(page, { name: "Region", type: "text" });
  const { id } = await create(page.request, "companies", { name: "Aster", custom_fields: { fleet: "boats" } });
  await page.goto("/settings/custom-fields");
  const names = card(page, "Companies").locator("strong");
  await expect(names).toHaveText(["Fleet", "Height", "Region"]);
  await page.getByRole("button", { name: "Move Region" }).press("ArrowUp");
  await expect(names).toHaveText(["Fleet", "Region", "Height"]);
  await expect(page.getByRole("button", { name: "Move Region" })).toBeFocused();
  const [from, to] = [await page.getByRole("button", { name: "Move Height" }).boundingBox(), await names.first().boundingBox()];
  await page.mouse.move((from?.x ?? 0) + 10, (from?.y ?? 0) + 10);
  await page.mouse.down();
  await page.mouse.move((to?.x ?? 0) + 10, (to?.y ?? 0) + 5, { steps: 5 });
  await page.mouse.up();
  await expect(names).toHaveText(["Height", "Fleet", "Region"]);
  await expect
    .poll(async () => {
      const page1 = await (await page.request.get("/api/v1/field-definitions?entity=company")).json();
      return page1.data.map((one: { name: string }) => one.name);
    })
    .toEqual(["Height", "Fleet", "Region"]);
  await page.reload();
  await expect(names).toHaveText(["Height", "Fleet", "Region"]);

  await page.getByRole("button", { name: "Edit Fleet" }).click();
  const dialog = page.getByRole("dialog", { name: "Edit Fleet" });
  await dialog.getByRole("textbox", { name: "Name" }).fill("Vehicles");
  await dialog.getByRole("button", { name: "Remove Boats" }).click();
  await dialog.getByRole("textbox", { name: "Option 1" }).fill("Mobile cranes");
  // What was typed is not thrown away by a slip.
  await page.keyboard.press("Escape");
  await page.getByRole("alertdialog").getByRole("button", { name: "Cancel" }).click();
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toBeHidden();
  await expect(names).toHaveText(["Height", "Vehicles", "Region"]);
  await page.getByRole("checkbox", { name: "Region in lists" }).or(page.getByRole("switch", { name: "Region in lists" })).check();

  await follow(page, `/companies/${id}`);
  await properties(page).getByRole("button", { name: /boats.*edit vehicles/i }).click();
  await expect(properties(page).getByRole("combobox", { name: "Vehicles" }).getByRole("option")).toHaveText(["None", "Mobile cranes", "Trucks", "boats"]);
  await follow(page, "/companies");
  await expect(page.getByRole("columnheader", { name: /^Region/ })).toBeVisible();
});

test("FIELD-01, REALTIME-01: a field that a colleague defines appears on the open page; managers do not define any", async ({ page, browser }) => {
  await register(page.request);
  const { id } = await create(page.request, "companies", { name: "Aster" });
  const { page: manager, context } = await colleague(browser, page.request, "manager", "Mara Manager");
  await manager.goto(`/companies/${id}`);
  await expect(properties(manager).getByText("Industry", { exact: true })).toBeVisible();
  await define(page, FLEET);
  await properties(manager).getByRole("button", { name: /edit fleet/i }).click();
  await properties(manager).getByRole("combobox", { name: "Fleet" }).selectOption({ label: "Trucks" });
  await expect.poll(() => stored(page, id)).toEqual({ fleet: "trucks" });

  // In a list it waits until the cell that is being edited is done.
  await follow(manager, "/companies?columns=name:240,industry:160&mine=false");
  await manager.getByRole("row", { name: /Aster/ }).getByRole("gridcell").nth(1).dblclick();
  const cell = manager.getByRole("textbox", { name: "Industry of Aster" });
  await cell.fill("Fish");
  const told = manager.waitForResponse((response) => response.url().endsWith("/auth/session"));
  await define(page, { name: "Height", type: "number" });
  await told;
  await expect(cell).toHaveValue("Fish");
  await expect(cell).toBeFocused();
  await cell.press("Enter");
  await expect(manager.getByRole("gridcell", { name: "Fish" })).toBeVisible();
  await manager.getByRole("button", { name: "Columns" }).click();
  await manager.getByRole("checkbox", { name: "Height" }).check();
  await manager.keyboard.press("Escape");
  await expect(manager.getByRole("columnheader", { name: /^Height/ })).toBeVisible();
  await follow(manager, "/settings");
  await expect(manager.getByRole("link", { name: "Tags" })).toBeVisible();
  await expect(manager.getByRole("link", { name: "Custom fields" })).toHaveCount(0);
  await follow(manager, "/settings/custom-fields");
  await expect(manager.getByText("Custom fields are defined by the administrators of the organization.")).toBeVisible();
  await context.close();
});

test("FIELD-09, BULK-01, EXPORT-01, IMPORT-01: fields are set in bulk, exported as the list shows them, and imported", async ({ page }) => {
  await register(page.request);
  await define(page, { name: "Height", type: "number" });
  await define(page, FLEET);
  await create(page.request, "companies", { name: "Aster", custom_fields: { fleet: "boats" } });
  await create(page.request, "companies", { name: "Birch" });
  await page.goto("/companies?sort_by=name&columns=name:240,custom_fields.height:110,custom_fields.fleet:140");
  await page.getByRole("checkbox", { name: "Select Aster" }).check();
  await page.getByRole("checkbox", { name: "Select Birch" }).check();
  await page.getByRole("toolbar", { name: /selected/ }).getByRole("button", { name: "Edit…" }).click();
  const edit = page.getByRole("dialog", { name: "Edit 2 companies" });
  await edit.getByRole("combobox", { name: "Field" }).selectOption("Height");
  await edit.getByRole("textbox", { name: "New value" }).fill("7.5");
  await edit.getByRole("button", { name: "Change 2 companies" }).click();
  await expect(notices(page).getByText("2 companies changed")).toBeVisible();
  await expect(page.getByRole("gridcell", { name: "7.5" })).toHaveCount(2);

  await page.getByRole("button", { name: "Export…" }).click();
  const exporting = page.getByRole("dialog", { name: "Export 2 companies" });
  await exporting.getByRole("radio", { name: "As in the list" }).check();
  const [download] = await Promise.all([page.waitForEvent("download"), exporting.getByRole("button", { name: "Export" }).click()]);
  expect(await readFile(await download.path(), "utf8")).toBe("\ufeffName,Height,Fleet\r\nAster,7.5,Boats\r\nBirch,7.5,\r\n");

  await follow(page, "/import/companies");
  const file = { name: "fleet.csv", mimeType: "text/csv", buffer: Buffer.from("Name,Height,Fleet\nCedar,12.25,Trucks\nDaisy,3,Submarines\n") };
  await page.getByLabel("File to import").setInputFiles(file);
  await expect(page.getByRole("combobox", { name: "Field for Height" })).toHaveValue("custom_fields.height");
  await expect(page.getByRole("combobox", { name: "Field for Fleet" })).toHaveValue("custom_fields.fleet");
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("combobox", { name: "Submarines stands for" }).selectOption({ label: "Boats" });
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByRole("cell", { name: "12.25" })).toBeVisible();
  await page.getByRole("button", { name: /^Import 2/ }).click();
  await expect(page).toHaveURL(/\/imports\//);
  await expect(page.locator(".stat").filter({ hasText: "Created" }).locator(".stat-value")).toHaveText("2", { timeout: 60_000 });
  const all = await (await page.request.get("/api/v1/companies?sort_by=name")).json();
  expect(all.data.map((one: { custom_fields: object }) => one.custom_fields)).toEqual([
    { height: 7.5, fleet: "boats" },
    { height: 7.5 },
    { height: 12.25, fleet: "trucks" },
    { height: 3, fleet: "boats" },
  ]);
});

test("FIELD-07, WEB-05: two edits of one own field are compared, of two fields both stand", async ({ page }) => {
  await register(page.request);
  await define(page, { name: "Height", type: "number" });
  await define(page, { name: "Region", type: "text" });
  const { id } = await create(page.request, "companies", { name: "Aster", custom_fields: { height: 1 } });
  const change = async (custom_fields: object) =>
    expect((await page.request.patch(`/api/v1/companies/${id}`, { data: { custom_fields } })).status()).toBe(200);
  // Without live updates the page knows nothing of what happens.
  await page.routeWebSocket(/\/api\/v1\/ws/, (socket) => socket.close({ code: 1001 }));
  await page.goto(`/companies/${id}`);
  const type = async (text: string) => {
    await properties(page).getByRole("button", { name: /edit height/i }).click();
    await properties(page).getByRole("textbox", { name: "Height" }).fill(text);
    await properties(page).getByRole("textbox", { name: "Height" }).press("Enter");
  };
  await expect(properties(page).getByRole("button", { name: /edit height/i })).toBeVisible();
  await change({ region: "North" });
  await type("2");
  await expect.poll(() => stored(page, id)).toEqual({ height: 2, region: "North" });
  await expect(page.getByRole("dialog")).toHaveCount(0);

  await change({ height: 30 });
  await type("4.5");
  const dialog = page.getByRole("dialog", { name: /was changed by somebody else/ });
  const group = dialog.getByRole("group", { name: "Height" });
  await expect(group.getByText("4.5")).toBeVisible();
  await expect(group.getByText("30")).toBeVisible();
  await dialog.getByRole("button", { name: "Save my choice" }).click();
  await expect(dialog).toBeHidden();
  await expect.poll(() => stored(page, id)).toEqual({ height: 4.5, region: "North" });
  await expect(page.getByRole("region", { name: "Timeline" }).getByText(/Height/).first()).toBeVisible();
});

test.describe("with German numbers", () => {
  test.use({ locale: "de-DE" });

  test("FIELD-02, WEB-05: numbers are shown and taken with the decimal sign of the person", async ({ page }) => {
    await register(page.request);
    await define(page, { name: "Height", type: "number" });
    const { id } = await create(page.request, "companies", { name: "Aster", custom_fields: { height: 1234.125 } });
    await page.goto(`/companies/${id}`);
    const part = properties(page);
    for (const [before, shown, typed, value] of [
      ["1234,125", "1.234,125", "1.500", 1500],
      ["1500", "1.500", "0,125", 0.125],
      ["0,125", "0,125", "0.5", 0.5],
      ["0,5", "0,5", "1.234.567,5", 1_234_567.5],
      ["1234567,5", "1.234.567,5", "-7", -7],
    ] as const) {
      await expect(part.getByRole("button", { name: new RegExp(`^${shown} ?, edit height`, "i") })).toBeVisible();
      await part.getByRole("button", { name: /edit height/i }).click();
      await expect(part.getByRole("textbox", { name: "Height" })).toHaveValue(before);
      await part.getByRole("textbox", { name: "Height" }).fill(typed);
      await part.getByRole("textbox", { name: "Height" }).press("Enter");
      await expect.poll(() => stored(page, id)).toEqual({ height: value });
    }
    // Something else is refused, and stays to be corrected.
    await part.getByRole("button", { name: /edit height/i }).click();
    await part.getByRole("textbox", { name: "Height" }).fill("12 m");
    await part.getByRole("textbox", { name: "Height" }).press("Enter");
    await expect(part.getByText("Height must be a number such as 12.5.")).toBeVisible();
    await expect(part.getByRole("textbox", { name: "Height" })).toHaveValue("12 m");
  });
});
