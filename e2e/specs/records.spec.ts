import { expect, test } from "../fixtures/test";
import { create, register } from "../fixtures/account";

test("CONTACT-02: a contact made in the form, and all its fields on its page", async ({ page }) => {
  const owner = await register(page.request);
  const company = await create(page.request, "companies", { name: "Heron Harbour" });
  await page.goto("/contacts");
  await page.getByRole("button", { name: "New contact" }).first().click();
  const form = page.getByRole("dialog", { name: "New contact" });
  await form.getByRole("textbox", { name: "First name" }).fill("Ines");
  await form.getByRole("textbox", { name: "Last name" }).fill("Okafor");
  await form.getByRole("textbox", { name: "Email", exact: true }).fill("ines@heron.example");
  await form.getByRole("textbox", { name: "Phone", exact: true }).fill("+1 202 555 0143");
  await form.getByRole("combobox", { name: "Owner" }).click();
  await page.getByRole("option", { name: owner.name }).click();
  await form.getByRole("combobox", { name: "Tags" }).fill("Harbours");
  await page.getByRole("option", { name: /Harbours/ }).click();
  await form.getByRole("textbox", { name: "Notes" }).fill("Prefers calls before noon.");
  const made = page.waitForResponse((response) => response.request().method() === "POST" && response.url().endsWith("/contacts"));
  await form.getByRole("button", { name: "Create contact" }).click();
  const { id } = (await (await made).json()) as { id: string };

  const data = {
    company_id: company.id,
    is_primary: true,
    job_title: "Harbour master",
    department: "Operations",
    mobile_phone: "+1 202 555 0144",
    work_phone: "+1 202 555 0145",
    preferred_channel: "sms",
    linkedin_url: "https://www.linkedin.com/in/ines-okafor",
    twitter_handle: "ines_at_heron",
    social_profiles: { Mastodon: "@ines" },
    status: "bounced",
    role: "decision_maker",
    lead_source: "Trade fair",
    lead_score: 73,
    email_opt_in: false,
    sms_opt_in: true,
    do_not_call: true,
    birthday: "1984-02-29",
    anniversary: "2019-11-05",
    preferences: { Language: "Portuguese" },
    is_new_lead: true,
  };
  const saved = await page.request.patch(`/api/v1/contacts/${id}`, { data });
  expect(saved.status(), await saved.text()).toBe(200);

  await page.goto(`/contacts/${id}`);
  await expect(page.getByRole("heading", { level: 1, name: "Ines Okafor" })).toBeVisible();
  const properties = page.getByRole("region", { name: "Properties" });
  const closed = properties.locator("details:not([open]) > summary");
  await expect(properties.locator("summary").first()).toBeVisible();
  while ((await closed.count()) > 0) await closed.first().click();
  /** What the page says of each field of the data dictionary. */
  const fields: Record<string, RegExp> = {
    "First name": /Ines/,
    "Last name": /Okafor/,
    "Job title": /Harbour master/,
    Department: /Operations/,
    Company: /Heron Harbour/,
    "Primary contact": /Yes/,
    Email: /ines@heron\.example/,
    Phone: /202.*0143/,
    "Mobile phone": /202.*0144/,
    "Work phone": /202.*0145/,
    "Preferred channel": /SMS/,
    LinkedIn: /linkedin\.com\/in\/ines-okafor/,
    Twitter: /ines_at_heron/,
    "Social profiles": /Mastodon.*@ines/,
    Owner: new RegExp(owner.name),
    Status: /Bounced/,
    Role: /Decision maker/,
    "Lead source": /Trade fair/,
    "Lead score": /73/,
    Tags: /Harbours/,
    "May get email": /No/,
    "May get SMS": /Yes/,
    "Do not call": /Yes/,
    Birthday: /29.*1984/,
    Anniversary: /5.*2019/,
    Preferences: /Language.*Portuguese/,
    Notes: /Prefers calls before noon/,
    "New lead": /Yes/,
    Unsubscribed: /^–$/,
    "Last contacted": /^–$/,
    Created: /now|second|minute|20/,
    Updated: /now|second|minute|20/,
    "Created by": new RegExp(owner.name),
  };
  await expect(properties.locator("dt")).toHaveText(Object.keys(fields));
  for (const [label, text] of Object.entries(fields)) {
    const value = properties.locator("dd").nth(Object.keys(fields).indexOf(label));
    await expect(value, label).toBeVisible();
    await expect(value, label).toContainText(text);
  }
});

test("SEARCH-02: the palette groups what it finds by type, with icons, and a click opens it", async ({ page }) => {
  await register(page.request);
  const company = await create(page.request, "companies", { name: "Heron Harbour" });
  await create(page.request, "contacts", { first_name: "Henrik", last_name: "Heron" });
  const deal = await create(page.request, "deals", { name: "Heron crane", company_id: company.id });
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1, name: "Dashboard" })).toBeVisible();
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("combobox", { name: "Search records and commands" })).toBeFocused();
  const palette = page.getByRole("listbox", { name: "Results" });
  await page.keyboard.type("heron");
  for (const [type, name] of [["Companies", "Heron Harbour"], ["Contacts", "Henrik Heron"], ["Deals", "Heron crane"]]) {
    const found = palette.getByRole("group", { name: type }).getByRole("option");
    await expect(found).toHaveCount(1);
    await expect(found).toContainText(name);
    await expect(found.locator("svg").first()).toBeVisible();
  }
  await palette.getByRole("option", { name: /Heron crane/ }).click();
  await expect(page).toHaveURL(new RegExp(`/deals/${deal.id}$`));
  await expect(page.getByRole("heading", { level: 1, name: "Heron crane" })).toBeVisible();
});

test("TIMELINE-15, DASH-13: each entry of the feed has an icon, leads to its record and says how long ago it was", async ({ page }) => {
  await register(page.request);
  const company = await create(page.request, "companies", { name: "Heron Harbour" });
  await create(page.request, "deals", { name: "Heron crane", company_id: company.id });
  await page.goto("/");
  const feed = page.locator("section").filter({ has: page.getByRole("heading", { name: "Recent activity" }) }).getByRole("listitem");
  for (const name of ["Heron Harbour", "Heron crane"]) {
    const entry = feed.filter({ has: page.getByRole("link", { name, exact: true }) }).last();
    await expect(entry.locator("svg")).toBeVisible();
    await expect(entry.getByRole("time")).toHaveText(/now|second|minute/);
  }
  // Days are those of the calendar, however few hours of them have passed.
  await page.clock.setFixedTime(new Date(new Date().setUTCHours(49, 0, 0, 0)));
  await page.reload();
  await expect(feed.filter({ has: page.getByRole("link", { name: "Heron Harbour", exact: true }) }).last().getByRole("time")).toHaveText("2 days ago");
  await feed.getByRole("link", { name: "Heron Harbour", exact: true }).last().click();
  await expect(page).toHaveURL(new RegExp(`/companies/${company.id}$`));
});
