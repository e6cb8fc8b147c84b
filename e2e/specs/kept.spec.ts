import { expect, type Page, test } from "../fixtures/test";
import { create, register } from "../fixtures/account";

/** What people type is kept, whatever happens around it. */

const stored = async (page: Page, path: string) => (await page.request.get(`/api/v1/${path}`)).json();

test("CONTACT-12, WEB-05: a tag that was typed is saved without Enter, in the form and on the page; Escape takes it back", async ({ page }) => {
  await register(page.request);
  await page.goto("/contacts");
  await page.getByRole("button", { name: "New contact" }).first().click();
  const form = page.getByRole("dialog", { name: "New contact" });
  await form.getByRole("textbox", { name: "First name" }).fill("Maria");
  await form.getByRole("combobox", { name: "Tags" }).pressSequentially("VIP");
  await form.getByRole("button", { name: "Create contact" }).click();
  await expect(form).toBeHidden();
  const [made] = (await stored(page, "contacts?fields=id,tags")).data;
  expect(made.tags).toEqual(["VIP"]);

  await page.goto(`/contacts/${made.id}`);
  const properties = page.getByRole("region", { name: "Properties" });
  const tags = properties.getByRole("combobox", { name: "Tags" });
  await properties.getByRole("button", { name: /edit tags/ }).click();
  await tags.pressSequentially("Partner");
  await page.keyboard.press("Escape");
  await expect(tags).toHaveValue("");
  await tags.pressSequentially("Press");
  await page.getByRole("heading", { level: 1, name: "Maria" }).click();
  await expect(tags).toHaveCount(0);
  await expect.poll(async () => (await stored(page, `contacts/${made.id}`)).tags).toEqual(["Press", "VIP"]);
});

test("DEAL-06, WEB-05: lines that are being written outlast those of somebody else, and are not left without a question", async ({ page }) => {
  await register(page.request);
  const deal = await create(page.request, "deals", { name: "Harbour works", products: [{ name: "Hoist", quantity: 1, price_minor: 100 }] });
  await page.goto(`/deals?open=${deal.id}&tab=related`);
  const products = page.getByRole("region", { name: "Products", exact: true });
  await products.getByRole("button", { name: "Edit products" }).click();
  const quantity = products.getByRole("textbox", { name: "Quantity" });
  await quantity.fill("7");
  const lines = [{ name: "Hoist", quantity: 1, price_minor: 100 }, { name: "Rope", quantity: 2, price_minor: 50 }];
  const told = page.waitForResponse((answer) => answer.url().includes(`/deals/${deal.id}`) && answer.request().method() === "GET");
  const changed = await page.request.patch(`/api/v1/deals/${deal.id}`, { data: { products: lines } });
  expect(changed.status()).toBe(200);
  await told;
  await expect(products.getByText("2", { exact: true })).toBeVisible();
  await expect(quantity).toHaveValue("7");

  // Another part of the panel takes the lines away only if that is meant.
  await page.getByRole("tab", { name: "Timeline" }).click();
  const question = page.getByRole("alertdialog", { name: "Leave without saving?" });
  await question.getByRole("button", { name: "Cancel" }).click();
  await expect(quantity).toHaveValue("7");
  await products.getByRole("button", { name: "Save" }).click();
  const clash = page.getByRole("dialog", { name: /was changed by somebody else/ });
  await expect(clash).toBeVisible();
  await clash.getByRole("button", { name: "Save my choice" }).click();
  await expect.poll(async () => (await stored(page, `deals/${deal.id}`)).products).toMatchObject([{ name: "Hoist", quantity: 7 }]);
  await page.getByRole("tab", { name: "Timeline" }).click();
  await expect(page.getByRole("tab", { name: "Timeline" })).toHaveAttribute("aria-selected", "true");
});

test("WEB-05, WEB-30: a cell far down is saved by the click that changes the list", async ({ page }) => {
  await register(page.request);
  for (let at = 0; at < 130; at += 1) {
    await create(page.request, "companies", { name: `Firm ${String(at).padStart(3, "0")}`, industry: "Retail" });
  }
  await page.goto("/companies?sort_by=name&columns=name:240,industry:160");
  await expect(page.getByRole("row", { name: /Firm 000/ })).toBeVisible();
  await page.locator(".vt-scroll").evaluate((grid) => (grid.scrollTop = grid.scrollHeight));
  await page.getByRole("row", { name: /Firm 125/ }).getByText("Retail").dblclick();
  await page.getByRole("textbox", { name: "Industry of Firm 125" }).fill("Ropes");
  await page.getByRole("columnheader", { name: /Industry/ }).click();
  await expect(page).toHaveURL(/sort_by=industry/);
  await expect(page.getByRole("row", { name: /Firm 125/ })).toBeHidden();
  await expect
    .poll(async () => (await stored(page, "companies?name=Firm 125&fields=industry")).data)
    .toMatchObject([{ industry: "Ropes" }]);
  await page.getByRole("columnheader", { name: /Industry/ }).click();
  await expect(page.getByRole("row", { name: /Firm 125/ })).toContainText("Ropes");
});

test("PIPELINE-05, WEB-05: the answer to one cell of a stage leaves alone what is being typed in the next", async ({ page }) => {
  await register(page.request);
  await page.goto("/settings/pipelines");
  const stage = page.getByRole("listitem").filter({ has: page.getByRole("button", { name: "Move Prospecting" }) });
  const asked: (() => void)[] = [];
  await page.route(/\/stages\//, async (route) => {
    await new Promise<void>((go) => asked.push(go));
    await route.fallback();
  });
  await stage.getByRole("textbox", { name: "Probability in percent" }).fill("35");
  await page.keyboard.press("Tab");
  const days = stage.getByRole("textbox", { name: "Days limit" });
  await expect(days).toBeFocused();
  await page.keyboard.type("1");
  await expect.poll(() => asked.length).toBe(1);
  const shown = page.waitForResponse((answer) => answer.url().includes("/pipelines") && answer.request().method() === "GET");
  asked[0]?.();
  await shown;
  await page.unroute(/\/stages\//);
  await page.keyboard.type("4");
  await expect(days).toHaveValue("14");
  await page.keyboard.press("Enter");
  await expect
    .poll(async () => (await stored(page, "pipelines")).data[0].stages[0])
    .toMatchObject({ probability: 35, days_in_stage: 14 });
});

test("TIMELINE-01: what was shown of a long timeline stays when something new happens", async ({ page }) => {
  await register(page.request);
  const company = await create(page.request, "companies", { name: "Acme" });
  const rename = async (name: string) => {
    const changed = await page.request.patch(`/api/v1/companies/${company.id}`, { data: { industry: name } });
    expect(changed.status()).toBe(200);
  };
  for (let at = 1; at <= 55; at += 1) await rename(`Trade ${at}`);
  await page.goto(`/companies/${company.id}`);
  const entries = page.getByRole("region", { name: "Timeline" }).locator(".rec-entry");
  await expect(entries).toHaveCount(50);
  await page.getByRole("button", { name: "Show older" }).click();
  await expect(entries).toHaveCount(56);
  for (let at = 56; at <= 58; at += 1) await rename(`Trade ${at}`);
  await expect(entries).toHaveCount(59);
});

test("PIPELINE-11, WEB-30: whoever moves a card by keyboard stays on it, also when the answer is slow", async ({ page }) => {
  await register(page.request);
  await create(page.request, "deals", { name: "Crane hire", amount_minor: 480_000 });
  await page.goto("/pipeline");
  const asked: (() => void)[] = [];
  await page.route(/\/api\/v1\/deals\/.+/, async (route) => {
    if (route.request().method() !== "GET") await new Promise<void>((go) => asked.push(go));
    await route.fallback();
  });
  const card = (stage: string) => page.getByRole("region", { name: stage }).getByRole("button", { name: /^Crane hire/ });
  await card("Prospecting").focus();
  for (const key of ["Space", "ArrowRight", "Space"]) await page.keyboard.press(key);
  await expect(card("Qualification")).toBeFocused();
  await expect.poll(() => asked.length).toBe(1);
  const moved = page.waitForResponse((answer) => answer.request().method() !== "GET" && answer.url().includes("/deals/"));
  asked[0]?.();
  await page.unroute(/\/api\/v1\/deals\/.+/);
  expect((await moved).ok()).toBe(true);
  // The answer has another version of the deal; the keyboard goes on where it is.
  await expect.poll(async () => (await stored(page, "deals")).data[0].stage_name).toBe("Qualification");
  for (const key of ["Space", "ArrowRight", "Space"]) await page.keyboard.press(key);
  await expect(card("Proposal")).toBeFocused();
  await expect.poll(async () => (await stored(page, "deals")).data[0].stage_name).toBe("Proposal");

  // Somebody else changes the deal that is under the keyboard.
  const [{ id }] = (await stored(page, "deals?fields=id")).data;
  const changed = await page.request.patch(`/api/v1/deals/${id}`, { data: { amount_minor: 990_000 } });
  expect(changed.status()).toBe(200);
  await expect(page.getByRole("region", { name: "Proposal" }).getByText("$9,900").last()).toBeVisible();
  await expect(card("Proposal")).toBeFocused();
});
