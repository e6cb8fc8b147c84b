import { expect, test } from "../fixtures/test";
import { create, register } from "../fixtures/account";
import { complaints } from "../fixtures/console";
import { hold } from "../fixtures/problems";

const DIALOGS = /\/assets\/part_dialogs\.[0-9a-f]+\.wasm$/;

/** What an address is called, without the hash of its content. */
const nameOf = (address: string) => address.replace(/.*\/|\.[0-9a-f]+\.wasm/g, "");

test("Parts: the first page loads one module, the others follow before they are needed", async ({ page }) => {
  await register(page.request);
  const said = complaints(page);
  const modules: string[] = [];
  page.on("response", (response) => {
    const { pathname } = new URL(response.url());
    if (pathname.endsWith(".wasm") || pathname.endsWith("/dashboard/metrics")) modules.push(nameOf(pathname));
  });
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1, name: "Dashboard" })).toBeVisible();
  const parts = ["part_record", "part_dialogs", "part_board", "part_rare"];
  await expect.poll(() => modules).toEqual(expect.arrayContaining(parts));
  expect(modules.slice(0, 2)).toEqual(["web", "metrics"]);
  const fetched = modules.length;
  await page.keyboard.press("Control+k");
  const palette = page.getByRole("dialog", { name: "Search and commands" });
  await expect(palette).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(palette).toHaveCount(0);
  await page.keyboard.press("g");
  await page.keyboard.press("b");
  await expect(page.getByRole("heading", { level: 1, name: "Pipeline" })).toBeVisible();
  await page.keyboard.press("g");
  await page.keyboard.press("s");
  await expect(page).toHaveURL(/\/settings\/profile$/);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  expect(modules.length).toBe(fetched);
  expect(said).toEqual([]);
});

test("Parts: a dialog that is asked for before its part is there opens when it comes, with the focus in it", async ({ page }) => {
  await register(page.request);
  await create(page.request, "companies", { name: "Blue Finch Ltd" });
  const release = await hold(page, DIALOGS);
  await page.goto("/companies");
  await page.getByRole("button", { name: "New company" }).click();
  await expect(page.getByRole("grid").getByText("Blue Finch Ltd")).toBeVisible();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  release();
  const dialog = page.getByRole("dialog", { name: "New company" });
  await expect(dialog.getByRole("textbox", { name: "Name", exact: true })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  await expect(page.getByRole("button", { name: "New company" })).toBeFocused();
});

test("Parts: what is typed before a dialog is there goes into its field and is no shortcut; Escape takes the wish back", async ({ page }) => {
  await register(page.request);
  await create(page.request, "companies", { name: "Blue Finch Ltd" });
  const release = await hold(page, DIALOGS);
  await page.goto("/companies");
  await expect(page.getByRole("grid").getByText("Blue Finch Ltd")).toBeVisible();
  await page.keyboard.press("Control+k");
  await page.keyboard.type("nobody");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("blue fimnc");
  for (let times = 0; times < 3; times += 1) await page.keyboard.press("Backspace");
  await page.keyboard.type("n");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  release();
  const search = page.getByRole("combobox", { name: "Search records and commands" });
  await expect(search).toHaveValue("blue fin");
  await page.keyboard.type("ch");
  await expect(search).toHaveValue("blue finch");
  await expect(page.getByRole("option", { name: /Blue Finch Ltd/ })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);

  // Its part is there now; the next key may still be faster than the focus.
  await page.evaluate(async () => {
    const press = (key: string, ctrlKey = false) => document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key, ctrlKey, bubbles: true, cancelable: true }));
    press("k", true);
    // Before any timer, which is what the dialog waits for.
    for (let tick = 0; tick < 20; tick += 1) await Promise.resolve();
    ["n", "e", "w"].forEach((key) => press(key));
  });
  await expect(search).toHaveValue("new");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await page.keyboard.press("Escape");
  await expect(page).toHaveURL(/\/companies$/);
});

test("Parts: what is typed right after F goes into the search for a field, and is no shortcut", async ({ page }) => {
  await register(page.request);
  await create(page.request, "companies", { name: "Blue Finch Ltd" });
  await page.goto("/companies");
  await expect(page.getByRole("grid").getByText("Blue Finch Ltd")).toBeVisible();
  // Faster than the focus moves.
  await page.evaluate(() => ["f", "n", "o", "t"].forEach((key) => document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }))));
  const search = page.getByRole("searchbox", { name: "Find a field" });
  await expect(search).toHaveValue("not");
  await expect(search).toBeFocused();
  await page.keyboard.type("e");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog").getByText("Notes")).toBeVisible();
  await expect(page.getByRole("dialog")).toHaveCount(1);
});

test("Parts: a filter that is asked for before its part is there opens when it comes, with the focus in it", async ({ page }) => {
  await register(page.request);
  await create(page.request, "companies", { name: "Blue Finch Ltd" });
  const release = await hold(page, DIALOGS);
  await page.goto("/companies");
  await page.getByRole("group", { name: "Filters" }).getByRole("button", { name: "Industry" }).click();
  await expect(page.getByRole("grid").getByText("Blue Finch Ltd")).toBeVisible();
  release();
  const box = page.getByRole("dialog", { name: "Filter" });
  await expect(box.getByRole("button", { name: "Apply" })).toBeVisible();
  await expect(box.locator(":focus")).toHaveCount(1);
});

test("Parts: a dialog whose part cannot be fetched says so, and opens when it is tried again", async ({ page }) => {
  await register(page.request);
  await create(page.request, "companies", { name: "Blue Finch Ltd" });
  await page.route(DIALOGS, (route) => route.abort());
  await page.goto("/companies");
  await page.getByRole("button", { name: "New company" }).click();
  await expect(page.getByText("This could not be opened", { exact: true })).toBeVisible();
  await expect(page.getByText("The server could not be reached. Check your connection and try again.", { exact: true })).toBeVisible();
  await page.unroute(DIALOGS);
  await page.getByRole("button", { name: "New company" }).click();
  const dialog = page.getByRole("dialog", { name: "New company" });
  await expect(dialog.getByRole("textbox", { name: "Name", exact: true })).toBeFocused();
});

test("Parts: a page whose part cannot be fetched says so, and comes when it is tried again", async ({ page }) => {
  await register(page.request);
  const settings = /\/assets\/part_rare\.[0-9a-f]+\.wasm$/;
  await page.route(settings, (route) => route.abort());
  await page.goto("/settings/profile");
  const failure = page.getByRole("alert").filter({ hasText: "The page could not be loaded" });
  await expect(failure).toBeVisible();
  await page.unroute(settings);
  await failure.getByRole("button", { name: "Retry" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Profile" })).toBeVisible();
});

test("Parts: a first page with a part of its own has it fetched beside the app", async ({ page }) => {
  await register(page.request);
  const company = await create(page.request, "companies", { name: "Blue Finch Ltd" });
  const said = complaints(page);
  const asked: string[] = [];
  page.on("request", (request) => asked.push(nameOf(new URL(request.url()).pathname)));
  const places = [
    { path: "/pipeline", part: "part_board", heading: "Pipeline" },
    { path: `/companies/${company.id}`, part: "part_record", heading: "Blue Finch Ltd" },
  ];
  for (const { path, part, heading } of places) {
    asked.length = 0;
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1 }).filter({ hasText: heading })).toBeVisible();
    expect(asked).toContain(part);
    expect(asked.indexOf(part)).toBeLessThan(asked.indexOf("session"));
  }
  expect(said).toEqual([]);
});
