import { expect, type Page, test } from "../fixtures/test";
import { create, register } from "../fixtures/account";

const rows = (page: Page) => page.getByRole("grid").getByRole("rowheader");

test("SEARCH-05, SEARCH-10: conditions are combined by and / or in groups, shown as one chip, changed and saved", async ({ page }) => {
  await register(page.request);
  for (const [name, amount, probability] of [
    ["Crane hire", 480_000, 20],
    ["Warehouse shelves", 1_250_000, 80],
    ["Small repair", 9_000, 90],
    ["Tiny job", 1_000, 10],
  ] as const) {
    await create(page.request, "deals", { name, amount_minor: amount, probability });
  }
  await page.goto("/deals");
  await expect(rows(page)).toHaveCount(4);
  await page.getByRole("button", { name: "Filter", exact: true }).click();
  await page.getByRole("button", { name: "Combine with and / or…" }).click();
  const dialog = page.getByRole("dialog", { name: "Filter deals" });
  const line = (at: number) => dialog.getByRole("group", { name: "Condition", exact: true }).nth(at);
  const fill = async (at: number, field: string, comparison: string, value: string) => {
    await line(at).getByRole("combobox", { name: "Field" }).selectOption({ label: field });
    await line(at).getByRole("combobox", { name: "Comparison" }).selectOption(comparison);
    await line(at).getByRole("textbox", { name: new RegExp(`^${field}`) }).fill(value);
  };

  // Large ones, or small ones that are likely: (amount ≥ 10,000) or (amount ≤ 100 and probability ≥ 50).
  await dialog.getByRole("radio", { name: "Any of these" }).check();
  await fill(0, "Amount", "gte", "10000");
  await dialog.getByRole("button", { name: "Add group" }).click();
  await fill(1, "Amount", "lte", "a little");
  await dialog.getByRole("group", { name: "Group of conditions" }).getByRole("button", { name: "Add condition" }).click();
  await fill(2, "Probability", "gte", "50");
  await dialog.getByRole("button", { name: "Apply filter" }).click();
  await expect(line(1).getByRole("alert")).toHaveText("Please enter an amount such as 1,250.00.");
  await expect(dialog).toBeVisible();
  await fill(1, "Amount", "lte", "100");
  await expect(line(1).getByRole("alert")).toHaveCount(0);
  await dialog.getByRole("button", { name: "Apply filter" }).click();
  await expect(dialog).toBeHidden();
  await expect(rows(page)).toHaveText(["Small repair", "Warehouse shelves"], { useInnerText: true });

  // In the address, as one chip that opens the builder again.
  await page.reload();
  await expect(rows(page)).toHaveCount(2);
  await page.getByRole("button", { name: /^Filter any of 3 conditions/ }).click();
  await expect(line(0).getByRole("combobox", { name: "Comparison" })).toHaveValue("gte");
  await line(0).getByRole("button", { name: "Remove this condition" }).click();
  await dialog.getByRole("button", { name: "Apply filter" }).click();
  await expect(rows(page)).toHaveText(["Small repair"], { useInnerText: true });
  await page.getByRole("button", { name: /^Remove filter/ }).click();
  await expect(rows(page)).toHaveCount(4);
});
