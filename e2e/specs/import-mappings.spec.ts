import { expect, type Page, test } from "../fixtures/test";
import { create, register } from "../fixtures/account";
import { violations } from "../fixtures/axe";
import { complaints } from "../fixtures/console";
import { choose, csv, go, start } from "../fixtures/importing";
import { excess } from "../fixtures/layout";
import { colleague } from "../fixtures/people";

const FIRST = csv("may.csv", "Who,Work mail,Reference\nAda Lovelace,ada@engine.example,Fair\n");
const NEXT = csv("june.csv", "REFERENCE,Extra,who,work mail\nWeb,x,Bob Builder,bob@site.example\n");

/** What the bar above the steps says. */
const told = (page: Page) => page.locator(".import-mapping-text");
const menu = (page: Page) => page.getByRole("button", { name: "Saved mappings" });

/** Maps the first file by hand and saves that under a name. */
async function saveFirst(page: Page, name: string, shared = false): Promise<void> {
  await choose(page, "contacts", FIRST);
  await page.getByLabel("Field for Reference").selectOption("department");
  await page.getByRole("radio", { name: "Update the contact" }).check();
  await page.getByRole("button", { name: "Save mapping" }).click();
  const dialog = page.getByRole("dialog", { name: "Save mapping" });
  await dialog.getByRole("button", { name: "Save mapping" }).click();
  await expect(dialog.getByRole("textbox", { name: "Name" })).toHaveAccessibleDescription("The name is required.");
  await dialog.getByRole("textbox", { name: "Name" }).fill(name);
  if (shared) await dialog.getByRole("checkbox", { name: "Shared with everybody" }).check();
  await dialog.getByRole("button", { name: "Save mapping" }).click();
  await expect(dialog).toBeHidden();
  await expect(told(page)).toHaveText(`Mapped as in “${name}”.`);
}

test("IMPORT-02, IMPORT-06: a mapping is saved, applies itself to the next file, is undone, changed, renamed and deleted", async ({ page }) => {
  const said = complaints(page);
  await register(page.request);
  await saveFirst(page, "Monthly list");
  await go(page, "Preview");
  await start(page, "Import 1 contact");

  await test.step("the next file has its columns in another order", async () => {
    await choose(page, "contacts", NEXT);
    await expect(told(page)).toHaveText("Mapped as in “Monthly list”.");
    await expect(page.getByText("New in this file and not imported: Extra.")).toBeVisible();
    await expect(page.getByLabel("Field for REFERENCE")).toHaveValue("department");
    await expect(page.getByLabel("Field for Extra")).toHaveValue("");
    await expect(page.getByRole("radio", { name: "Update the contact" })).toBeChecked();
  });

  await test.step("left aside, brought back, left aside again and chosen from the menu", async () => {
    await page.getByRole("button", { name: "Use the guesses instead" }).click();
    await expect(told(page)).toHaveText("Columns are matched by their names and contents.");
    await expect(page.getByLabel("Field for REFERENCE")).toHaveValue("");
    await expect(page.getByRole("radio", { name: "Skip the row" })).toBeChecked();
    await page.getByRole("button", { name: "Undo" }).click();
    await expect(told(page)).toHaveText("Mapped as in “Monthly list”.");
    await expect(page.getByLabel("Field for REFERENCE")).toHaveValue("department");
    await page.getByRole("button", { name: "Use the guesses instead" }).click();
    await expect(page.getByLabel("Field for REFERENCE")).toHaveValue("");
    // That was decided, and survives a reload.
    await page.reload();
    await expect(told(page)).toHaveText("Columns are matched by their names and contents.");
    await menu(page).click();
    await page.getByRole("menuitemcheckbox", { name: "Monthly list" }).click();
    await expect(told(page)).toHaveText("Mapped as in “Monthly list”.");
  });

  await test.step("a change is noticed, survives a reload, is none when taken back, and is saved", async () => {
    await page.getByLabel("Field for Extra").selectOption("job_title");
    await expect(told(page)).toHaveText("Mapped as in “Monthly list”, with changes.");
    await page.getByLabel("Field for Extra").selectOption("");
    await expect(told(page)).toHaveText("Mapped as in “Monthly list”.");
    await page.getByLabel("Field for Extra").selectOption("job_title");
    await page.reload();
    await expect(told(page)).toHaveText("Mapped as in “Monthly list”, with changes.");
    await page.getByRole("button", { name: "Save changes" }).click();
    await expect(told(page)).toHaveText("Mapped as in “Monthly list”.");
    await go(page, "Preview");
    await start(page, "Import 1 contact");
    await choose(page, "contacts", NEXT);
    await expect(page.getByLabel("Field for Extra")).toHaveValue("job_title");
    await expect(page.getByText("New in this file")).toHaveCount(0);
  });

  await test.step("a second one from the first, renamed", async () => {
    await page.getByLabel("Field for REFERENCE").selectOption("lead_source");
    await menu(page).click();
    await page.getByRole("menuitem", { name: "Save as new mapping…" }).click();
    const dialog = page.getByRole("dialog", { name: "Save mapping" });
    await dialog.getByRole("textbox", { name: "Name" }).fill("Monthly list");
    await dialog.getByRole("button", { name: "Save mapping" }).click();
    await expect(dialog.getByRole("textbox", { name: "Name" })).toHaveAccessibleDescription("You already have a mapping of this name.");
    await dialog.getByRole("textbox", { name: "Name" }).fill("With source");
    await dialog.getByRole("button", { name: "Save mapping" }).click();
    await expect(told(page)).toHaveText("Mapped as in “With source”.");
    await page.getByRole("button", { name: "Mapping With source: more" }).click();
    await page.getByRole("menuitem", { name: "Rename…" }).click();
    const renaming = page.getByRole("dialog", { name: "Rename mapping" });
    await expect(renaming.getByRole("textbox", { name: "Name" })).toHaveValue("With source");
    await renaming.getByRole("textbox", { name: "Name" }).fill("Fairs");
    await renaming.getByRole("button", { name: "Rename mapping" }).click();
    await expect(told(page)).toHaveText("Mapped as in “Fairs”.");
    await menu(page).click();
    await expect(page.getByRole("menuitemcheckbox")).toHaveText(["Fairs", "Monthly list"]);
    await expect(page.getByRole("menuitemcheckbox", { name: "Fairs" })).toBeChecked();
    await page.keyboard.press("Escape");
  });

  await test.step("deleted, here and where files are chosen", async () => {
    await page.getByRole("button", { name: "Mapping Fairs: more" }).click();
    await page.getByRole("menuitem", { name: "Delete…" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Delete mapping" }).click();
    await expect(told(page)).toHaveText("Columns are matched by their names and contents.");
    await expect(page.getByLabel("Field for REFERENCE")).toHaveValue("lead_source");
    await page.getByRole("link", { name: "Choose another file" }).click();
    const list = page.getByRole("region", { name: "Saved mappings" });
    await expect(list.getByRole("listitem")).toHaveText([/Monthly list.*4 columns/]);
    await list.getByRole("button", { name: "Mapping Monthly list: more" }).click();
    await page.getByRole("menuitem", { name: "Delete…" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Delete mapping" }).click();
    await expect(list).toHaveCount(0);
  });
  // The browser says what was refused: a name that was taken.
  expect(said.filter((line) => !line.includes("409"))).toEqual([]);
});

test("IMPORT-02, FIELD-06: a shared mapping reads a colleague's file, who cannot change it; what does not fit is told", async ({ page, browser }) => {
  await register(page.request);
  const field = await create(page.request, "field-definitions", { entity: "contact", name: "Shoe size", type: "number" });
  await choose(page, "contacts", csv("a.csv", "name,email,Shoe size\nAda,ada@engine.example,38\n"));
  await expect(page.getByLabel("Field for Shoe size")).toHaveValue("custom_fields.shoe_size");
  await page.getByRole("button", { name: "Save mapping" }).click();
  const dialog = page.getByRole("dialog", { name: "Save mapping" });
  await dialog.getByRole("textbox", { name: "Name" }).fill("Shoes");
  await dialog.getByRole("checkbox", { name: "Shared with everybody" }).check();
  await dialog.getByRole("button", { name: "Save mapping" }).click();
  await expect(told(page)).toHaveText("Mapped as in “Shoes”.");
  const gone = await page.request.delete(`/api/v1/field-definitions/${field.id}`);
  expect(gone.status()).toBe(204);

  const noah = await colleague(browser, page.request, "manager", "Noah Keller");
  await noah.page.goto("/contacts");
  await choose(noah.page, "contacts", csv("b.csv", "Name,Shoe size,EMAIL\nBob,40,bob@site.example\n"));
  await expect(told(noah.page)).toHaveText("Mapped as in “Shoes”.");
  await expect(noah.page.getByText("Shoe size does not exist any more and stays out.")).toBeVisible();
  await expect(noah.page.getByLabel("Field for EMAIL")).toHaveValue("email");
  await expect(noah.page.getByRole("button", { name: "Mapping Shoes: more" })).toHaveCount(0);
  await noah.page.getByLabel("Field for Shoe size").selectOption("department");
  await expect(told(noah.page)).toHaveText("Mapped as in “Shoes”, with changes.");
  await expect(noah.page.getByRole("button", { name: "Save changes" })).toHaveCount(0);

  // Another file lacks a column: not read by it unasked, but on request.
  await choose(noah.page, "contacts", csv("c.csv", "Name,Remark\nCleo,x\n"));
  await expect(told(noah.page)).toHaveText("Columns are matched by their names and contents.");
  await menu(noah.page).click();
  await noah.page.getByRole("menuitemcheckbox", { name: "Shoes 2 columns missing" }).click();
  await expect(noah.page.getByText("The file has no column called email.")).toBeVisible();
  await noah.context.close();
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 390, height: 844 } });

  test("Accessibility, Phone: saved mappings without violations or sideways scrolling, in both themes", async ({ page }) => {
    await register(page.request);
    const found: string[] = [];
    const look = async () => {
      await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
      found.push(...(await violations(page)));
      const { sideways } = await excess(page);
      if (sideways > 0) found.push(`${page.url()} is ${sideways} px too wide`);
    };
    await page.goto("/import/contacts");
    await page.getByLabel("File to import").setInputFiles(FIRST);
    await page.getByRole("button", { name: "Save mapping" }).click();
    await page.getByRole("textbox", { name: "Name" }).fill("Monthly list of addresses from the northern branch offices");
    await page.keyboard.press("Enter");
    await expect(told(page)).toContainText("northern branch");
    await page.getByLabel("Field for Reference").selectOption("department");
    await expect(page.getByRole("button", { name: "Save changes" })).toBeVisible();
    await look();
    await menu(page).click();
    await expect(page.getByRole("menuitemcheckbox").first()).toBeFocused();
    await look();
    await page.keyboard.press("Escape");
    await page.goto("/import/contacts");
    await expect(page.getByRole("region", { name: "Saved mappings" })).toBeVisible();
    await look();
    expect(found).toEqual([]);
  });
});
