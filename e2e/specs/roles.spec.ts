import { expect, type Page, test } from "../fixtures/test";
import { create, register } from "../fixtures/account";
import { card } from "../fixtures/board";
import { follow } from "../fixtures/follow";
import { colleague, whoami } from "../fixtures/people";

/** Buttons and fields that change something on a record's page. */
const edits = (page: Page) => page.getByRole("region", { name: "Properties" }).getByRole("button", { name: /edit /i });

test("AUTH-12, AUTH-14: a viewer sees everything and no button that changes anything", async ({ browser, page }) => {
  await register(page.request);
  const company = await create(page.request, "companies", { name: "Blue Finch Ltd" });
  const deal = await create(page.request, "deals", { name: "Crane hire", company_id: company.id });
  const { page: at, context } = await colleague(browser, page.request, "viewer", "Vera Stone");

  await at.goto("/companies");
  await expect(at.getByRole("link", { name: "Blue Finch Ltd" })).toBeVisible();
  for (const name of ["New company", "Create", "Import"]) {
    await expect(at.getByRole("button", { name, exact: true })).toHaveCount(0);
    await expect(at.getByRole("link", { name, exact: true })).toHaveCount(0);
  }
  await at.keyboard.press("c");
  await expect(at.getByRole("dialog")).toHaveCount(0);
  await at.getByRole("checkbox", { name: "Select Blue Finch Ltd" }).check();
  await expect(at.getByText("1 selected")).toBeVisible();
  await expect(at.getByRole("toolbar").getByRole("button", { name: "Archive" })).toHaveCount(0);
  await at.getByRole("row", { name: /Blue Finch/ }).getByRole("gridcell").nth(2).dblclick();
  await expect(at.getByRole("grid").getByRole("textbox")).toHaveCount(0);

  await follow(at, `/companies/${company.id}`);
  await expect(at.getByRole("heading", { level: 1, name: "Blue Finch Ltd" })).toBeVisible();
  await expect(at.getByRole("region", { name: "Properties" }).getByText("Industry")).toBeVisible();
  await expect(edits(at)).toHaveCount(0);
  await at.getByRole("button", { name: "More actions" }).click();
  await expect(at.getByRole("menuitem", { name: "Copy link" })).toBeVisible();
  await expect(at.getByRole("menuitem")).toHaveCount(1);
  await at.keyboard.press("Escape");

  await follow(at, `/deals/${deal.id}`);
  await expect(at.getByRole("heading", { level: 1, name: "Crane hire" })).toBeVisible();
  for (const name of ["Win", "Lose", "Abandon"]) await expect(at.getByRole("button", { name, exact: true })).toHaveCount(0);
  await follow(at, "/pipeline");
  await expect(card(at, "Prospecting", "Crane hire")).toBeVisible();
  await expect(at.getByRole("button", { name: "New deal" })).toHaveCount(0);
  await expect(at.getByRole("link", { name: "Configure" })).toHaveCount(0);
  await expect(at.getByRole("button", { name: "New pipeline" })).toHaveCount(0);
  await card(at, "Prospecting", "Crane hire").focus();
  await at.keyboard.press("m");
  await expect(at.getByRole("dialog")).toHaveCount(0);
  await expect(at.getByText("You can move your own deals only").first()).toBeVisible();

  // The server says the same.
  expect((await context.request.post("/api/v1/companies", { data: { name: "Mine" } })).status()).toBe(403);
  await context.close();
});

test("AUTH-15, AUTH-28: pages for administrators are closed to others, with a word instead of a loop", async ({ browser, page }) => {
  await register(page.request);
  for (const role of ["viewer", "member", "manager"] as const) {
    const { page: at, context } = await colleague(browser, page.request, role, "Vera Stone");
    await at.goto("/settings");
    await expect(at.getByRole("heading", { level: 1, name: "Profile" })).toBeVisible();
    await expect(at.getByRole("navigation", { name: "Settings" }).getByRole("link", { name: "Members" })).toHaveCount(0);
    for (const path of ["/settings/organization", "/settings/audit-log"]) {
      await follow(at, path);
      await expect(at.getByText("You do not have access to this page")).toBeVisible();
      await expect(at).toHaveURL(new RegExp(`${path}$`));
    }
    // By its address, too.
    await at.goto("/settings/members");
    await expect(at.getByText("You do not have access to this page")).toBeVisible();
    await expect(at).toHaveURL(/\/settings\/members$/);
    await context.close();
  }
  const { page: at, context } = await colleague(browser, page.request, "admin", "Ada Lind");
  await at.goto("/settings/members");
  await expect(at.getByRole("row", { name: /Ines Vogel/ })).toBeVisible();
  await context.close();
});

test("AUTH-08, AUTH-09, AUTH-10, AUTH-20: what managers, administrators and owners may do with a record", async ({ browser, page }) => {
  await register(page.request);
  const company = await create(page.request, "companies", { name: "Blue Finch Ltd" });
  const offers = async (at: Page, actions: string[]) => {
    await at.goto(`/companies/${company.id}`);
    await expect(edits(at).first()).toBeVisible();
    await at.getByRole("button", { name: "More actions" }).click();
    await expect(at.getByRole("menuitem")).toHaveText(actions.map((action) => new RegExp(action)));
    await at.keyboard.press("Escape");
  };
  const manager = await colleague(browser, page.request, "manager", "Mona Reis");
  await offers(manager.page, ["New contact", "New deal", "Copy link"]);
  await manager.context.close();
  const everything = ["New contact", "New deal", "Copy link", "Archive", "Delete permanently"];
  const admin = await colleague(browser, page.request, "admin", "Ada Lind");
  await offers(admin.page, everything);
  // Only an owner can delete the organization.
  await follow(admin.page, "/settings/organization");
  await expect(admin.page.getByRole("heading", { level: 1, name: "Organization" })).toBeVisible();
  await expect(admin.page.getByRole("button", { name: /delete organization/i })).toHaveCount(0);
  await admin.context.close();
  await offers(page, everything);
  await follow(page, "/settings/organization");
  await expect(page.getByRole("button", { name: /delete organization/i })).toBeVisible();
});

test("AUTH-11, AUTH-17, AUTH-35: a member changes their own records and only sees those of others", async ({ browser, page }) => {
  await register(page.request);
  const theirs = await create(page.request, "companies", { name: "Blue Finch Ltd" });
  const member = await colleague(browser, page.request, "member", "Mats Berg");
  const at = member.page;
  // Mine first; an empty one offers all.
  await at.goto("/companies");
  await expect(at.getByText("You own no companies yet")).toBeVisible();
  await at.getByRole("button", { name: "Show all companies" }).click();
  await expect(at.getByRole("link", { name: "Blue Finch Ltd" })).toBeVisible();
  await follow(at, `/companies/${theirs.id}`);
  await expect(at.getByRole("heading", { level: 1, name: "Blue Finch Ltd" })).toBeVisible();
  await expect(edits(at)).toHaveCount(0);

  const own = await create(member.context.request, "companies", { name: "Green Heron" });
  await follow(at, `/companies/${own.id}`);
  await expect(edits(at).first()).toBeVisible();
  await at.getByRole("button", { name: "More actions" }).click();
  await expect(at.getByRole("menuitem", { name: "Archive" })).toBeVisible();
  await expect(at.getByRole("menuitem", { name: "Delete permanently" })).toHaveCount(0);
  await at.keyboard.press("Escape");

  // A record given away is closed at once, one received is open.
  const { user } = await whoami(page.request);
  const given = await page.request.patch(`/api/v1/companies/${own.id}`, { data: { owner_id: user.id } });
  expect(given.status()).toBe(200);
  await expect(edits(at)).toHaveCount(0);
  await page.request.patch(`/api/v1/companies/${own.id}`, { data: { owner_id: member.id } });
  await expect(edits(at).first()).toBeVisible();
  await member.context.close();
});

test("AUTH-24, AUTH-29, AUTH-30: a new role counts at once, and a removed member is out at once", async ({ browser, page }) => {
  await register(page.request);
  await create(page.request, "companies", { name: "Blue Finch Ltd" });
  const { page: at, context } = await colleague(browser, page.request, "viewer", "Vera Stone");
  await at.goto("/companies");
  await expect(at.getByRole("link", { name: "Blue Finch Ltd" })).toBeVisible();
  await expect(at.getByRole("button", { name: "New company" })).toHaveCount(0);

  await page.goto("/settings/members");
  const row = page.getByRole("row", { name: /Vera Stone/ });
  await row.getByRole("combobox").selectOption("manager");
  await expect(at.getByRole("button", { name: "New company" }).first()).toBeVisible();

  await row.getByRole("button", { name: /remove/i }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: /remove/i }).click();
  await expect(row).toHaveCount(0);
  // Their page closes by itself; nothing can be fetched any more.
  await expect(at.getByRole("dialog", { name: "Please sign in again" })).toBeVisible();
  expect((await context.request.get("/api/v1/companies")).status()).toBe(401);
  await context.close();
});

test("AUTH-13, AUTH-15: what is of a type that somebody may not view is not there, instead of failing", async ({ browser, page }) => {
  await register(page.request);
  const company = await create(page.request, "companies", { name: "Blue Finch Ltd" });
  const contact = await create(page.request, "contacts", { first_name: "Maria", company_id: company.id });
  const deal = await create(page.request, "deals", { name: "Crane hire", company_id: company.id, primary_contact_id: contact.id });
  const { page: at, context } = await colleague(browser, page.request, "member", "Vera Stone");
  let withheld = "";
  await at.route("**/api/v1/auth/session", async (route) => {
    const response = await route.fetch();
    const session = await response.json();
    if (session.me) delete session.me.permissions[withheld];
    await route.fulfill({ response, json: session });
  });
  const section = (name: string) => at.getByRole("region", { name, exact: true });
  const pages = [
    { path: `/contacts/${contact.id}`, sections: { Companies: "crm.company.view", Deals: "crm.deal.view" } },
    { path: `/companies/${company.id}`, sections: { Contacts: "crm.contact.view", Deals: "crm.deal.view" } },
    { path: `/deals/${deal.id}`, sections: { Contacts: "crm.contact.view", Companies: "crm.company.view" } },
  ];
  for (const { path, sections } of pages) {
    const names = Object.entries(sections);
    for (const [gone, permission] of names) {
      withheld = permission;
      await at.goto(path);
      for (const [name] of names) await expect(section(name)).toHaveCount(name === gone ? 0 : 1);
    }
  }
  await context.close();
});
