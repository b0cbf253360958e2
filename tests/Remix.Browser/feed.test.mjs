// Through the feed: what stands there before any script, every way in and every way back, and the edges.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { Desktop, launch, Phone, Reader } from "./support/browser.mjs";
import { journeys } from "./support/journeys.mjs";
import { root, Server, until } from "./support/server.mjs";

let server, browser, feed;
before(async () => {
  [server, browser] = await Promise.all([Server.start(), launch()]);
  feed = await server.feed();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const journey = journeys(() => [browser, server]);
const up = (reader) => reader.swipe([187, 640], [187, 160]);

journey("Without script the first card stands there, and a list of the others", Phone, async (reader, page) => {
  await page.goto("/");
  assert.match(await page.locator("[data-card] h2").first().textContent(), new RegExp(feed[0].topic));
  assert.ok(await page.locator("[data-card] .cover").first().evaluate((image) => image.complete && image.naturalWidth > 0));
  assert.equal(await page.locator("#tail li a").count(), feed.length);
  await page.locator("[data-card] a").first().click();
  assert.equal(new URL(page.url()).pathname, `/c/${feed[0].slug}`);
  assert.equal(await page.locator("h1").textContent(), feed[0].topic);
}, { javaScriptEnabled: false });

journey("A finger goes through the feed card by card, to its end and back", Phone, async (reader) => {
  await reader.open();
  for (const { slug } of feed) {
    await reader.sees(slug);
    await up(reader);
  }
  await reader.sees("tail");
  await reader.page.getByRole("heading", { name: "That is all, for now" }).waitFor();
  await reader.accessible("the end of the feed");
  await reader.swipe([187, 160], [187, 640]);
  await reader.sees(feed.at(-1).slug);
});

journey("A tap opens the page in its own box, it is counted, and every way back leads to the same card", Phone, async (reader, page) => {
  await reader.open();
  await up(reader);
  await reader.sees(feed[1].slug);
  const { id, slug, view_count: seen } = await server.creation(feed[1].id);
  const card = page.locator(`[data-card][data-slug="${slug}"]`);
  const back = async (way) => {
    await page.locator("#viewer").waitFor({ state: "hidden" });
    await reader.sees(slug);
    assert.equal(new URL(page.url()).pathname, "/", way);
    assert.equal(await page.evaluate(() => document.activeElement.closest("[data-card]")?.dataset.slug), slug, `focus after ${way}`);
  };
  const enter = async () => {
    await page.touchscreen.tap(187, 400);
    const frame = await reader.frame();
    assert.equal(new URL(page.url()).pathname, `/c/${slug}`);
    return frame;
  };

  const frame = await enter();
  const host = new URL(await frame.evaluate(() => document.URL)).hostname;
  assert.equal(host, `art-${id}.localhost`);
  assert.equal(await frame.evaluate(() => self.origin), "null");
  assert.ok((await frame.locator("body").innerText()).length > 40);
  assert.equal((await server.creation(id)).view_count, seen + 1);
  await reader.accessible("an open creation");

  await page.keyboard.press("Escape");
  await back("Escape");
  await enter();
  await page.goBack();
  await back("the browser's Back");
  await enter();
  await page.locator("#viewer [data-action=back]").tap();
  await back("the bar's button");
  await enter();
  await reader.swipe([120, 20], [120, 300]);
  await back("a swipe down on the bar");
  // To the browser a touch at once after a swipe stops the fling, and is no tap.
  await page.waitForTimeout(400);
  const again = await enter();
  await reader.toEnd(again);
  if (await again.evaluate(() => document.scrollingElement.scrollHeight > innerHeight + 3)) {
    await reader.swipe([187, 640], [187, 300]);
    await back("a pull past the end");
  } else {
    await page.keyboard.press("Escape");
  }
  await card.waitFor();
});

journey("Pulling past the end of a long page closes it, by finger", Phone, async (reader, page) => {
  const maker = await server.agent("long-reads");
  const long = await server.publish(maker, { dir: "long", topic: "A long read about nothing", page: "<p>On and on it goes.</p>".repeat(120) });
  await reader.open();
  await reader.sees(long.slug);
  await page.touchscreen.tap(187, 300);
  const frame = await reader.frame();
  await reader.page.locator("#viewer[data-fit=scroll]").waitFor();
  await reader.still(frame);
  await reader.swipe([187, 600], [187, 200]);
  await page.waitForFunction(() => document.querySelector(".viewer-bar").getBoundingClientRect().bottom <= 0);
  await reader.toEnd(frame);
  await reader.swipe([187, 600], [187, 330], { hold: 900, release: false });
  await page.locator("#viewer[data-pull=enough]").waitFor();
  await reader.picture("phone-pulled");
  await reader.touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  await page.locator("#viewer").waitFor({ state: "hidden" });
  await reader.sees(long.slug);
});

journey("Keys and wheel do everything on a desktop", Desktop, async (reader, page) => {
  const cards = await server.feed();
  await reader.open();
  const press = (key) => page.keyboard.press(key);
  const sheet = async (key, title) => {
    await press(key);
    await page.getByRole("dialog", { name: title }).waitFor();
    await reader.accessible(`the sheet "${title}"`);
    await reader.picture(`desktop-sheet-${key === "?" ? "keys" : key}`);
    await press("Escape");
    await page.locator("#sheet").waitFor({ state: "hidden" });
  };
  await press("j");
  await reader.sees(cards[1].slug);
  await press("ArrowDown");
  await reader.sees(cards[2].slug);
  await press("k");
  await reader.sees(cards[1].slug);
  await press("ArrowUp");
  await reader.sees(cards[0].slug);
  assert.equal(await page.locator("#details h2").textContent(), cards[0].topic);
  await sheet("l", "Sign in first");
  await sheet("c", "The room's conversation");
  await sheet("r", "Make your own version");
  await sheet("?", "Keys");
  await press("s");
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), `${server.url}/c/${cards[0].slug}`);
  await page.mouse.move(100, 700);
  await page.mouse.wheel(0, 120);
  await reader.sees(cards[1].slug);
  await press("Enter");
  await reader.frame();
  await page.locator("#viewer [data-action=wide]").click();
  await page.locator("#viewer[data-wide]").waitFor();
  await press("Escape");
  await page.locator("#viewer").waitFor({ state: "hidden" });
  await reader.sees(cards[1].slug);

  await press("k");
  await reader.sees(cards[0].slug);
  await press("Enter");
  const frame = await reader.frame();
  await frame.locator("body").click();
  await reader.toEnd(frame);
  for (let turn = 0; turn < 6; turn++) {
    await page.mouse.wheel(0, 100);
    await page.waitForTimeout(30);
  }
  await page.locator("#viewer").waitFor({ state: "hidden" });
  await reader.sees(cards[0].slug);
}, { permissions: ["clipboard-read", "clipboard-write"] });

journey("Escape inside the creation's page comes back too", Desktop, async (reader, page) => {
  await reader.open();
  await page.keyboard.press("Enter");
  const frame = await reader.frame();
  await frame.locator("body").click({ position: { x: 5, y: 5 } });
  await page.keyboard.press("Escape");
  await page.locator("#viewer").waitFor({ state: "hidden" });
});

journey("A creation's own address shows it, and tells others what it is", Phone, async (reader, page) => {
  const { slug, topic, cover_url: cover } = feed[2];
  await reader.open(`/c/${slug}`);
  await reader.frame();
  const meta = (name) => page.locator(`meta[property="${name}"]`).getAttribute("content");
  assert.equal(await meta("og:title"), topic);
  assert.equal(await meta("og:url"), `${server.url}/c/${slug}`);
  assert.equal(await meta("og:image"), new URL(cover, server.url).href);
  assert.equal(await page.title(), `${topic} · Remix`);
  await reader.accessible("a creation's own page");
  await page.locator("[data-action=share]").tap();
  await page.getByText("Link copied").waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), `${server.url}/c/${slug}`);
  await page.locator("[data-action=back]").tap();
  await page.locator("html[data-live]").waitFor();
}, { permissions: ["clipboard-read", "clipboard-write"] });

journey("What an agent publishes meanwhile stands on top after a reload; revising it keeps its address", Phone, async (reader, page) => {
  const maker = await server.agent("quick-hands");
  await reader.open();
  const first = await server.publish(maker, { topic: "Fresh from the agent", page: "<h1>First draft</h1>" });
  await page.reload();
  await reader.sees(first.slug);
  const second = await server.publish(maker, { topic: "Fresh from the agent", page: "<h1>Second draft</h1>" });
  assert.notEqual(second.id, first.id);
  await reader.open(`/c/${first.slug}`);
  assert.match(await (await reader.frame()).locator("h1").innerText(), /Second draft/);
  await reader.open(`/c/${first.id}`);
  assert.match(await (await reader.frame()).locator("h1").innerText(), /draft/);
  assert.equal((await server.feed()).filter(({ topic }) => topic === "Fresh from the agent").length, 1);
});

journey("The room's conversation is what its agents said", Phone, async (reader, page) => {
  const maker = await server.agent("talkers");
  await server.publish(maker, { topic: "Made while talking" });
  for (const body of ["Shall it be blue?", "Blue it is, with **one** sun.", "مرحبا، هذا جميل"]) {
    await server.call("POST", `/rooms/${maker.room}/send`, { token: maker.token, body: { body } });
  }
  await reader.open();
  await page.locator("[data-card] [data-action=comments]").first().tap();
  await page.locator("[data-message]").nth(2).waitFor();
  assert.match(await page.locator("[data-message]").first().innerText(), /@talkers\/maker[\s\S]*Shall it be blue\?/);
  await reader.accessible("a conversation");
  await reader.picture("phone-sheet-conversation");
});

journey("A lost line is said, and mends when it comes back", Phone, async (reader, page) => {
  const maker = await server.agent("many-pages");
  for (let page = 0; page < 8; page++) await server.publish(maker, { dir: `page-${page}`, topic: `Page number ${page}` });
  await reader.open();
  reader.allow(/ERR_|Failed to load/);
  await page.route("**/creations/feed?**", (route) => route.abort());
  await page.locator("#feed").evaluate((feed) => { feed.scrollTop = feed.clientHeight * 8; });
  await page.locator("#tail[data-state=lost]").waitFor();
  await page.locator("#tail").scrollIntoViewIfNeeded();
  await reader.sees("tail");
  await reader.accessible("a lost line");
  await reader.picture("phone-lost");
  await page.unroute("**/creations/feed?**");
  await page.locator("[data-action=retry]").tap();
  await page.waitForFunction((count) => document.querySelectorAll("[data-card]").length === count, (await server.feed()).length);
});

journey("The second order is read whole, and says so", Phone, async (reader, page) => {
  await reader.open("/?sort=ranked");
  assert.equal(await page.locator(".tabs [aria-current]").textContent(), "Ranked");
  await page.locator("#feed").evaluate((feed) => { feed.scrollTop = feed.clientHeight * 8; });
  await page.waitForFunction((count) => document.querySelectorAll("[data-card]").length === count, (await server.feed()).length);
});

test("An empty feed invites; the command it shows fills it", async () => {
  const empty = await Server.start({ welcome: false });
  try {
    const reader = await Reader.arrive(browser, empty, Phone);
    await reader.open();
    await reader.page.getByRole("heading", { name: "Nothing here yet. You go first." }).waitFor();
    await reader.accessible("an empty feed");
    await reader.picture("phone-empty");
    const shown = await reader.page.locator("#tail pre").first().innerText();
    await reader.page.getByRole("link", { name: "Show me how" }).tap();
    await reader.page.getByRole("heading", { name: "Make something" }).waitFor();
    await promisify(execFile)("bash", ["-euc", shown], { env: { ...process.env, PATH: `${join(root, "bin")}:${process.env.PATH}` } });
    const [made] = await until(async () => (await empty.feed()).length === 1 && empty.feed());
    await reader.open();
    await reader.sees(made.slug);
    await reader.leave();
  } finally {
    await empty.stop();
  }
});
