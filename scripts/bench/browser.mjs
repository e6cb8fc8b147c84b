// What a person sees of a long list and a full board, in Chromium without a screen: frame times, blank rows, memory.
import { chromium } from "playwright-core";

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const at = (values, share) => [...values].sort((a, b) => a - b)[Math.floor(values.length * share)] ?? 0;
const round = (ms) => Math.round(ms * 10) / 10;

/** Runs in the page: notes each frame, and how long a row on the screen stands there without its record. */
function watch() {
  const grid = document.querySelector('[role="grid"]');
  const blank = new Map();
  const seen = { frames: [], blank: 0, rows: 0, on: true };
  let last = performance.now();
  const step = (now) => {
    if (!seen.on) return;
    seen.frames.push(now - last);
    last = now;
    const rows = grid ? grid.querySelectorAll(".vt-row") : [];
    seen.rows = Math.max(seen.rows, rows.length);
    const view = grid?.getBoundingClientRect();
    const here = new Set();
    for (const row of rows) {
      if (row.querySelector("a")) continue;
      const { top, bottom } = row.getBoundingClientRect();
      // Under the header, above the lower edge.
      if (bottom <= view.top + 40 || top >= view.bottom) continue;
      const index = row.getAttribute("aria-rowindex");
      here.add(index);
      if (!blank.has(index)) blank.set(index, now);
      seen.blank = Math.max(seen.blank, now - blank.get(index));
    }
    for (const index of blank.keys()) if (!here.has(index)) blank.delete(index);
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
  window.watched = seen;
}

/** Watches while `work` goes on. */
async function watched(page, work) {
  await page.evaluate(watch);
  await work();
  const { frames, blank, rows } = await page.evaluate(() => ((window.watched.on = false), window.watched));
  return { frame_median: round(median(frames)), frame_p95: round(at(frames, 0.95)), frames: frames.length, longest_blank: Math.round(blank), most_rows: rows };
}

/** Runs before the page: keeps the memory of the app, which the heap of scripts does not count. */
function keepMemory() {
  const start = WebAssembly.instantiateStreaming;
  WebAssembly.instantiateStreaming = async (...given) => {
    const started = await start.apply(WebAssembly, given);
    window.appMemory ??= started.instance.exports.memory;
    return started;
  };
}

/** MB in use after a collection: scripts and elements, and the memory of the app itself. */
async function heap(page, devtools) {
  await devtools.send("HeapProfiler.collectGarbage");
  const used = await devtools.send("Runtime.getHeapUsage");
  const app = await page.evaluate(() => window.appMemory.buffer.byteLength);
  const mb = (bytes) => Math.round(bytes / 1e5) / 10;
  return { page: mb(used.usedSize + (used.embedderHeapUsedSize ?? 0) + (used.backingStorageSize ?? 0)), app: mb(app) };
}

/** Figures of the list and the board; `scrolling` is how many seconds the list is scrolled through. */
export async function browse(server, who, scrolling) {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ["--no-sandbox", "--disable-gpu"] });
  try {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, baseURL: server.base });
    const [name, value] = who.cookie().split("=");
    await context.addCookies([{ name, value, url: server.base }]);
    const page = await context.newPage();
    await page.addInitScript(keepMemory);
    const devtools = await context.newCDPSession(page);
    const since = async (work) => {
      const began = performance.now();
      await work();
      return Math.round(performance.now() - began);
    };
    const menu = page.getByRole("navigation", { name: "Main" });
    const grid = page.getByRole("grid");
    const record = grid.locator(".vt-row a").first();
    const figures = {};
    await page.goto("/");
    await page.getByRole("heading", { level: 1 }).waitFor();
    figures.list_opens = await since(async () => {
      await menu.getByRole("link", { name: "Contacts" }).click();
      await record.waitFor();
    });
    await page.mouse.move(700, 500);
    figures.heap_before = await heap(page, devtools);
    // As fast as somebody turns a wheel: 3,000 pixels a second.
    figures.scrolling = await watched(page, async () => {
      for (const end = performance.now() + scrolling * 1_000; performance.now() < end; ) {
        await page.mouse.wheel(0, 120);
        await page.waitForTimeout(40);
      }
      await page.waitForTimeout(500);
    });
    figures.heap_after = await heap(page, devtools);
    const lands = [];
    figures.jumping = await watched(page, async () => {
      for (const share of [0.5, 0.9, 0.1, 0.99, 0.3, 1, 0.7, 0]) {
        lands.push(await since(async () => {
          await grid.evaluate((grid, share) => {
            grid.scrollTop = (grid.scrollHeight - grid.clientHeight) * share;
          }, share);
          // Two frames later the rows of before are gone.
          await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
          await page.waitForFunction(() => {
            const rows = [...document.querySelectorAll('[role="grid"] .vt-row')];
            return rows.length > 0 && rows.every((row) => row.querySelector("a"));
          }, undefined, { timeout: 30_000, polling: "raf" });
        }));
        await page.waitForTimeout(200);
      }
    });
    figures.jumps = { median: median(lands), most: Math.max(...lands) };

    await page.goto("/");
    await page.getByRole("heading", { level: 1 }).waitFor();
    const card = page.locator(".board-card").first();
    figures.board_opens = await since(async () => {
      await menu.getByRole("link", { name: "Pipeline" }).click();
      await card.waitFor();
    });
    figures.cards = await page.locator(".board-card").count();
    // Waits until the card stands still.
    await card.hover();
    const from = await card.boundingBox();
    const [x, y] = [from.x + from.width / 2, from.y + from.height / 2];
    await page.mouse.down();
    figures.dragging = await watched(page, async () => {
      for (let step = 0; step < 120; step++) {
        await page.mouse.move(x + 320 * Math.sin(step / 15) ** 2, y + 150 * Math.sin(step / 20) ** 2);
        await page.waitForTimeout(16);
      }
    });
    await page.keyboard.press("Escape");
    await page.mouse.up();
    return figures;
  } finally {
    await browser.close();
  }
}
