// What an author does about a game: mends it, guards its leaderboard, reads what broke. And what a player is asked.
import assert from "node:assert/strict";
import { Phone } from "./support/browser.mjs";
import { cookie, draft, gameFrame, gameWorld, heard, lastOf, launch, puppet } from "./support/games.mjs";
import { until } from "./support/server.mjs";

const world = gameWorld("cheat", "stranger");
const { journey } = world;
let server, admin, author, friend, cheat, stranger;
world.begun(() => ({ server, tokens: { overseer: admin, author, friend, cheat, stranger } } = world));

const RoundMs = 1100;
async function play(game, token, score) {
  const { session_id: session } = await server.call("POST", `/games/${game.id}/sessions`, { token });
  await new Promise((resolve) => setTimeout(resolve, RoundMs));
  return server.call("POST", `/games/${game.id}/sessions/${session}/score`, { token, body: { round: 1, score } });
}

journey("The patch of a blocker is applied by its button, and the check-list turns", Phone, async (reader, page) => {
  const code = puppet("", "function restart() { document.title = 'again'; }").replace('sdk.on("play_again", () => {});', "")
    .replace('"play_again", "toggle_mute"', '"toggle_mute"');
  const game = await draft(server, author, "To be mended", code);
  await reader.context.addCookies(cookie(server, author));
  await reader.open(`/games/${game.id}/v/${game.version}`);
  await gameFrame(page, ".phone iframe");
  const check = page.locator('[data-check="MISSING_SDK_PLAY_AGAIN"]');
  assert.equal(await check.getAttribute("data-ok"), "no");
  assert.ok(await page.getByRole("button", { name: "Submit for review" }).isDisabled());
  await check.scrollIntoViewIfNeeded();
  await reader.picture("phone-game-patch");
  await check.getByRole("button", { name: "Apply the patch" }).click();
  await page.locator('[data-check="MISSING_SDK_PLAY_AGAIN"][data-ok="yes"]').waitFor();
  assert.ok(await page.getByRole("button", { name: "Submit for review" }).isEnabled());
  await gameFrame(page, ".phone iframe");
  await page.getByRole("button", { name: "Play again" }).click();
  await page.locator('[data-seen="play_again"][data-ok="yes"]').waitFor();
  await page.getByRole("button", { name: "Submit for review" }).click();
  await page.locator(".studio-head .status", { hasText: "Review" }).waitFor();
});

journey("An author takes a score away and bars a player; a reader looks among friends", Phone, async (reader, page) => {
  const game = await launch(server, author, admin, "Guarded", puppet(""));
  await Promise.all([play(game, friend, 50), play(game, cheat, 9999), play(game, stranger, 70)]);
  const match = await server.call("POST", `/games/${game.id}/matches`, { token: friend });
  await server.call("POST", "/matches/join", { token: stranger, body: { code: match.code } });

  await reader.context.addCookies(cookie(server, author));
  await reader.open(`/play/${game.slug}`);
  await gameFrame(page);
  await page.getByRole("button", { name: "Leaderboard" }).click();
  const rows = page.locator("#sheet .board-list li");
  await rows.nth(2).waitFor();
  await reader.picture("phone-game-leaderboard-author");
  await page.getByRole("button", { name: "Take away the score of stranger" }).click();
  await page.waitForTimeout(300);
  await reader.accessible("what an author may do about a score");
  await reader.picture("phone-game-void");
  await page.getByRole("button", { name: "Take this score away" }).click();
  await until(async () => (await server.call("GET", `/games/${game.id}/leaderboard`)).entries.length === 2);
  await page.getByRole("button", { name: "Leaderboard" }).click();
  await page.getByRole("button", { name: "Take away the score of cheat" }).click();
  await page.getByRole("button", { name: "Bar @cheat" }).click();
  await until(async () => (await server.call("GET", `/games/${game.id}/leaderboard`)).entries.length === 1);
  await assert.rejects(play(game, cheat, 1), /403/);
  await play(game, stranger, 60);

  await reader.context.clearCookies();
  await reader.context.addCookies(cookie(server, cheat));
  await reader.open(`/play/${game.slug}`);
  await gameFrame(page);
  await page.getByRole("button", { name: "Leaderboard" }).click();
  await rows.nth(1).waitFor();
  assert.equal(await page.getByRole("button", { name: /Take away/ }).count(), 0);
  await page.getByRole("button", { name: "Friends" }).click();
  await page.getByText("None of your friends has a score yet.").waitFor();

  await reader.context.clearCookies();
  await reader.context.addCookies(cookie(server, friend));
  await reader.open(`/play/${game.slug}`);
  await gameFrame(page);
  await page.getByRole("button", { name: "Leaderboard" }).click();
  await page.getByRole("button", { name: "Friends" }).click();
  await page.locator("#sheet .board-list li", { hasText: "@stranger" }).waitFor();
  assert.deepEqual(await page.locator("#sheet .board-list .who").allTextContents(), ["@stranger", "You"]);
  assert.equal(await page.getByRole("button", { name: "Friends" }).getAttribute("aria-pressed"), "true");
});

journey("A purchase is asked about, and its answer said in words", Phone, async (reader, page) => {
  const game = await launch(server, author, admin, "For sale", puppet(""));
  await server.call("PUT", `/games/${game.id}/items`, { token: author, body: { items: [{ item: "hat", name: "A hat", price: 1 }] } });
  await reader.context.addCookies(cookie(server, friend));
  await reader.open(`/play/${game.slug}`);
  const frame = await gameFrame(page);
  const buy = (item) => frame.evaluate((item) => { sdk.purchase({ item }); }, item);

  await buy("hat");
  await page.getByRole("heading", { name: "A hat" }).waitFor();
  await page.getByText("It stays yours.").waitFor();
  await page.waitForTimeout(300);
  await reader.accessible("the question before a purchase");
  await reader.picture("phone-game-purchase");
  await page.keyboard.press("Escape");
  await heard(frame, "purchase_complete");
  assert.deepEqual(await lastOf(frame, "purchase_complete"), { success: false, item: "hat" });

  await buy("hat");
  await page.getByRole("button", { name: "Buy for 1 credit", exact: true }).click();
  await heard(frame, "purchase_complete", 2);
  assert.deepEqual(await lastOf(frame, "purchase_complete"), { success: false, item: "hat" });
  await page.locator("#toast.on", { hasText: "no credits" }).waitFor();

  await buy("boat");
  await heard(frame, "purchase_complete", 3);
  await page.locator("#toast.on", { hasText: "sells no such thing" }).waitFor();
});

const loud = puppet("", `
  const song = new Audio("data:audio/wav;base64,UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA=");
  const sing = () => { song.play().catch(() => {}); return song.muted; };
  const crash = () => setTimeout(() => { throw new Error("Boom in the game"); });`);

journey("Sound is off until it is turned on, and what breaks is told to the author", Phone, async (reader, page) => {
  const game = await launch(server, author, admin, "Loud", loud);
  await reader.open(`/play/${game.slug}`);
  const frame = await gameFrame(page);
  await heard(frame, "toggle_mute");
  assert.deepEqual(await lastOf(frame, "toggle_mute"), { isMuted: true });
  assert.equal(await frame.evaluate(() => sing()), true);
  await page.locator(".play-bar [data-action=sound]").click();
  await frame.waitForFunction(() => window.heard.some(({ type, data }) => type === "toggle_mute" && data.isMuted === false));
  assert.equal(await frame.evaluate(() => sing()), false);
  assert.equal(await page.locator(".play-bar [data-action=sound]").getAttribute("aria-pressed"), "true");

  reader.allow(/Boom in the game/);
  await frame.evaluate(() => { crash(); crash(); });
  await until(async () => (await server.call("GET", `/games/${game.id}/errors`, { token: author })).items[0]?.count === 2);
  await reader.context.addCookies(cookie(server, author));
  await reader.open(`/games/${game.id}/v/${game.version}`);
  const error = page.locator("[data-errors] li", { hasText: "Boom in the game" });
  await error.waitFor();
  const line = loud.split("\n").findIndex((text) => text.includes("Boom")) + 1;
  assert.match(await error.textContent(), new RegExp(`line ${line} 2 times`));
  await error.scrollIntoViewIfNeeded();
  await reader.picture("phone-game-errors");
});
