import type { Page } from "@playwright/test";
import { expect, test } from "../fixtures/test";
import { create, register } from "../fixtures/account";
import { complaints } from "../fixtures/console";

const DIALOGS = /\/assets\/part_dialogs\.[0-9a-f]+\.wasm$/;

/** Holds back the part of dialogs until the returned function is called. */
async function held(page: Page): Promise<() => void> {
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  await page.route(DIALOGS, async (route) => {
    await released;
    await route.continue();
  });
  return release;
}

test("Parts: the first page loads one module, the others follow before they are needed", async ({ page }) => {
  await register(page.request);
  const said = complaints(page);
  const modules: string[] = [];
  page.on("response", (response) => {
    if (response.url().endsWith(".wasm")) modules.push(new URL(response.url()).pathname.replace(/.*\/|\.[0-9a-f]+\.wasm/g, ""));
  });
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1, name: "Dashboard" })).toBeVisible();
  expect(modules).toEqual(["web"]);
  const parts = ["part_dialogs", "part_board", "part_settings", "part_import"];
  await expect.poll(() => modules).toEqual(expect.arrayContaining(parts));
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
  const release = await held(page);
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

test("Parts: a filter that is asked for before its part is there opens when it comes, with the focus in it", async ({ page }) => {
  await register(page.request);
  await create(page.request, "companies", { name: "Blue Finch Ltd" });
  const release = await held(page);
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
  const settings = /\/assets\/part_settings\.[0-9a-f]+\.wasm$/;
  await page.route(settings, (route) => route.abort());
  await page.goto("/settings/profile");
  const failure = page.getByRole("alert").filter({ hasText: "The page could not be loaded" });
  await expect(failure).toBeVisible();
  await page.unroute(settings);
  await failure.getByRole("button", { name: "Retry" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Profile" })).toBeVisible();
});

test("Parts: a first page with a part of its own has it fetched once, beside the app", async ({ page }) => {
  await register(page.request);
  const said = complaints(page);
  const modules: string[] = [];
  page.on("request", (request) => {
    if (request.url().endsWith(".wasm")) modules.push(new URL(request.url()).pathname.replace(/.*\/|\.[0-9a-f]+\.wasm/g, ""));
  });
  await page.goto("/pipeline");
  await expect(page.getByRole("heading", { level: 1, name: "Pipeline" })).toBeVisible();
  expect(modules.filter((name) => name === "part_board")).toHaveLength(1);
  expect(said).toEqual([]);
});
