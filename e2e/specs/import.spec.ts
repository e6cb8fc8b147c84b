import { readFile, writeFile } from "node:fs/promises";
import { expect, type Page, test } from "../fixtures/test";
import { register, registerByForm } from "../fixtures/account";
import { violations } from "../fixtures/axe";
import { complaints } from "../fixtures/console";
import { choose, csv, expectResult, go, open, type Plural, real, start } from "../fixtures/importing";
import { excess } from "../fixtures/layout";

/** Created, updated, skipped and refused rows of the result. */
async function counts(page: Page): Promise<string[]> {
  const cards = ["Created", "Updated", "Skipped", "Refused"].map((label) =>
    page.locator(".stat").filter({ hasText: label }).locator(".stat-value").innerText(),
  );
  return Promise.all(cards);
}

/** How many records the list says there are. */
async function expectTotal(page: Page, plural: Plural, total: string): Promise<void> {
  await open(page, plural);
  await expect(page.locator(".rec-count")).toHaveText(total);
}

/** Opens a record from anywhere. */
async function find(page: Page, typed: string, name: RegExp): Promise<void> {
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: /search/i }).fill(typed);
  await page.getByRole("option", { name }).first().click();
}

test("IMPORT-01, IMPORT-02, IMPORT-03, IMPORT-07, IMPORT-08, SEARCH-01: a sales team's first day with its real files", async ({ page }) => {
  // Three files with 9,385 rows, read through once per step.
  test.setTimeout(180_000);
  const said = complaints(page);
  const account = await registerByForm(page);

  await test.step("companies", async () => {
    await choose(page, "companies", real("accounts.csv"));
    await expect(page.getByLabel("Field for account")).toHaveValue("name");
    await expect(page.getByLabel("Field for subsidiary_of")).toHaveValue("");
    await expect(page.getByLabel("Amounts are in")).toHaveValue("millions");
    await go(page, "Preview");
    const first = page.getByRole("row", { name: /Acme Corporation/ });
    await expect(first).toContainText("$1,100,040,000");
    await expect(page.getByText("year_established, subsidiary_of")).toBeVisible();
    const here = page.getByRole("navigation", { name: "Main" }).locator("[aria-current=page]");
    await expect(here).toHaveAttribute("data-nav", "Companies");
    await start(page, "Import 85 companies");
    expect(await counts(page)).toEqual(["85", "0", "0", "0"]);
    await expect(here).toHaveAttribute("data-nav", "Companies");
  });

  await test.step("deals: owners matched, invited or left open; a stage made; names composed", async () => {
    await choose(page, "deals", real("sales_pipeline.csv"));
    await expect(page.getByRole("textbox", { name: "Name" })).toHaveValue("{account} – {product}");
    await expect(page.getByLabel("Field for product")).toHaveValue("products.name");
    await go(page, "Values");
    await expect(page.getByLabel("Engaging stands for")).toHaveValue("create:open");
    await expect(page.getByLabel("Won stands for").locator("option:checked")).toHaveText("Closed won");
    await page.getByLabel("Darcel Schlecht stands for").selectOption({ label: account.name });
    // One choice for all that nothing was chosen for.
    const open = page.getByLabel("All that are still open stand for");
    await open.selectOption({ label: account.name });
    await expect(open).toHaveCount(0);
    await expect(page.getByLabel("Anna Snelling stands for").locator("option:checked")).toHaveText(account.name);
    await page.getByLabel("Moses Frase stands for").selectOption({ label: "Invite by email…" });
    await page.getByRole("button", { name: "Continue" }).click();
    // Without an address it does not go on.
    const address = page.getByRole("textbox", { name: "Email address of Moses Frase" });
    await expect(address).toBeFocused();
    const moses = account.email.replace("ines", "moses");
    await address.fill(moses);
    await go(page, "Preview");
    const first = page.getByRole("row", { name: /Cancity – GTX Plus Basic/ });
    await expect(first).toContainText("Closed won");
    await expect(first).toContainText("Moses Frase");
    await expect(page.getByText("Every row can be stored as it stands.")).toBeVisible();
    await page.getByRole("button", { name: "Import 8,800 deals" }).click();

    // The page is left, and found again by the button in the top bar.
    await expect(page).toHaveURL(/\/imports\//);
    await expect(page.getByText(moses).first()).toBeVisible();
    await expect(page.getByRole("button", { name: `Copy link for ${moses}` })).toBeVisible();
    await page.getByRole("link", { name: "Dashboard" }).first().click();
    await expect(page.getByText("Import of sales_pipeline.csv finished", { exact: true })).toBeVisible({ timeout: 90_000 });
    await page.getByRole("button", { name: "Background work" }).click();
    await page.getByRole("dialog", { name: "Background work" }).getByRole("link", { name: /sales_pipeline\.csv/ }).click();
    await expect(page.getByText("8,800 deals imported.").first()).toBeVisible();
    expect(await counts(page)).toEqual(["8,800", "0", "0", "0"]);
    await expect(page.getByText("Engaging")).toBeVisible();
  });

  await test.step("contacts: the first of several columns that is not empty", async () => {
    await choose(page, "contacts", real("contacts.csv"));
    await expect(page.getByLabel("Field for email_home")).toHaveValue("email");
    await expect(page.getByText("Where email_work is empty").first()).toBeVisible();
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByRole("link", { name: "Preview" }).click();
    await start(page, "Import 500 contacts");
    expect((await counts(page))[0]).toBe("500");
  });

  await test.step("everything is in the lists, and found", async () => {
    await expectTotal(page, "contacts", "500");
    await expectTotal(page, "companies", "140");
    await expectTotal(page, "deals", "8,800");
    // A jump to the middle lands there, and the heads of the columns stay above.
    const grid = page.getByRole("grid", { name: "Deals" });
    await grid.evaluate((scrolled) => {
      scrolled.scrollTop = scrolled.scrollHeight / 2;
    });
    await expect(grid.locator('[aria-rowindex="4410"]')).toContainText(/Won|Lost|Open/);
    await expect(grid.locator('[aria-rowindex="4410"]')).toBeInViewport();
    await expect(grid.getByRole("columnheader", { name: "Name" })).toBeInViewport();
    await find(page, "cancity gtx plus basic", /Cancity – GTX Plus Basic/);
    await expect(page).toHaveURL(/\/deals\//);
    await expect(page.getByText("Closed won").first()).toBeVisible();
    await expect(page.getByText("GTX Plus Basic").first()).toBeVisible();
  });
  expect(said).toEqual([]);
});

test("IMPORT-04, IMPORT-08, IMPORT-10: wrong values are shown at their cells, refused, corrected and imported again", async ({ page }) => {
  await register(page.request);
  const said = complaints(page);
  const file = csv("people.csv", "first name,email,phone\nAda,ada@example.com,+1 202 555 0143\nBob,not-an-address,\nCleo,cleo@example.com,ask her\n");
  await choose(page, "contacts", file);
  await go(page, "Preview");
  await expect(page.getByText("1 row will be refused.")).toBeVisible();
  const bad = page.getByRole("row", { name: /Bob/ });
  await expect(bad).toContainText("Refused");
  await expect(bad.getByRole("cell", { name: /not-an-address/ })).toContainText(/email/i);
  await expect(page.getByRole("row", { name: /Cleo/ })).toContainText("ask her");
  await start(page, "Import 2 of 3 contacts");
  expect(await counts(page)).toEqual(["2", "0", "0", "1"]);

  const saving = page.waitForEvent("download");
  await page.getByRole("link", { name: "Refused rows", exact: true }).click();
  const download = await saving;
  expect(download.suggestedFilename()).toBe("errors-people.csv");
  const errors = await readFile(await download.path(), "utf8");
  expect(errors).toContain("Bob,not-an-address");
  expect(errors).toMatch(/Import reason/);
  const corrected = test.info().outputPath("corrected.csv");
  await writeFile(corrected, errors.replace("not-an-address", "bob@example.com"));

  await page.getByRole("link", { name: "Import another file" }).click();
  await page.getByLabel("File to import").setInputFiles(corrected);
  await go(page, "Preview");
  await expect(page.getByText("Import row, Import column, Import reason")).toBeVisible();
  await start(page, "Import 1 contact");
  expect(await counts(page)).toEqual(["1", "0", "0", "0"]);
  await expectTotal(page, "contacts", "3");
  expect(said).toEqual([]);
});

test("IMPORT-05, IMPORT-06, IMPORT-10: the same file once more skips or updates, and doubles nothing", async ({ page }) => {
  await register(page.request);
  await choose(page, "companies", real("accounts.csv"));
  await go(page, "Preview");
  await start(page, "Import 85 companies");

  await choose(page, "companies", real("accounts.csv"));
  await go(page, "Preview");
  await start(page, "Import 85 companies");
  expect(await counts(page)).toEqual(["0", "0", "85", "0"]);

  const changed = (await readFile(real("accounts.csv"), "utf8")).replace("Acme Corporation,technolgy", "Acme Corporation,technology");
  await choose(page, "companies", csv("accounts.csv", changed));
  await page.getByRole("radio", { name: "Update the company" }).check();
  await go(page, "Preview");
  await start(page, "Import 85 companies");
  expect(await counts(page)).toEqual(["0", "1", "84", "0"]);
  await expectTotal(page, "companies", "85");
  await find(page, "acme corp", /Acme Corporation/);
  await expect(page.getByText("technology", { exact: true }).first()).toBeVisible();
});

test("IMPORT-03, IMPORT-04: what is no table is refused in words; a mapping survives a reload and can be corrected", async ({ page }) => {
  await register(page.request);
  await page.goto("/import/contacts");
  const input = page.getByLabel("File to import");
  await input.setInputFiles(csv("empty.csv", ""));
  await expect(page.getByText("The file is empty.")).toBeVisible();
  await input.setInputFiles({ name: "book.xlsx", mimeType: "application/zip", buffer: Buffer.from("PK\u0003\u0004rest") });
  await expect(page.getByText("The workbook cannot be read. Please save it again as .xlsx, or the sheet as CSV.")).toBeVisible();
  await input.setInputFiles(csv("people.csv", "who,work,home\nAda,,ada@example.com\n"));

  // For want of a name it was composed; without that nothing feeds the name: it is said, and it does not go on.
  await expect(page.getByRole("textbox", { name: "First name" })).toHaveValue("{home}");
  await page.getByRole("button", { name: "Leave First name out" }).click();
  await expect(page.getByText(/First name is required/)).toBeVisible();
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByLabel("Field for who")).toBeVisible();
  await page.getByLabel("Field for who").selectOption("first_name");
  await page.getByLabel("Field for work").selectOption("email");
  await page.getByLabel("Field for home").selectOption("email");
  await page.reload();
  await expect(page.getByLabel("Field for home")).toHaveValue("email");
  await page.getByRole("button", { name: "Use first" }).last().click();
  await go(page, "Preview");
  await expect(page.getByRole("row", { name: /Ada/ })).toContainText("ada@example.com");
  // Back is back, and the decisions are still there.
  await page.goBack();
  await expect(page.getByText(/Where .+ is empty/)).toBeVisible();
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 390, height: 844 } });

  test("Accessibility, Phone: every step of an import by keyboard, without violations or sideways scrolling, in both themes", async ({ page }) => {
    await register(page.request);
    const said = complaints(page);
    const found: string[] = [];
    const look = async () => {
      await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
      found.push(...(await violations(page)));
      const { sideways, down } = await excess(page);
      if (sideways > 0 || down > 0) found.push(`${page.url()} is ${sideways} × ${down} px too large`);
    };
    const press = async (name: string | RegExp) => {
      await page.getByRole("button", { name }).focus();
      await page.keyboard.press("Enter");
    };
    await page.goto("/contacts");
    await expect(page.getByRole("heading", { level: 1, name: "Contacts" })).toBeVisible();
    await page.keyboard.press("Control+k");
    await page.keyboard.type("import contacts");
    await expect(page.getByRole("option", { name: "Import contacts" })).toBeVisible();
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { level: 1, name: "Import contacts" })).toBeFocused();
    await look();
    const chooser = page.waitForEvent("filechooser");
    await press("Choose file");
    await (await chooser).setFiles(csv("people.csv", "first name,email,phone,owner\nAda,ada@example.com,+1 202 555 0143,Grace Hopper\nBob,wrong,,\nCleo,cleo@example.com,ask her,\nDan\n"));
    await expect(page.getByRole("heading", { name: "Columns of the file" })).toBeVisible();
    await look();
    await press("Continue");
    await expect(page.getByLabel("Grace Hopper stands for")).toBeVisible();
    await page.getByLabel("Grace Hopper stands for").selectOption({ label: "Invite by email…" });
    // The field for the address takes the focus as soon as it is there.
    await expect(page.getByRole("textbox", { name: "Email address of Grace Hopper" })).toBeFocused();
    await page.keyboard.type(`grace-${Date.now()}@example.com`);
    await look();
    await press("Continue");
    await expect(page.getByRole("row", { name: /Bob/ })).toBeVisible();
    const beyond = await page.getByRole("group", { name: "First rows" }).evaluate((rows) => rows.scrollWidth - rows.clientWidth);
    if (beyond > 0) found.push(`the first rows are ${beyond} px wider than their card`);
    await look();
    await press("Import 2 of 4 contacts");
    await expectResult(page);
    await expect(page.getByRole("button", { name: /^Copy link for grace-/ })).toBeVisible();
    await look();
    await press("Background work");
    await expect(page.getByRole("dialog", { name: "Background work" }).getByRole("link", { name: /people\.csv/ })).toBeFocused();
    await look();
    expect(found).toEqual([]);
    expect(said).toEqual([]);
  });
});
