import { expect, type Page, test } from "../fixtures/test";
import { type Account, create, register } from "../fixtures/account";

/** The browser loses its cookie as it sends this: nobody tells the page before. */
async function loseCookieWith(page: Page, method: string, path: string): Promise<void> {
  let isLost = false;
  await page.route(path, async (route) => {
    if (isLost || route.request().method() !== method) return route.fallback();
    isLost = true;
    await page.context().clearCookies();
    await route.continue();
  });
}

/** Signs in again in the dialog that is over the page. */
async function signInAgain(page: Page, account: Account): Promise<void> {
  const dialog = page.getByRole("dialog", { name: "Please sign in again" });
  await expect(dialog.getByRole("textbox", { name: "Email" })).toHaveValue(account.email);
  await dialog.getByLabel("Password", { exact: false }).first().fill(account.password);
  await dialog.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(dialog).toBeHidden();
}

test("AUTH-03, AUTH-04: when the session ends while a form is open, signing in over it keeps what was typed", async ({ page }) => {
  const account = await register(page.request);
  await page.goto("/companies");
  await page.getByRole("button", { name: "New company" }).first().click();
  const form = page.getByRole("dialog", { name: "New company" });
  await form.getByRole("textbox", { name: "Name", exact: true }).fill("Blue Finch Ltd");
  await form.getByRole("textbox", { name: "Industry" }).fill("Shipbuilding");
  // Another tab signs out: the server tells this one at once.
  await page.request.post("/api/v1/auth/logout");
  await signInAgain(page, account);
  await expect(form.getByRole("textbox", { name: "Name", exact: true })).toHaveValue("Blue Finch Ltd");
  await expect(form.getByRole("textbox", { name: "Industry" })).toHaveValue("Shipbuilding");
  await form.getByRole("button", { name: "Create company" }).click();
  await expect(form).toBeHidden();
  await expect(page.getByRole("link", { name: "Blue Finch Ltd" }).first()).toBeVisible();
});

test("AUTH-03: the action that meets an ended session is carried out after signing in", async ({ page }) => {
  const account = await register(page.request);
  const company = await create(page.request, "companies", { name: "Blue Finch Ltd", industry: "Fishing" });
  await page.goto(`/companies/${company.id}`);
  const properties = page.getByRole("region", { name: "Properties" });
  await properties.getByRole("button", { name: /edit industry/i }).click();
  await properties.getByRole("textbox", { name: "Industry" }).fill("Shipbuilding");
  await loseCookieWith(page, "PATCH", `**/api/v1/companies/${company.id}`);
  await properties.getByRole("textbox", { name: "Industry" }).press("Enter");
  await signInAgain(page, account);
  await expect(properties.getByText("Shipbuilding")).toBeVisible();
  await expect.poll(async () => (await (await page.request.get(`/api/v1/companies/${company.id}`)).json()).industry).toBe("Shipbuilding");

  // The same for a form: it is sent once, after signing in.
  await page.goto("/companies");
  await page.getByRole("button", { name: "New company" }).first().click();
  const form = page.getByRole("dialog", { name: "New company" });
  await form.getByRole("textbox", { name: "Name", exact: true }).fill("Green Heron");
  await loseCookieWith(page, "POST", "**/api/v1/companies");
  await form.getByRole("button", { name: "Create company" }).click();
  await signInAgain(page, account);
  await expect(form).toBeHidden();
  await expect(page.getByRole("link", { name: "Green Heron" }).first()).toBeVisible();
  const all = await (await page.request.get("/api/v1/companies?search=heron")).json();
  expect(all.data).toHaveLength(1);
});

test("AUTH-03: going to another page with an ended session asks to sign in and then shows that page", async ({ page }) => {
  const account = await register(page.request);
  await create(page.request, "companies", { name: "Blue Finch Ltd" });
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1, name: "Dashboard" })).toBeVisible();
  await loseCookieWith(page, "GET", "**/api/v1/companies?*");
  await page.getByRole("link", { name: "Companies" }).first().click();
  await signInAgain(page, account);
  await expect(page.getByRole("link", { name: "Blue Finch Ltd" })).toBeVisible();
  await expect(page).toHaveURL(/\/companies$/);
});

test("AUTH-03: signing in again leads back to the organization that the page shows", async ({ page }) => {
  const account = await register(page.request);
  const second = await page.request.post("/api/v1/orgs", { data: { name: "Second Quay" } });
  expect(second.status(), await second.text()).toBe(201);
  const company = await create(page.request, "companies", { name: "Blue Finch Ltd" });
  await page.goto(`/companies/${company.id}`);
  await expect(page.getByRole("heading", { level: 1, name: "Blue Finch Ltd" })).toBeVisible();
  await page.request.post("/api/v1/auth/logout");
  await signInAgain(page, account);
  await expect(page.getByRole("heading", { level: 1, name: "Blue Finch Ltd" })).toBeVisible();
  await page.reload();
  await expect(page.getByRole("heading", { level: 1, name: "Blue Finch Ltd" })).toBeVisible();
});

test("AUTH-15: a visitor is led to the sign-in page and then to where they wanted to go, with a clean console", async ({ browser, page }) => {
  const account = await register(page.request);
  const company = await create(page.request, "companies", { name: "Blue Finch Ltd" });
  const context = await browser.newContext();
  const visitor = await context.newPage();
  const said: string[] = [];
  visitor.on("console", (message) => said.push(message.text()));
  visitor.on("pageerror", (error) => said.push(error.message));
  await visitor.goto(`/companies/${company.id}`);
  await expect(visitor.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
  expect(said).toEqual([]);
  await visitor.getByRole("textbox", { name: "Email" }).fill(account.email);
  await visitor.getByLabel("Password", { exact: false }).first().fill(account.password);
  await visitor.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(visitor.getByRole("heading", { level: 1, name: "Blue Finch Ltd" })).toBeVisible();
  // Signing out ends it: the address is closed again, also by Back.
  await visitor.getByRole("button", { name: /: your account/ }).click();
  await visitor.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(visitor.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
  await visitor.goBack();
  await expect(visitor.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
  expect(said).toEqual([]);
  await context.close();
});
