import { expect, type Page, test, WITH_MOTION } from "../fixtures/test";
import { create, newAccount, register } from "../fixtures/account";
import { hold } from "../fixtures/problems";

test.use(WITH_MOTION);

/** What has the focus, for messages that explain themselves. */
const focused = (page: Page) => page.evaluate(() => document.activeElement?.outerHTML.slice(0, 120) ?? "");

test("WEB-30: each sequence of keys has its own time, however quickly they follow each other", async ({ page }) => {
  await register(page.request);
  await page.goto("/");
  const heading = (name: string) => page.getByRole("heading", { level: 1, name });
  await expect(heading("Dashboard")).toBeVisible();
  await page.keyboard.press("g");
  await page.keyboard.press("p");
  await expect(heading("Contacts")).toBeFocused();
  // The time of the first sequence runs out between the keys of the second.
  await page.waitForTimeout(500);
  await page.keyboard.press("g");
  await page.waitForTimeout(700);
  await page.keyboard.press("d");
  await expect(heading("Deals")).toBeFocused();
  // Too late: the second key stands alone.
  await page.keyboard.press("g");
  await page.waitForTimeout(1_500);
  await page.keyboard.press("p");
  await page.keyboard.press("g");
  await page.keyboard.press("b");
  await expect(heading("Pipeline")).toBeFocused();
});

test("WEB-30, COMPANY-01: from signing in to an edited company without a mouse", async ({ browser, page }) => {
  const account = await register(page.request);
  const context = await browser.newContext();
  const at = await context.newPage();
  const key = (keys: string) => at.keyboard.press(keys);
  await at.goto("/login");
  await expect(at.getByRole("textbox", { name: "Email" })).toBeFocused();
  await at.keyboard.type(account.email);
  await key("Tab");
  await at.keyboard.type(account.password);
  await key("Enter");
  await expect(at.getByRole("heading", { level: 1, name: "Dashboard" })).toBeVisible();

  // G and a letter go to pages, whose headings get the focus.
  const go = async (letter: string, heading: string, path: string) => {
    await key("g");
    await key(letter);
    await expect(at.getByRole("heading", { level: 1, name: heading })).toBeFocused();
    await expect(at).toHaveURL(new RegExp(`${path}$`));
  };
  await go("p", "Contacts", "/contacts");
  await go("d", "Deals", "/deals");
  await go("b", "Pipeline", "/pipeline");
  await go("c", "Companies", "/companies");

  // C makes a company, Ctrl+Enter saves it; it opens beside the list.
  const make = async (name: string) => {
    await key("c");
    await expect(at.getByRole("dialog").getByRole("textbox", { name: "Name", exact: true })).toBeFocused();
    await at.keyboard.type(name);
    await key("Control+Enter");
    await expect(at.getByRole("dialog")).toHaveCount(0);
    await expect(at.getByRole("complementary", { name: "Company" })).toBeVisible();
    await key("Escape");
    await expect(at.getByRole("complementary", { name: "Company" })).toHaveCount(0);
  };
  for (const name of ["Aster", "Birch", "Cedar"]) await make(name);
  const grid = at.getByRole("grid", { name: "Companies" });
  await at.goto("/companies?sort_by=name");
  await expect(at.getByRole("link", { name: "Cedar" })).toBeVisible();

  // J and K move, Enter opens beside the list, Escape closes and gives the focus back.
  await key("j");
  await expect(grid).toBeFocused();
  await key("j");
  await key("j");
  await key("k");
  await key("Enter");
  await expect(at).toHaveURL(/open=/);
  const panel = at.getByRole("complementary", { name: "Company" });
  await expect(panel.getByText("Birch").first()).toBeVisible();
  await key("j");
  await expect(panel.getByText("Cedar").first()).toBeVisible();
  await key("Escape");
  await expect(panel).toHaveCount(0);
  await expect(grid, await focused(at)).toBeFocused();

  // E edits, Enter saves.
  await key("k");
  await key("e");
  const editor = at.getByRole("grid").getByRole("textbox");
  await expect(editor).toBeFocused();
  await at.keyboard.type("birch.example");
  await key("Enter");
  await expect(at.getByRole("row", { name: /Birch/ }).getByText("birch.example").first()).toBeVisible();
  await expect(grid).toBeFocused();

  // X selects.
  await key("x");
  await expect(at.getByText("1 selected")).toBeVisible();
  await key("Escape");
  await expect(at.getByText("1 selected")).toHaveCount(0);

  // The slash searches, F filters, and Escape leaves both.
  await key("/");
  await expect(at.getByRole("searchbox", { name: "Search companies" })).toBeFocused();
  await at.keyboard.type("ced");
  await expect(at.getByRole("link", { name: "Aster" })).toHaveCount(0);
  await expect(at.getByRole("link", { name: "Cedar" })).toBeVisible();
  await key("Escape");
  await context.close();
});

test("SEARCH-02, WEB-04: help, palette and menus by keyboard", async ({ page }) => {
  await register(page.request);
  const company = await create(page.request, "companies", { name: "Amber Lantern" });
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1, name: "Dashboard" })).toBeVisible();
  await page.keyboard.press("?");
  const help = page.getByRole("dialog", { name: /shortcuts/i });
  await expect(help).toBeVisible();
  await expect(help.getByText("Go to Companies")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(help).toHaveCount(0);

  // A record by a part of its name, misspelt; Enter opens it.
  await page.keyboard.press("Control+k");
  const search = page.getByRole("combobox", { name: "Search records and commands" });
  await expect(search).toBeFocused();
  await page.keyboard.type("amber lantrn");
  await expect(page.getByRole("option", { name: /Amber Lantern/ })).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`/companies/${company.id}$`));
  await expect(page.getByRole("heading", { level: 1, name: "Amber Lantern" })).toBeFocused();

  // A command by its name. What was found for the text before is not in its way while the server is still asked.
  await page.keyboard.press("Control+k");
  await expect(search).toBeFocused();
  await page.keyboard.type("amber");
  await expect(page.getByRole("group", { name: "Companies" }).getByRole("option", { name: /Amber Lantern/ })).toBeVisible();
  const answer = await hold(page, /\/search\?q=new%20contact/);
  await search.fill("new contact");
  await expect(page.getByRole("option").first()).toContainText("New contact");
  await page.keyboard.press("Enter");
  const form = page.getByRole("dialog", { name: "New contact" });
  await expect(form).toBeVisible();
  answer();
  await page.keyboard.press("Escape");
  await expect(form).toHaveCount(0);

  // Who has gone down the list stays on their line when hits come in above it.
  await create(page.request, "companies", { name: "New Haven" });
  const answerNew = await hold(page, /\/search\?q=new&/);
  await page.keyboard.press("Control+k");
  await expect(search).toBeFocused();
  await page.keyboard.type("new");
  await page.keyboard.press("ArrowDown");
  const line = page.getByRole("option", { selected: true });
  const chosen = await line.innerText();
  expect(chosen).toMatch(/^New /);
  answerNew();
  await expect(page.getByRole("option").first()).toContainText("New Haven");
  await expect(line).toHaveText(chosen, { useInnerText: true });
  await page.keyboard.press("Escape");
  await expect(search).toHaveCount(0);

  // E edits all fields of the record.
  await page.keyboard.press("e");
  await expect(page.getByRole("dialog", { name: "Edit Amber Lantern" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);

  // Skip link first, then the frame.
  await page.reload();
  await expect(page.getByRole("heading", { level: 1, name: "Amber Lantern" })).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: /skip/i })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("main")).toBeFocused();
});

test("AUTH-01: a wrong password says so at the form and loses nothing but the password", async ({ page }) => {
  const { email } = newAccount();
  await page.goto("/login");
  await expect(page.getByRole("textbox", { name: "Email" })).toBeFocused();
  await page.keyboard.type(email);
  await page.keyboard.press("Tab");
  await page.keyboard.type("not the password 1");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert").filter({ hasText: /email|password/i })).toBeVisible();
  await expect(page.getByRole("textbox", { name: "Email" })).toHaveValue(email);
});
