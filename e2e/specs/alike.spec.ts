import { type APIRequestContext, expect, type Page, test } from "../fixtures/test";
import { create, register } from "../fixtures/account";
import { violations } from "../fixtures/axe";
import { complaints } from "../fixtures/console";
import { excess } from "../fixtures/layout";

const CHECK = "**/api/v1/dedupe/check";

const note = (page: Page) => page.getByRole("dialog").getByRole("status");
const field = (page: Page, name: string) => page.getByRole("dialog").getByRole("textbox", { name, exact: true });

/** Opens the form of a new record. */
async function begin(page: Page, one: "contact" | "company"): Promise<void> {
  await page.goto(one === "contact" ? "/contacts" : "/companies");
  await page.getByRole("button", { name: `New ${one}` }).first().click();
  await expect(page.getByRole("dialog", { name: `New ${one}` })).toBeVisible();
}

/** Waits until the server knows by what a record is met: it learns of a new one a moment later. */
async function known(request: APIRequestContext, record: string, fields: object): Promise<void> {
  const met = async () => {
    const response = await request.post("/api/v1/dedupe/check", { data: { record, fields } });
    return (await response.json()).candidates.length;
  };
  await expect.poll(met).toBeGreaterThan(0);
}

async function withAda(page: Page): Promise<string> {
  await register(page.request);
  const company = await create(page.request, "companies", { name: "Engine Works", website: "https://engine.example" });
  const ada = await create(page.request, "contacts", {
    first_name: "Ada", last_name: "Lovelace", email: "ada@engine.example", phone: "+1 415 555 2671", company_id: company.id,
  });
  await known(page.request, "contact", { email: "ada@engine.example" });
  return ada.id;
}

test("DEDUPE-05: whom a new contact may double is told while it is typed, and no longer when that is changed; it stops nobody", async ({ page }) => {
  const said = complaints(page);
  const ada = await withAda(page);
  await begin(page, "contact");
  const create = page.getByRole("dialog").getByRole("button", { name: "Create contact" });
  // It comes up to its place.
  await page.getByRole("dialog").evaluate((dialog) => Promise.all(dialog.getAnimations().map(({ finished }) => finished)));
  const place = await create.boundingBox();
  await field(page, "First name").fill("Augusta");
  await field(page, "Email").pressSequentially("ADA@engine.example");
  await expect(note(page)).toHaveText("Looks like Ada Lovelace (opens in a new tab) · Engine Works (same email address, same web domain)");
  // Quietly: the focus stays, nothing moves, and it is said to those who cannot see it.
  await expect(field(page, "Email")).toBeFocused();
  expect(await create.boundingBox()).toEqual(place);
  await expect(note(page)).toHaveAttribute("aria-live", "polite");
  const link = note(page).getByRole("link", { name: "Ada Lovelace" });
  const opening = page.waitForEvent("popup");
  await link.click();
  const opened = await opening;
  await expect(opened).toHaveURL(new RegExp(`/contacts/${ada}$`));
  await opened.close();

  await field(page, "Email").fill("augusta@engine.example");
  await expect(note(page)).toBeEmpty();
  await field(page, "Phone").fill("(415) 555-2671");
  await expect(note(page)).toContainText("same phone number");
  await create.click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(page.getByRole("grid").getByRole("rowheader", { name: "Augusta" })).toBeVisible();
  expect(said).toEqual([]);
});

test("DEDUPE-05: a company is known by its domain and its name; of many the likeliest is named and the others counted", async ({ page }) => {
  await register(page.request);
  await create(page.request, "companies", { name: "Acme Cranes Inc.", website: "https://acme.example" });
  for (let n = 0; n < 3; n++) await create(page.request, "companies", { name: "Globex" });
  await known(page.request, "company", { website: "acme.example" });
  await known(page.request, "company", { name: "Globex" });
  await begin(page, "company");
  await field(page, "Name").fill("ACME Cranes GmbH");
  await expect(note(page)).toContainText("Looks like Acme Cranes Inc.");
  await expect(note(page)).toContainText("(same name)");
  await field(page, "Name").fill("Something else");
  await expect(note(page)).toBeEmpty();
  await field(page, "Website").fill("www.acme.example/about");
  await expect(note(page)).toContainText("(same web domain)");
  await field(page, "Website").fill("");
  await field(page, "Name").fill("Globex");
  await expect(note(page)).toContainText("Looks like Globex");
  await expect(note(page)).toContainText("and 2 more");
  // What exists is edited without it.
  await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Throw away" }).click();
  await page.getByRole("grid").getByRole("link", { name: "Acme Cranes Inc." }).first().click();
  await page.getByRole("button", { name: "Edit", exact: true }).click();
  await expect(field(page, "Name")).toHaveValue("Acme Cranes Inc.");
  await expect(note(page)).toHaveCount(0);
});

test("DEDUPE-05: an answer that comes late is not shown, and one that does not come is not missed", async ({ page }) => {
  await withAda(page);
  let release = () => {};
  const held = new Promise<void>((done) => {
    release = done;
  });
  const asked: string[] = [];
  await page.route(CHECK, async (route) => {
    const { fields } = route.request().postDataJSON();
    asked.push(fields.email);
    if (fields.email === "ada@engine.example") await held;
    if (fields.email === "broken@engine.example") await route.abort();
    else await route.continue();
  });
  await begin(page, "contact");
  await field(page, "Email").fill("ada@engine.example");
  await expect.poll(() => asked).toEqual(["ada@engine.example"]);
  await field(page, "Email").fill("grace@engine.example");
  await expect.poll(() => asked).toEqual(["ada@engine.example", "grace@engine.example"]);
  const late = page.waitForResponse((response) => response.request().postDataJSON()?.fields?.email === "ada@engine.example");
  release();
  expect((await (await late).json()).candidates).toHaveLength(1);
  await field(page, "Email").fill("broken@engine.example");
  await expect.poll(() => asked).toHaveLength(3);
  await expect(note(page)).toBeEmpty();
  await expect(page.getByRole("region", { name: "Notifications" }).getByRole("listitem")).toHaveCount(0);
  await field(page, "First name").fill("Grace");
  await page.getByRole("dialog").getByRole("button", { name: "Create contact" }).click();
  await expect(page.getByRole("grid").getByRole("rowheader", { name: "Grace" })).toBeVisible();
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 390, height: 844 } });

  test("Accessibility, Phone: the note without violations or sideways scrolling, in both themes", async ({ page }) => {
    await withAda(page);
    await begin(page, "contact");
    await field(page, "Email").fill("ada@engine.example");
    await expect(note(page)).toContainText("Ada Lovelace");
    expect(await violations(page)).toEqual([]);
    expect((await excess(page)).sideways).toBeLessThanOrEqual(0);
    await expect(page.getByRole("dialog").getByRole("button", { name: "Create contact" })).toBeInViewport();
  });
});
