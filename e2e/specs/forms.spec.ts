import { expect, test, WITH_MOTION } from "../fixtures/test";
import { create, newAccount, register } from "../fixtures/account";

test.use(WITH_MOTION);

test("COMPANY-02, WEB-09: wrong values are named at their fields, in words, and nothing is made", async ({ page }) => {
  await register(page.request);
  await page.goto("/companies");
  await page.getByRole("button", { name: "New company" }).first().click();
  const form = page.getByRole("dialog", { name: "New company" });
  await form.getByRole("textbox", { name: "Email" }).fill("not an address");
  await form.getByRole("button", { name: "Create company" }).click();
  const name = form.getByRole("textbox", { name: "Name", exact: true });
  await expect(name).toBeFocused();
  await expect(name).toHaveAttribute("aria-invalid", "true");
  await expect(form.getByText("Name is required.")).toBeVisible();
  await expect(form.getByRole("textbox", { name: "Email" })).toHaveAttribute("aria-invalid", "true");
  // The message belongs to the field also for those who cannot see it.
  await expect(form.getByRole("textbox", { name: "Email" })).toHaveAccessibleDescription(/email/i);
  await name.fill("Blue Finch Ltd");
  await expect(form.getByText("Name is required.")).toHaveCount(0);
  await form.getByRole("textbox", { name: "Email" }).fill("office@finch.example");
  await form.getByRole("button", { name: "Create company" }).click();
  await expect(form).toBeHidden();
  expect((await (await page.request.get("/api/v1/companies")).json()).data).toHaveLength(1);
});

test("COMPANY-06, WEB-09: what only the server knows is shown at the field, too", async ({ page }) => {
  await register(page.request);
  await create(page.request, "companies", { name: "Taken", slug: "taken" });
  const second = await create(page.request, "companies", { name: "Second" });
  await page.goto(`/companies/${second.id}`);
  await page.getByRole("button", { name: "Edit", exact: true }).click();
  const form = page.getByRole("dialog", { name: "Edit Second" });
  await form.getByRole("textbox", { name: "Slug" }).fill("taken");
  await form.getByRole("button", { name: "Save" }).click();
  const slug = form.getByRole("textbox", { name: "Slug" });
  await expect(slug).toHaveAttribute("aria-invalid", "true");
  await expect(slug).toHaveAccessibleDescription(/\w+ \w+/);
  await expect(slug).toBeFocused();
  await slug.fill("second");
  await form.getByRole("button", { name: "Save" }).click();
  await expect(form).toBeHidden();
});

test("WEB-09: an unsaved form survives a reload, and closing it asks first", async ({ page }) => {
  await register(page.request);
  await page.goto("/companies");
  const open = async () => await page.getByRole("button", { name: "New company" }).first().click();
  const form = page.getByRole("dialog", { name: "New company" });
  await open();
  await form.getByRole("textbox", { name: "Name", exact: true }).fill("Blue Finch Ltd");
  await form.getByRole("textbox", { name: "Industry" }).fill("Shipbuilding");
  await page.reload();
  await open();
  await expect(form.getByRole("textbox", { name: "Name", exact: true })).toHaveValue("Blue Finch Ltd");
  await expect(form.getByRole("textbox", { name: "Industry" })).toHaveValue("Shipbuilding");

  await page.keyboard.press("Escape");
  const question = page.getByRole("alertdialog", { name: "Throw away what you typed?" });
  await expect(question).toBeVisible();
  await question.getByRole("button", { name: "Cancel" }).click();
  await expect(question).toBeHidden();
  await expect(form.getByRole("textbox", { name: "Name", exact: true })).toHaveValue("Blue Finch Ltd");
  await form.getByRole("button", { name: "Cancel" }).click();
  await question.getByRole("button", { name: "Throw away" }).click();
  await expect(form).toBeHidden();
  await expect(page.getByRole("button", { name: "New company" }).first()).toBeFocused();
  await open();
  await expect(form.getByRole("textbox", { name: "Name", exact: true })).toHaveValue("");
});

test("WEB-09: leaving the settings with something unsaved asks, and nothing is lost by staying", async ({ page }) => {
  await register(page.request);
  await page.goto("/settings/tags");
  await page.getByRole("link", { name: "Profile" }).click();
  const name = page.getByRole("textbox", { name: "Name" });
  await name.fill("Ines V. Vogel");
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Companies" }).click();
  const question = page.getByRole("alertdialog", { name: "Leave without saving?" });
  await question.getByRole("button", { name: "Cancel" }).click();
  await expect(name).toHaveValue("Ines V. Vogel");
  await page.keyboard.press("Escape");
  // Back asks as links do: staying keeps address and words, leaving goes back.
  await page.goBack();
  await question.getByRole("button", { name: "Cancel" }).click();
  await expect(page).toHaveURL(/\/settings\/profile$/);
  await expect(name).toHaveValue("Ines V. Vogel");
  await page.goBack();
  await question.getByRole("button", { name: "Leave" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Tags" })).toBeVisible();
  await page.getByRole("link", { name: "Profile" }).click();
  await expect(name).toHaveValue("Ines Vogel");
  await name.fill("Ines V. Vogel");
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Companies" }).click();
  await question.getByRole("button", { name: "Leave" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Companies" })).toBeVisible();
});

test("AUTH-01, AUTH-23: registering with wrong values names each field and keeps the rest", async ({ page }) => {
  const account = newAccount();
  await page.goto("/register");
  await page.getByRole("textbox", { name: "Organization" }).fill(account.organization);
  await page.getByRole("textbox", { name: "Email" }).fill("ines@");
  await page.getByLabel("Password", { exact: false }).first().fill("short");
  await page.getByRole("button", { name: "Register" }).click();
  for (const field of ["Your name", "Email"]) await expect(page.getByRole("textbox", { name: field })).toHaveAttribute("aria-invalid", "true");
  await expect(page.getByLabel("Password", { exact: false }).first()).toHaveAccessibleDescription(/8 characters/);
  await expect(page.getByRole("textbox", { name: "Organization" })).toHaveValue(account.organization);
  // A known address is refused at its field.
  await register(page.request).then((known) => page.getByRole("textbox", { name: "Email" }).fill(known.email));
  await page.context().clearCookies();
  await page.getByRole("textbox", { name: "Your name" }).fill(account.name);
  await page.getByLabel("Password", { exact: false }).first().fill(account.password);
  await page.getByRole("button", { name: "Register" }).click();
  await expect(page.getByRole("textbox", { name: "Email" })).toHaveAccessibleDescription(/\w+ \w+/);
  await expect(page.getByRole("textbox", { name: "Email" })).toBeFocused();
});
