import { expect, test } from "../fixtures/test";
import { register } from "../fixtures/account";
import { complaints } from "../fixtures/console";

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
  await expect.poll(() => modules).toEqual(expect.arrayContaining(["part_settings", "part_import"]));
  const fetched = modules.length;
  await page.keyboard.press("g");
  await page.keyboard.press("s");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page).toHaveURL(/\/settings\/profile$/);
  expect(modules.length).toBe(fetched);
  expect(said).toEqual([]);
});
