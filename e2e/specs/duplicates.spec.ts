import { expect, type Page, test } from "../fixtures/test";
import { create, register } from "../fixtures/account";
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
  await expect(pairs(page).last().getByText("Same phone number")).toBeVisible();

  // Bob and Cleo share an office.
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
  await dialog.getByRole("group", { name: "Job title" }).getByRole("radio", { name: "Countess" }).check();
  await dialog.getByRole("button", { name: "Merge", exact: true }).click();
  await expect(notices(page).getByText("Ada Lovelace merged")).toBeVisible();
  await expect(page.getByText("No duplicates to review")).toBeVisible();
  const merged = await (await page.request.get(`/api/v1/contacts/${stays.id}`)).json();
  expect([merged.job_title, merged.email]).toEqual(["Countess", "ada@engine.example"]);

  await page.goto(`/contacts/${stays.id}`);
  await expect(page.getByRole("link", { name: "Engine" }).first()).toBeVisible();
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
  await manager.goto("/settings/duplicates");
  await expect(manager.getByText("Duplicates are merged by the administrators of the organization.")).toBeVisible();
  await context.close();
});
