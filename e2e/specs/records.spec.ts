import { expect, test } from "@playwright/test";
import { create, register, registerByForm } from "../fixtures/account";

test("CONTACT-02: a contact made in the form, and all its fields on its page", async ({ page }) => {
  await registerByForm(page);
  await page.goto("/contacts");
  await page.getByRole("button", { name: "New contact" }).first().click();
  const form = page.getByRole("dialog", { name: "New contact" });
  await form.getByRole("textbox", { name: "First name" }).fill("Ines");
  await form.getByRole("textbox", { name: "Last name" }).fill("Okafor");
  await form.getByRole("textbox", { name: "Email", exact: true }).fill("ines@heron.example");
  await form.getByRole("textbox", { name: "Phone", exact: true }).fill("+1 202 555 0143");
  const made = page.waitForResponse((response) => response.request().method() === "POST" && response.url().endsWith("/contacts"));
  await form.getByRole("button", { name: "Create contact" }).click();
  const { id } = (await (await made).json()) as { id: string };

  const texts = {
    job_title: "Harbour master",
    department: "Operations",
    mobile_phone: "+1 202 555 0144",
    work_phone: "+1 202 555 0145",
    lead_source: "Trade fair",
    linkedin_url: "https://www.linkedin.com/in/ines-okafor",
    twitter_handle: "ines_at_heron",
    notes: "Prefers calls before noon.",
  };
  const dates = { birthday: "1984-02-29", anniversary: "2019-11-05" };
  const rest = { lead_score: 73, preferred_channel: "sms", role: "decision_maker", status: "bounced", do_not_call: true };
  const saved = await page.request.patch(`/api/v1/contacts/${id}`, { data: { ...texts, ...dates, ...rest } });
  expect(saved.status(), await saved.text()).toBe(200);

  await page.goto(`/contacts/${id}`);
  const properties = page.getByRole("region", { name: "Properties" });
  await expect(properties).toBeVisible();
  const closed = properties.locator("details:not([open]) > summary");
  while ((await closed.count()) > 0) await closed.first().click();
  await expect(page.getByRole("heading", { level: 1, name: "Ines Okafor" })).toBeVisible();
  for (const text of ["ines@heron.example", ...Object.values(texts).filter((text) => !/^\+|^https/.test(text)), "linkedin.com/in/ines-okafor"]) {
    await expect(properties.getByText(text).first(), text).toBeVisible();
  }
  for (const number of [/202.*0143/, /202.*0144/, /202.*0145/, /29.*1984/, /5.*2019/, /^73/]) {
    await expect(properties.getByText(number).first(), String(number)).toBeVisible();
  }
  for (const word of ["SMS", "Decision maker", "Bounced"]) {
    await expect(properties.getByText(word, { exact: true }).first(), word).toBeVisible();
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
  await feed.getByRole("link", { name: "Heron Harbour", exact: true }).last().click();
  await expect(page).toHaveURL(new RegExp(`/companies/${company.id}$`));
});
