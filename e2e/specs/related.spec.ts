import { expect, test } from "../fixtures/test";
import { create, register } from "../fixtures/account";
import { refuse } from "../fixtures/problems";

test("COMPANY-20, CONTACT-23, WEB-16, WEB-19: people are made and linked from their company's page", async ({ page }) => {
  await register(page.request);
  const company = await create(page.request, "companies", { name: "Blue Finch Ltd" });
  await create(page.request, "contacts", { first_name: "Maria", last_name: "Anders" });
  await page.goto(`/companies/${company.id}`);
  const people = page.getByRole("region", { name: "Contacts", exact: true });
  await people.getByRole("button", { name: "New contact" }).click();
  const form = page.getByRole("dialog", { name: "New contact" });
  await form.getByRole("textbox", { name: "First name" }).fill("Tomas");
  await form.getByRole("button", { name: "Create contact" }).click();
  await expect(people.getByRole("link", { name: "Tomas" })).toBeVisible();

  await people.getByRole("button", { name: "Link contact" }).click();
  await page.getByRole("combobox", { name: "Link contact" }).fill("maria");
  await page.getByRole("option", { name: /Maria Anders/ }).click();
  await expect(people.getByRole("link", { name: "Maria Anders" })).toBeVisible();
  await people.getByRole("button", { name: "Unlink Maria Anders" }).click();
  await expect(people.getByRole("link", { name: "Maria Anders" })).toHaveCount(0);
  await page.reload();
  await expect(people.getByRole("link", { name: "Tomas" })).toBeVisible();
  await expect(people.getByRole("link", { name: "Maria Anders" })).toHaveCount(0);

  // The same from the actions of the company; how to reach whom stands beside the name.
  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "New contact" }).click();
  await form.getByRole("textbox", { name: "First name" }).fill("Ulla");
  await form.getByRole("textbox", { name: "Email" }).fill("ulla@finch.example");
  await form.getByRole("button", { name: "Create contact" }).click();
  await expect(people.getByRole("link", { name: "ulla@finch.example" })).toHaveAttribute("href", "mailto:ulla@finch.example");
  await expect(page).toHaveURL(new RegExp(company.id));

  // The name leads to the person.
  await people.getByRole("link", { name: "Tomas" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Tomas" })).toBeFocused();
});

test("COMPANY-22, WEB-13, WEB-15: a company's head says how it stands, in figures that follow what happens", async ({ page }) => {
  await register(page.request);
  const company = await create(page.request, "companies", { name: "Blue Finch Ltd", company_size: "startup", primary_email: "office@finch.example" });
  const deal = { company_id: company.id, amount_minor: 480_000 };
  await create(page.request, "deals", { ...deal, name: "Crane hire" });
  await create(page.request, "deals", { ...deal, name: "Shelves", currency: "EUR" });
  await page.goto(`/companies/${company.id}`);
  await expect(page.getByRole("banner").or(page.locator(".rec-head")).getByText("office@finch.example")).toBeVisible();
  const figure = (label: string) => page.getByRole("region", { name: "Figures" }).locator("div", { hasText: label }).getByRole("definition");
  await expect(figure("Contacts")).toHaveText("0");
  await expect(figure("Active deals")).toHaveText("2");
  await expect(figure("Open pipeline")).toHaveText(/\$4\.8K \+ €4\.8K|€4\.8K \+ \$4\.8K/);
  await expect(figure("Total won")).toHaveText("$0");
  // Live, as everything else.
  await create(page.request, "contacts", { first_name: "Maria", company_id: company.id });
  await create(page.request, "deals", { ...deal, name: "Hoist", stage: "Closed won" });
  await expect(figure("Contacts")).toHaveText("1");
  await expect(figure("Total won")).toHaveText("$4.8K");
});

test("WEB-17, COMPANY-20: deals are made on their company's page and listed with stage, value and close date", async ({ page }) => {
  await register(page.request);
  const company = await create(page.request, "companies", { name: "Blue Finch Ltd" });
  await page.goto(`/companies/${company.id}`);
  const deals = page.getByRole("region", { name: "Deals", exact: true });
  await deals.getByRole("button", { name: "New deal" }).click();
  const form = page.getByRole("dialog", { name: "New deal" });
  await form.getByRole("textbox", { name: "Name", exact: true }).fill("Crane hire");
  await form.getByRole("textbox", { name: "Amount", exact: true }).fill("4800");
  await form.getByLabel("Expected close").fill("2031-03-14");
  await form.getByRole("button", { name: "Create deal" }).click();
  await expect(form).toBeHidden();
  const deal = deals.getByRole("listitem").filter({ has: page.getByRole("link", { name: "Crane hire" }) });
  await expect(deal).toContainText("Prospecting");
  await expect(deal).toContainText("$4,800");
  await expect(deal).toContainText("Mar 14, 2031");
  const made = await (await page.request.get(`/api/v1/deals?company_id=${company.id}`)).json();
  expect(made.data).toMatchObject([{ name: "Crane hire", amount_minor: 480_000, expected_close_date: "2031-03-14", company_id: company.id }]);
});

test("DEAL-17: a deal's people have roles that can be changed", async ({ page }) => {
  await register(page.request);
  const contact = await create(page.request, "contacts", { first_name: "Maria", last_name: "Anders" });
  const deal = await create(page.request, "deals", { name: "Crane hire" });
  await page.goto(`/deals/${deal.id}`);
  const people = page.getByRole("region", { name: "Contacts", exact: true });
  await people.getByRole("button", { name: "Link contact" }).click();
  await page.getByRole("combobox", { name: "Link contact" }).fill("maria");
  await page.getByRole("option", { name: /Maria Anders/ }).click();
  await page.getByRole("button", { name: "Link", exact: true }).click();
  await expect(people.getByRole("link", { name: "Maria Anders" })).toBeVisible();
  const role = people.getByRole("combobox", { name: "Role of Maria Anders" });
  const saved = page.waitForResponse((response) => response.request().method() === "POST" && /\/contacts$/.test(response.url()));
  await role.selectOption({ label: "Decision maker" });
  expect((await saved).ok()).toBe(true);
  await page.reload();
  await expect(role).toHaveValue("decision_maker");
  expect((await (await page.request.get(`/api/v1/deals/${deal.id}/contacts`)).json()).data).toMatchObject([{ contact_id: contact.id }]);
});

test("WEB-09: linked records that cannot be loaded say so and can be tried again", async ({ page }) => {
  await register(page.request);
  const company = await create(page.request, "companies", { name: "Blue Finch Ltd" });
  const address = `**/api/v1/companies/${company.id}/contacts*`;
  await page.route(address, (route) => refuse(route, 500, "internal", "The people are away."));
  await page.goto(`/companies/${company.id}`);
  const people = page.getByRole("region", { name: "Contacts", exact: true });
  await expect(people.getByText("The people are away.")).toBeVisible();
  await page.unroute(address);
  await people.getByRole("button", { name: "Retry" }).click();
  await expect(people.getByText("Nobody yet. Add the people you talk to here.")).toBeVisible();
});

test("PIPELINE-12, PIPELINE-14: search and closed deals stand in the board's address", async ({ page }) => {
  await register(page.request);
  for (const name of ["Crane hire", "Warehouse shelves"]) await create(page.request, "deals", { name });
  await page.goto("/pipeline");
  const card = (name: string) => page.getByRole("button", { name: new RegExp(`^${name}`) });
  await expect(card("Warehouse shelves")).toBeVisible();
  await page.getByRole("searchbox", { name: "Search deals" }).fill("crane");
  await expect(card("Warehouse shelves")).toHaveCount(0);
  await expect(page).toHaveURL(/search=crane/);
  await page.reload();
  await expect(card("Crane hire")).toBeVisible();
  await expect(card("Warehouse shelves")).toHaveCount(0);
  const closed = page.getByRole("switch", { name: "Closed deals" });
  await closed.click();
  await expect(page).toHaveURL(/closed=true/);
  await page.goBack();
  await expect(closed).not.toBeChecked();
  await expect(page.getByRole("searchbox", { name: "Search deals" })).toHaveValue("crane");
});
