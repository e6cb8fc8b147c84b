import { type Browser, expect, type Page, test, WITH_MOTION } from "../fixtures/test";
import { create, register } from "../fixtures/account";
import { colleague, type Person } from "../fixtures/people";

test.use(WITH_MOTION);

/** Two people look at one company. */
async function two(browser: Browser, page: Page): Promise<{ id: string; them: Person }> {
  await register(page.request);
  const company = await create(page.request, "companies", { name: "Blue Finch Ltd", industry: "Fishing" });
  const them = await colleague(browser, page.request, "manager", "Karim Haddad");
  return { id: company.id, them };
}

/** Opens the editor of a property and types, without leaving it. */
async function type(page: Page, label: string, text: string): Promise<void> {
  const properties = page.getByRole("region", { name: "Properties" });
  await properties.getByRole("button", { name: new RegExp(`edit ${label}`, "i") }).click();
  await properties.getByRole("textbox", { name: label }).fill(text);
}

async function save(page: Page, label: string): Promise<void> {
  await page.getByRole("region", { name: "Properties" }).getByRole("textbox", { name: label }).press("Enter");
}

async function stored(page: Page, id: string): Promise<Record<string, unknown>> {
  return await (await page.request.get(`/api/v1/companies/${id}`)).json();
}

test("WEB-05: of two edits of one field the second is asked which shall stand", async ({ browser, page }) => {
  const { id, them } = await two(browser, page);
  await page.goto(`/companies/${id}`);
  await them.page.goto(`/companies/${id}`);
  // Both begin with the same value; theirs is saved while I am still typing.
  await type(page, "Industry", "Shipbuilding");
  await type(them.page, "Industry", "Boat repair");
  await save(them.page, "Industry");
  const properties = page.getByRole("region", { name: "Properties" });
  await expect.poll(async () => (await stored(page, id)).industry).toBe("Boat repair");
  await expect(page.getByRole("region", { name: "Timeline" }).getByText(/Boat repair/).first()).toBeVisible();
  // What I type is still there.
  await expect(properties.getByRole("textbox", { name: "Industry" })).toHaveValue("Shipbuilding");
  await save(page, "Industry");

  const dialog = page.getByRole("dialog", { name: /was changed by somebody else/ });
  await expect(dialog).toBeVisible();
  const group = dialog.getByRole("group", { name: "Industry" });
  await expect(group.getByText("Shipbuilding")).toBeVisible();
  await expect(group.getByText("Boat repair")).toBeVisible();
  expect((await stored(page, id)).industry).toBe("Boat repair");
  // Only a choice closes it.
  await page.keyboard.press("Escape");
  await expect(dialog).toBeVisible();
  await dialog.getByRole("button", { name: "Save my choice" }).click();
  await expect(dialog).toBeHidden();
  await expect.poll(async () => (await stored(page, id)).industry).toBe("Shipbuilding");
  await expect(them.page.getByRole("region", { name: "Properties" }).getByText("Shipbuilding")).toBeVisible();
  await them.context.close();
});

test("WEB-05: a stale save that the server refuses can leave theirs; other fields do not clash", async ({ browser, page }) => {
  const { id, them } = await two(browser, page);
  // Without live updates this browser knows nothing of what happens.
  await page.routeWebSocket(/\/api\/v1\/ws/, (socket) => socket.close({ code: 1001 }));
  await page.goto(`/companies/${id}`);
  const properties = page.getByRole("region", { name: "Properties" });
  await expect(properties.getByText("Fishing")).toBeVisible();

  // Another field: both changes stand, nobody is asked.
  const change = async (data: object) => expect((await them.context.request.patch(`/api/v1/companies/${id}`, { data })).status()).toBe(200);
  await change({ notes: "Boats of all kinds" });
  const stale = page.waitForResponse((response) => response.status() === 412);
  await type(page, "Industry", "Shipbuilding");
  await save(page, "Industry");
  await stale;
  await expect.poll(async () => (await stored(page, id)).industry).toBe("Shipbuilding");
  expect((await stored(page, id)).notes).toBe("Boats of all kinds");
  await expect(page.getByRole("dialog")).toHaveCount(0);

  // The same field: asked, and theirs is left.
  await change({ industry: "Boat repair" });
  await type(page, "Industry", "Ropes");
  await save(page, "Industry");
  const dialog = page.getByRole("dialog", { name: /was changed by somebody else/ });
  await expect(dialog.getByRole("group", { name: "Industry" }).getByText("Boat repair")).toBeVisible();
  await dialog.getByRole("button", { name: "Keep theirs" }).click();
  await expect(dialog).toBeHidden();
  await expect(properties.getByText("Boat repair")).toBeVisible();
  expect((await stored(page, id)).industry).toBe("Boat repair");
  await them.context.close();
});

test("WEB-05: the form of all fields asks for the clashing ones and saves the others", async ({ browser, page }) => {
  const { id, them } = await two(browser, page);
  await page.goto(`/companies/${id}`);
  await page.getByRole("button", { name: "Edit", exact: true }).click();
  const form = page.getByRole("dialog", { name: /Edit Blue Finch/ });
  await form.getByRole("textbox", { name: "Industry" }).fill("Shipbuilding");
  await form.getByRole("textbox", { name: "Notes" }).fill("Mine alone");
  const changed = await them.context.request.patch(`/api/v1/companies/${id}`, { data: { industry: "Boat repair" } });
  expect(changed.status()).toBe(200);
  await form.getByRole("button", { name: "Save" }).click();
  const dialog = page.getByRole("dialog", { name: /was changed by somebody else/ });
  await expect(dialog.getByRole("group")).toHaveCount(1);
  await dialog.getByRole("radio", { name: /Boat repair/ }).check();
  await dialog.getByRole("button", { name: "Save my choice" }).click();
  await expect.poll(async () => (await stored(page, id)).notes).toBe("Mine alone");
  expect((await stored(page, id)).industry).toBe("Boat repair");

  // A draft that is taken up again knows what it began from: what they did meanwhile is not overwritten.
  const edit = page.getByRole("button", { name: "Edit", exact: true });
  await edit.click();
  await form.getByRole("textbox", { name: "Industry" }).fill("Ropes");
  await page.reload();
  const later = await them.context.request.patch(`/api/v1/companies/${id}`, { data: { industry: "Sails" } });
  expect(later.status()).toBe(200);
  await expect(page.getByRole("region", { name: "Properties" }).getByText("Sails")).toBeVisible();
  await edit.click();
  await expect(form.getByRole("textbox", { name: "Industry" })).toHaveValue("Ropes");
  await form.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByRole("group", { name: "Industry" }).getByText("Sails")).toBeVisible();
  await dialog.getByRole("button", { name: "Keep theirs" }).click();
  await expect(dialog).toBeHidden();
  expect((await stored(page, id)).industry).toBe("Sails");
  await them.context.close();
});

test("WEB-05: a cell of the list keeps what is typed while others change the list, and asks", async ({ browser, page }) => {
  const { id, them } = await two(browser, page);
  await page.goto("/companies");
  const cell = (row: RegExp) => page.getByRole("row", { name: row }).locator("[data-editable]").filter({ hasText: "Fishing" });
  await cell(/Blue Finch/).dblclick();
  const editor = page.getByRole("textbox", { name: "Industry of Blue Finch Ltd" });
  await editor.fill("Shipbuilding");
  const list = page.waitForResponse((response) => /\/companies\?/.test(response.url()));
  await create(them.context.request, "companies", { name: "Aardvark Tours" });
  const changed = await them.context.request.patch(`/api/v1/companies/${id}`, { data: { industry: "Boat repair" } });
  expect(changed.status()).toBe(200);
  await list;
  await expect(editor).toHaveValue("Shipbuilding");
  await editor.press("Enter");
  const dialog = page.getByRole("dialog", { name: /Blue Finch Ltd was changed by somebody else/ });
  await expect(dialog.getByRole("group", { name: "Industry" }).getByText("Boat repair")).toBeVisible();
  await dialog.getByRole("button", { name: "Keep theirs" }).click();
  await expect(page.getByRole("link", { name: "Aardvark Tours" })).toBeVisible();
  expect((await stored(page, id)).industry).toBe("Boat repair");
  await them.context.close();
});
