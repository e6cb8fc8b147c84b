import { expect, type Page, test } from "../fixtures/test";
import { create, register } from "../fixtures/account";
import { follow } from "../fixtures/follow";
import { colleague } from "../fixtures/people";

const pairs = (page: Page) => page.getByRole("article", { name: /^Possible duplicate/ });
const notices = (page: Page) => page.getByRole("region", { name: "Notifications" });

test("DEDUPE-01, DEDUPE-02, DEDUPE-03: pairs are found, dismissed and merged field by field, and both can be undone", async ({ page }) => {
  await register(page.request);
  const stays = await create(page.request, "contacts", { first_name: "Ada", last_name: "Lovelace", job_title: "Analyst" });
  const other = await create(page.request, "contacts", {
    first_name: "Ada", last_name: "Lovelace", job_title: "Countess", email: "ada@engine.example",
  });
  await create(page.request, "deals", { name: "Engine", primary_contact_id: other.id });
  await create(page.request, "contacts", { first_name: "Bob", last_name: "Builder", phone: "+1 415 555 2671" });
  await create(page.request, "contacts", { first_name: "Cleo", last_name: "Coder", phone: "+1 415 555 2671" });

  await page.goto("/settings");
  await page.getByRole("navigation", { name: "Settings" }).getByRole("link", { name: "Duplicates" }).click();
  await expect(pairs(page)).toHaveCount(2);
  await expect(pairs(page).first().getByText("Same name")).toBeVisible();
  await expect(pairs(page).first().getByText(/^\d+% alike$/)).toBeVisible();
  // Bob and Cleo share an office, and are not called nought per cent alike.
  await expect(pairs(page).last().getByText("Same phone number")).toBeVisible();
  await expect(pairs(page).last().getByText("Unlikely")).toBeVisible();

  await pairs(page).last().getByRole("button", { name: "Not the same" }).click();
  await expect(pairs(page)).toHaveCount(1);
  await notices(page).getByRole("button", { name: "Undo" }).click();
  await expect(pairs(page)).toHaveCount(2);
  await pairs(page).last().getByRole("button", { name: "Not the same" }).click();
  await expect(pairs(page)).toHaveCount(1);
  await page.getByRole("button", { name: "Search again" }).click();
  await expect(page.getByRole("button", { name: "Search again" })).not.toHaveAttribute("aria-busy", "true");
  await expect(pairs(page)).toHaveCount(1);

  await pairs(page).getByRole("button", { name: "Merge…" }).click();
  const dialog = page.getByRole("dialog", { name: "Merge Ada Lovelace" });
  await expect(dialog.getByRole("group", { name: "Email" }).getByRole("radio", { name: "ada@engine.example" })).toBeChecked();
  await expect(dialog.getByRole("status")).toHaveText("1 link of another record leads to the record that stays from then on.");
  await dialog.getByRole("group", { name: "Job title" }).getByRole("radio", { name: "Countess" }).check();
  await dialog.getByRole("button", { name: "Merge", exact: true }).click();
  await expect(notices(page).getByText("Ada Lovelace merged")).toBeVisible();
  await expect(page.getByText("No duplicates to review")).toBeVisible();
  const merged = await (await page.request.get(`/api/v1/contacts/${stays.id}`)).json();
  expect([merged.job_title, merged.email]).toEqual(["Countess", "ada@engine.example"]);

  await follow(page, `/contacts/${stays.id}`);
  await expect(page.getByRole("link", { name: "Engine" }).first()).toBeVisible();
});

test("DEDUPE-03, FIELD-01: several are merged from the list; what comes of it, and what does not go, is said before", async ({ page }) => {
  await register(page.request);
  const options = [{ label: "Gold" }, { label: "Silver" }];
  const tier = await create(page.request, "field-definitions", { entity: "company", name: "Tier", type: "select", options });
  const oldest = await create(page.request, "companies", { name: "Acme" });
  const second = await create(page.request, "companies", { name: "Acme", industry: "Retail", custom_fields: { tier: "silver" }, tags: ["Key"] });
  const third = await create(page.request, "companies", { name: "Acme Inc", industry: "Retail", website: "https://acme.example" });
  await create(page.request, "companies", { name: "Zenith" });
  await create(page.request, "deals", { name: "Anvils", company_id: third.id });
  await create(page.request, "deals", { name: "Rockets", company_id: second.id });
  const removed = await page.request.put(`/api/v1/field-definitions/${tier.id}`, { data: { options: [{ value: "gold", label: "Gold" }] } });
  expect(removed.status()).toBe(200);

  await page.goto("/companies?sort_by=name");
  const toolbar = page.getByRole("toolbar");
  const boxes = page.getByRole("grid").getByRole("checkbox", { name: /Acme/ });
  await boxes.nth(2).check();
  await expect(page.getByText("1 selected")).toBeVisible();
  await expect(toolbar.getByRole("button", { name: "Merge…" })).toHaveCount(0);
  await boxes.nth(1).check();
  await boxes.nth(0).check();
  await toolbar.getByRole("button", { name: "Merge…" }).click();
  const dialog = page.getByRole("dialog", { name: "Merge Acme" });
  const value = (field: string, name: string | RegExp) => dialog.getByRole("group", { name: field }).getByRole("radio", { name });
  // The oldest stays. What two of them share is offered once, what all share not at all.
  await expect(dialog.getByRole("group", { name: "The record that stays" }).getByRole("radio")).toHaveCount(3);
  await expect(dialog.getByRole("group", { name: "The record that stays" }).getByRole("radio").first()).toBeChecked();
  await expect(dialog.getByRole("group", { name: "Industry" }).getByRole("radio")).toHaveCount(2);
  await expect(value("Industry", "Retail")).toBeChecked();
  await expect(dialog.getByRole("group", { name: "Country" })).toHaveCount(0);
  // An option that was removed is nothing that a record can get.
  const outcome = dialog.getByRole("status");
  await expect(outcome).toContainText(/Tier/);
  await expect(dialog.getByRole("button", { name: "Merge", exact: true })).toBeDisabled();
  await value("Tier", "Nothing").check();
  await expect(outcome).toHaveText("2 links of other records lead to the record that stays from then on.");
  await value("Name", "Acme Inc").check();
  await expect(outcome).toHaveText("2 links of other records lead to the record that stays from then on.");
  await dialog.getByRole("button", { name: "Merge", exact: true }).click();
  await expect(notices(page).getByText("Acme, Acme Inc merged")).toBeVisible();
  await expect(page.getByText("selected")).toHaveCount(0);
  await expect(page.locator(".rec-count")).toHaveText("2");
  const merged = await (await page.request.get(`/api/v1/companies/${oldest.id}`)).json();
  expect(merged).toMatchObject({ name: "Acme Inc", industry: "Retail", website: "https://acme.example", tags: ["Key"], custom_fields: {} });

  await notices(page).getByRole("button", { name: "Undo" }).click();
  await expect(page.locator(".rec-count")).toHaveText("4");
});

test("DEDUPE-03: a merge is undone from its message", async ({ page }) => {
  await register(page.request);
  for (const name of ["Acme", "Acme GmbH"]) {
    await create(page.request, "companies", { name, website: "https://acme.example" });
  }
  await page.goto("/settings/duplicates");
  await page.getByRole("radio", { name: "Companies" }).check();
  await expect(pairs(page)).toHaveCount(1);
  await pairs(page).getByRole("button", { name: "Merge…" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Merge", exact: true }).click();
  await expect(page.getByText("No duplicates to review")).toBeVisible();
  await notices(page).getByRole("button", { name: "Undo" }).click();
  await expect(pairs(page)).toHaveCount(1);
  const all = await (await page.request.get("/api/v1/companies")).json();
  expect(all.pagination.total).toBe(2);
});

test("DEDUPE-02, AUTH-10: managers have no such page", async ({ page, browser }) => {
  await register(page.request);
  const { page: manager, context } = await colleague(browser, page.request, "manager", "Mara Manager");
  await manager.goto("/settings");
  await expect(manager.getByRole("link", { name: "Tags" })).toBeVisible();
  await expect(manager.getByRole("link", { name: "Duplicates" })).toHaveCount(0);
  await follow(manager, "/settings/duplicates");
  await expect(manager.getByText("Duplicates are merged by the administrators of the organization.")).toBeVisible();
  // Nor are records merged from the list.
  for (const name of ["Acme", "Acme GmbH"]) await create(page.request, "companies", { name });
  await follow(manager, "/companies");
  for (const name of ["Acme", "Acme GmbH"]) await manager.getByRole("checkbox", { name: new RegExp(`${name}$`) }).check();
  await expect(manager.getByText("2 selected")).toBeVisible();
  await expect(manager.getByRole("toolbar").getByRole("button", { name: "Edit…" })).toBeVisible();
  await expect(manager.getByRole("toolbar").getByRole("button", { name: "Merge…" })).toHaveCount(0);
  await context.close();
});
