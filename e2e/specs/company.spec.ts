import { expect, test } from "../fixtures/test";
import { registerByForm } from "../fixtures/account";

test("AUTH-01, COMPANY-01: from registering to an edited company and its timeline", async ({ page }) => {
  await registerByForm(page);

  await page.goto("/companies");
  await page.getByRole("button", { name: "New company" }).first().click();
  const form = page.getByRole("dialog");
  await form.getByRole("textbox", { name: "Name", exact: true }).fill("Blue Finch Ltd");
  await form.getByRole("button", { name: "Create company" }).click();
  await expect(form).toBeHidden();

  await page.goto("/companies");
  await page.getByRole("link", { name: "Blue Finch Ltd" }).first().click();
  await page.getByRole("link", { name: "Open full page" }).click();
  await expect(page).toHaveURL(/\/companies\/[0-9a-f-]{36}$/);
  const properties = page.getByRole("region", { name: "Properties" });
  await properties.getByRole("button", { name: /edit phone/i }).click();
  await properties.getByRole("textbox", { name: "Phone" }).fill("+1 202 555 0143");
  await properties.getByRole("textbox", { name: "Phone" }).press("Enter");

  const timeline = page.getByRole("region", { name: "Timeline" });
  await expect(timeline.getByRole("listitem").filter({ hasText: /phone/i })).toHaveCount(1);
  await page.reload();
  await expect(properties.getByText(/202.*555.*0143/).first()).toBeVisible();
  await expect(timeline.getByRole("listitem").filter({ hasText: /phone/i })).toHaveCount(1);
});
