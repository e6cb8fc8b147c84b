import { expect, test } from "../fixtures/test";
import { create, register } from "../fixtures/account";
import { refuse } from "../fixtures/problems";

test.beforeEach(async ({ page }) => {
  await register(page.request);
  await create(page.request, "deals", { name: "Crane hire", amount_minor: 480_000 });
  await page.goto("/pipeline");
});

test("PIPELINE-11: a card is moved to another stage by keyboard and stays there", async ({ page }) => {
  const from = page.getByRole("region", { name: "Prospecting" });
  const to = page.getByRole("region", { name: "Qualification" });
  const saved = page.waitForResponse((response) => response.request().method() !== "GET" && /\/deals\//.test(response.url()));
  await from.getByRole("button", { name: /^Crane hire/ }).focus();
  await page.keyboard.press("Space");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Space");
  await expect(to.getByRole("button", { name: /^Crane hire/ })).toBeVisible();
  expect((await saved).ok()).toBe(true);
  await page.reload();
  await expect(to.getByRole("button", { name: /^Crane hire/ })).toBeVisible();
  await expect(from.getByRole("button", { name: /^Crane hire/ })).toHaveCount(0);
});

test("PIPELINE-11: a move that the server refuses is put back", async ({ page }) => {
  await page.route(/\/api\/v1\/deals\/.+/, (route) =>
    route.request().method() === "GET"
      ? route.fallback()
      : refuse(route, 500, "internal", "It broke."),
  );
  const from = page.getByRole("region", { name: "Prospecting" });
  const failed = page.waitForResponse((response) => response.status() === 500);
  await from.getByRole("button", { name: /^Crane hire/ }).focus();
  await page.keyboard.press("Space");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Space");
  await failed;
  await expect(page.getByText(/Crane hire was put back/)).toBeAttached();
  await expect(from.getByRole("button", { name: /^Crane hire/ })).toBeVisible();
  await expect(page.getByRole("region", { name: "Qualification" }).getByRole("button", { name: /^Crane hire/ })).toHaveCount(0);
});

test("PIPELINE-08, PIPELINE-10, PIPELINE-16: the board marks hot and high-value deals as the settings say, and has ways to its pipelines", async ({ page }) => {
  const card = page.getByRole("button", { name: /^Crane hire/ });
  await expect(card).not.toHaveAccessibleName(/hot|high value/);
  await page.getByRole("link", { name: "Configure" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Pipelines" })).toBeVisible();
  await page.getByRole("link", { name: "Organization" }).click();
  await page.getByRole("textbox", { name: "A deal is hot from" }).fill("120");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Please enter a whole number from 1 to 100.")).toBeVisible();
  await page.getByRole("textbox", { name: "A deal is hot from" }).fill("20");
  await page.getByRole("textbox", { name: "A deal is of high value from" }).fill("4,000");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("region", { name: "Notifications" }).getByText("Organization saved")).toBeVisible();
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: /^Pipeline/ }).click();
  await expect(card).toHaveAccessibleName(/hot, high value/);

  await page.getByRole("button", { name: "New pipeline" }).click();
  const form = page.getByRole("dialog", { name: "New pipeline" });
  await form.getByRole("textbox", { name: "Name" }).fill("Renewals");
  await form.getByRole("button", { name: "Add pipeline" }).click();
  await expect(page.getByRole("combobox", { name: "Pipeline" }).locator("option:checked")).toHaveText("Renewals");
  await expect(card).toHaveCount(0);
});
