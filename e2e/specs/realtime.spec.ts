import { expect, type Page, type Route, test } from "../fixtures/test";
import { create, newAccount, register } from "../fixtures/account";
import { card } from "../fixtures/board";
import { complaints } from "../fixtures/console";
import { colleague } from "../fixtures/people";

/** Makes a company in the page's own form. */
async function newCompany(page: Page, name: string): Promise<void> {
  await page.goto("/companies");
  await page.getByRole("button", { name: "New company" }).first().click();
  const form = page.getByRole("dialog");
  await form.getByRole("textbox", { name: "Name", exact: true }).fill(name);
  await form.getByRole("button", { name: "Create company" }).click();
  await expect(form).toBeHidden();
}

test("AUTH-31, AUTH-34, REALTIME-01: a colleague invited by a link joins and sees my new company without reloading", async ({ browser, page }) => {
  await register(page.request);
  const said = complaints(page);
  // The link is made in one browser and opened in another.
  await page.goto("/settings/members");
  await page.getByRole("button", { name: "Invite member" }).click();
  const { email, password } = newAccount();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox", { name: "Email" }).fill(email);
  await dialog.getByRole("radio", { name: /^Manager/ }).check();
  await dialog.getByRole("button", { name: "Create invitation" }).click();
  const lost = await dialog.getByRole("textbox", { name: "Invitation link" }).inputValue();
  await dialog.getByRole("button", { name: "Done" }).click();
  // A lost link is replaced by another one.
  await page.getByRole("row", { name: new RegExp(email) }).getByRole("button", { name: "New link" }).click();
  const link = await dialog.getByRole("textbox", { name: "Invitation link" }).inputValue();
  expect(link).not.toBe(lost);
  await dialog.getByRole("button", { name: "Done" }).click();

  const context = await browser.newContext();
  const theirs = await context.newPage();
  const saidToo = complaints(theirs);
  await theirs.goto(link);
  await theirs.getByRole("textbox", { name: "Your name" }).fill("Karim Haddad");
  await theirs.getByLabel("Password", { exact: false }).first().fill(password);
  await theirs.getByRole("button", { name: /^Join / }).click();
  await expect(theirs.getByRole("heading", { level: 1, name: "Dashboard" })).toBeVisible();
  // The list of members of the one who invited shows it, too.
  await expect(page.getByRole("row", { name: /Karim Haddad/ })).toBeVisible();
  // The invitation is used up.
  await expect(page.getByRole("row", { name: new RegExp(email) })).toHaveCount(1);

  await theirs.getByRole("link", { name: "Companies" }).first().click();
  await expect(theirs.getByText("No companies yet")).toBeVisible();
  await newCompany(page, "Blue Finch Ltd");
  await expect(theirs.getByRole("link", { name: "Blue Finch Ltd" })).toBeVisible();
  expect([...said, ...saidToo]).toEqual([]);
  await context.close();
});

test("REALTIME-01, REALTIME-04, WEB-05: a field edited in place and tags appear on a colleague's page, with their timeline", async ({ browser, page }) => {
  await register(page.request);
  const company = await create(page.request, "companies", { name: "Blue Finch Ltd" });
  const them = await colleague(browser, page.request, "manager", "Karim Haddad");
  const said = complaints(them.page);
  await them.page.goto(`/companies/${company.id}`);
  const properties = them.page.getByRole("region", { name: "Properties" });
  await expect(properties.getByRole("button", { name: /edit industry/i })).toBeVisible();
  await page.goto(`/companies/${company.id}`);
  const mine = page.getByRole("region", { name: "Properties" });
  await mine.getByRole("button", { name: /edit industry/i }).click();
  await mine.getByRole("textbox", { name: "Industry" }).fill("Shipbuilding");
  await mine.getByRole("textbox", { name: "Industry" }).press("Enter");
  await expect(properties.getByText("Shipbuilding")).toBeVisible();
  const timeline = them.page.getByRole("region", { name: "Timeline" });
  await expect(timeline.getByRole("listitem").filter({ hasText: /Ines Vogel.*industry/i })).toHaveCount(1);
  for (const tag of ["harbour", "priority"]) {
    const tagged = await page.request.post(`/api/v1/companies/${company.id}/tags`, { data: { tags: [tag] } });
    expect(tagged.ok()).toBe(true);
    await expect(properties.getByText(tag)).toBeVisible();
  }
  expect(said).toEqual([]);
  await them.context.close();
});

test("REALTIME-02, REALTIME-04: a moved card moves on a colleague's board, and what they do stands in my feed", async ({ browser, page }) => {
  await register(page.request);
  await create(page.request, "deals", { name: "Crane hire", amount_minor: 480_000 });
  const them = await colleague(browser, page.request, "manager", "Karim Haddad");
  await them.page.goto("/pipeline");
  await expect(card(them.page, "Prospecting", "Crane hire")).toBeVisible();
  await page.goto("/pipeline");
  await card(page, "Prospecting", "Crane hire").focus();
  await page.keyboard.press("Space");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Space");
  await expect(card(them.page, "Qualification", "Crane hire")).toBeVisible();
  await expect(card(them.page, "Prospecting", "Crane hire")).toHaveCount(0);

  await page.keyboard.press("g");
  await page.keyboard.press("h");
  await expect(page.getByRole("heading", { level: 1, name: "Dashboard" })).toBeVisible();
  await card(them.page, "Qualification", "Crane hire").focus();
  await them.page.keyboard.press("Space");
  await them.page.keyboard.press("ArrowRight");
  await them.page.keyboard.press("Space");
  await expect(page.getByRole("listitem").filter({ hasText: /Karim Haddad.*Crane hire/ }).first()).toBeVisible();
  await them.context.close();
});

test("REALTIME-01: after a broken connection what was missed is shown", async ({ browser, page }) => {
  await register(page.request);
  const them = await colleague(browser, page.request, "manager", "Karim Haddad");
  let cut = false;
  let sever = () => {};
  await them.page.routeWebSocket(/\/api\/v1\/ws/, (socket) => {
    if (cut) {
      socket.close({ code: 1001 });
      return;
    }
    socket.connectToServer();
    sever = () => socket.close({ code: 1001 });
  });
  await them.page.goto("/companies");
  await expect(them.page.getByText("No companies yet")).toBeVisible();
  await create(page.request, "companies", { name: "Before the storm" });
  await expect(them.page.getByRole("link", { name: "Before the storm" })).toBeVisible();

  cut = true;
  sever();
  // The page says so once it lasts.
  await expect(them.page.getByText("Reconnecting…")).toBeVisible();
  await create(page.request, "companies", { name: "In the storm" });
  await expect(them.page.getByRole("link", { name: "In the storm" })).toHaveCount(0);

  // The browser tells the page when the network is back: it does not wait for its next attempt.
  cut = false;
  await them.page.evaluate(() => window.dispatchEvent(new Event("online")));
  await expect(them.page.getByRole("link", { name: "In the storm" })).toBeVisible();
  await expect(them.page.getByText("Reconnecting…")).toHaveCount(0);
  // And it is live again.
  await create(page.request, "companies", { name: "After the storm" });
  await expect(them.page.getByRole("link", { name: "After the storm" })).toBeVisible();
  await them.context.close();
});

test("SEARCH-01, REALTIME-01: a company made while others search the list is found at once", async ({ browser, page }) => {
  await register(page.request);
  const them = await colleague(browser, page.request, "manager", "Karim Haddad");
  await them.page.goto("/companies?search=lantern");
  await expect(them.page.getByText("No companies match")).toBeVisible();
  for (const name of ["Green Lantern", "Lantern Works", "Old Lanterns"]) {
    await create(page.request, "companies", { name });
    await expect(them.page.getByRole("link", { name })).toBeVisible();
  }
  // Made and looked for before anything is open.
  await create(page.request, "companies", { name: "Lantern Bay" });
  await page.goto("/companies?search=lantern%20bay");
  await expect(page.getByRole("link", { name: "Lantern Bay" })).toBeVisible();
  await them.context.close();
});

test("REALTIME-01, SEARCH-01: what happens between the first fetch and the live connection is not missed", async ({ page }) => {
  await register(page.request);
  let connect = () => {};
  const gate = new Promise<void>((open) => {
    connect = open;
  });
  await page.routeWebSocket(/\/api\/v1\/ws/, async (socket) => {
    await gate;
    socket.connectToServer();
  });
  await page.goto("/companies?search=heron");
  await expect(page.getByText("No companies match")).toBeVisible();
  await create(page.request, "companies", { name: "Green Heron" });
  // The change is told to those who are connected: this page is not yet.
  await expect.poll(async () => (await (await page.request.get("/api/v1/companies?search=heron")).json()).data.length).toBe(1);
  await expect(page.getByRole("link", { name: "Green Heron" })).toHaveCount(0);
  connect();
  await expect(page.getByRole("link", { name: "Green Heron" })).toBeVisible();
});

test("REALTIME-01, WEB-05: a company made while its list is being fetched is in the list", async ({ page }) => {
  await register(page.request);
  let holding = false;
  let held: Route | undefined;
  await page.route("**/api/v1/companies?*", (route) => {
    if (!holding) return route.continue();
    held = route;
    holding = false;
  });
  // The list without the company and the company's own answer come in the same moment.
  await page.route("**/api/v1/companies", async (route) => {
    if (!held) return route.continue();
    const [before, made] = [await held.fetch(), await route.fetch()];
    await Promise.all([held.fulfill({ response: before }), route.fulfill({ response: made })]);
  });
  for (const name of ["Blue Finch", "Green Heron", "Red Kite"]) {
    await page.goto("/companies");
    await page.getByRole("button", { name: "New company" }).first().click();
    const form = page.getByRole("dialog", { name: "New company" });
    await form.getByRole("textbox", { name: "Name", exact: true }).fill(name);
    // Of a new tag the page is told, and fetches the list again.
    [holding, held] = [true, undefined];
    await create(page.request, "tags", { name: `For ${name}`, category: "company" });
    await expect.poll(() => held !== undefined).toBe(true);
    await form.getByRole("button", { name: "Create company" }).click();
    await expect(form).toBeHidden();
    await expect(page.getByRole("grid").getByText(name)).toBeVisible();
  }
});

test("REALTIME-01, WEB-05: an answer that was on its way while a change was saved does not bring the old value back", async ({ page }) => {
  await register(page.request);
  const company = await create(page.request, "companies", { name: "Blue Finch Ltd", industry: "Fishing" });
  await page.goto(`/companies/${company.id}`);
  const properties = page.getByRole("region", { name: "Properties" });
  const shown = (industry: string) => properties.getByRole("button", { name: new RegExp(`^${industry} ?, edit industry`, "i") });
  const change = async (to: string) => {
    await properties.getByRole("button", { name: /edit industry/i }).click();
    await properties.getByRole("textbox", { name: "Industry" }).fill(to);
    const saved = page.waitForResponse((response) => response.request().method() === "PATCH");
    await properties.getByRole("textbox", { name: "Industry" }).press("Enter");
    await saved;
  };
  await expect(shown("Fishing")).toBeVisible();
  await page.waitForLoadState("networkidle");
  // What the server says from now on is read, and comes later.
  const coming: (() => Promise<void>)[] = [];
  await page.route(`**/api/v1/companies/${company.id}`, async (route) => {
    if (route.request().method() !== "GET") return route.fallback();
    const response = await route.fetch();
    coming.push(() => route.fulfill({ response }));
  });
  await change("Retail");
  await expect.poll(() => coming.length).toBeGreaterThan(0);
  await change("Shipping");
  await expect(shown("Shipping")).toBeVisible();
  const late = page.waitForResponse((response) => response.request().method() === "GET" && response.url().endsWith(company.id));
  await coming[0]();
  expect((await (await late).json()).industry).toBe("Retail");
  // It asks once more, and shows until then what was saved.
  await expect.poll(() => coming.length).toBeGreaterThan(1);
  await expect(shown("Shipping")).toBeVisible();
  for (const answer of coming.slice(1)) await answer();
  await expect(shown("Shipping")).toBeVisible();
});
