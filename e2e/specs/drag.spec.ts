import { expect, test, WITH_MOTION } from "../fixtures/test";
import { create, register } from "../fixtures/account";
import { card, drag, tile } from "../fixtures/board";
import { refuse } from "../fixtures/problems";

test.use({ viewport: { width: 1720, height: 900 }, ...WITH_MOTION });

test.beforeEach(async ({ page }) => {
  await register(page.request);
  await create(page.request, "deals", { name: "Crane hire", amount_minor: 480_000 });
  await create(page.request, "deals", { name: "Warehouse shelves", amount_minor: 1_250_000 });
  await page.goto("/pipeline");
  await expect(card(page, "Prospecting", "Crane hire")).toBeVisible();
});

test("DEAL-07, PIPELINE-11, PIPELINE-13, TEST-10: a card dragged by mouse stays in its new stage, and Undo takes it back", async ({ page }) => {
  const saved = page.waitForResponse((response) => response.request().method() === "PUT");
  await drag(page, "Prospecting", "Crane hire", "Proposal");
  await expect(card(page, "Proposal", "Crane hire")).toBeVisible();
  expect((await saved).status()).toBe(200);
  await expect(page.getByRole("region", { name: "Proposal", exact: true }).getByText("$4,800").first()).toBeVisible();
  // Nobody has set its probability by hand: it weighs 75 % here, no longer 25 %.
  const weighted = page.locator(".board-figure").filter({ hasText: "Weighted" });
  await expect(weighted).toContainText("$6.7K");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(card(page, "Prospecting", "Crane hire")).toBeVisible();
  await expect(card(page, "Proposal", "Crane hire")).toHaveCount(0);
  await page.reload();
  await expect(card(page, "Prospecting", "Crane hire")).toBeVisible();
  await expect(weighted).toContainText("$4.3K");
});

test("PIPELINE-11, WEB-09: a dragged card that the server refuses returns alone, the other move stands", async ({ page }) => {
  const crane = await (await page.request.get("/api/v1/deals?search=crane")).json();
  const moves = `**/api/v1/deals/${crane.data[0].id}/stage`;
  // The answer comes when the other card has been moved: a card that returns while the mouse goes down would be taken.
  let answer = () => {};
  const moved = new Promise<void>((done) => (answer = done));
  await page.route(moves, async (route) => {
    await moved;
    await refuse(route, 403, "forbidden", "The stage is full.");
  });
  await drag(page, "Prospecting", "Crane hire", "Proposal");
  await drag(page, "Prospecting", "Warehouse shelves", "Qualification");
  await expect(card(page, "Proposal", "Crane hire")).toBeVisible();
  answer();
  await expect(card(page, "Prospecting", "Crane hire")).toBeVisible();
  await expect(card(page, "Proposal", "Crane hire")).toHaveCount(0);
  await expect(page.getByText("The stage is full.").first()).toBeVisible();
  await expect(card(page, "Qualification", "Warehouse shelves")).toBeVisible();
  await page.unroute(moves);
  await page.reload();
  await expect(card(page, "Qualification", "Warehouse shelves")).toBeVisible();
  await expect(card(page, "Prospecting", "Crane hire")).toBeVisible();
});

test("PIPELINE-11, PIPELINE-14: dropping a deal on Closed won asks for reason and date; Cancel moves nothing, Undo reopens", async ({ page }) => {
  await drag(page, "Prospecting", "Crane hire", "Closed won");
  const dialog = page.getByRole("dialog", { name: "Win Crane hire" });
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(dialog).toBeHidden();
  await expect(card(page, "Prospecting", "Crane hire")).toBeVisible();

  await drag(page, "Prospecting", "Crane hire", "Closed won");
  await dialog.getByLabel("Closed on").fill("2026-10-05");
  await dialog.getByRole("textbox", { name: "Reason" }).fill("Best price");
  await dialog.getByRole("button", { name: "Mark as won" }).click();
  await expect(dialog).toBeHidden();
  // A won deal leaves the board, unless closed ones are shown.
  await expect(card(page, "Prospecting", "Crane hire")).toHaveCount(0);
  const stored = async () => (await (await page.request.get("/api/v1/deals?search=crane&archived=include")).json()).data[0];
  await expect.poll(async () => (await stored()).status).toBe("won");
  expect(await stored()).toMatchObject({ won_reason: "Best price", closed_date: "2026-10-05", stage_name: "Closed won" });
  await page.getByRole("switch", { name: "Closed deals" }).click();
  await expect(card(page, "Closed won", "Crane hire")).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(card(page, "Prospecting", "Crane hire")).toBeVisible();
  await expect.poll(async () => (await stored()).status).toBe("open");
});

test("PIPELINE-15: a click opens the deal beside the board, a drag does not; Escape gives a drag up", async ({ page }) => {
  await drag(page, "Prospecting", "Crane hire", "Qualification");
  await expect(card(page, "Qualification", "Crane hire")).toBeVisible();
  await expect(page.getByRole("complementary", { name: "Deal" })).toHaveCount(0);
  await tile(page, "Qualification", "Crane hire").click();
  const panel = page.getByRole("complementary", { name: "Deal" });
  await expect(panel.getByText("Crane hire").first()).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(panel).toHaveCount(0);

  const box = await tile(page, "Qualification", "Crane hire").boundingBox();
  if (!box) throw new Error("the card is not on the screen");
  await page.mouse.move(box.x + 20, box.y + 20);
  await page.mouse.down();
  await page.mouse.move(box.x + 400, box.y + 60, { steps: 8 });
  await expect(page.locator("[data-landing=true]")).toHaveCount(1);
  await page.keyboard.press("Escape");
  await expect(page.locator("[data-landing=true]")).toHaveCount(0);
  await page.mouse.up();
  await expect(card(page, "Qualification", "Crane hire")).toBeVisible();
});
