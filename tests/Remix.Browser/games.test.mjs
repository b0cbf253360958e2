// Games: the protocol with the real SDK packages, and the whole way from an agent's draft to the leaderboard.
import assert from "node:assert/strict";
import { Desktop, Phone } from "./support/browser.mjs";
import { cookie, gameFrame, gameWorld, heard, keyOf, lastOf, launch, pictureForm, puppet, sdks, turns } from "./support/games.mjs";
import { until } from "./support/server.mjs";

const world = gameWorld();
const { journey } = world;
let server, browser, admin, author, friend;
world.begun(() => ({ server, browser, tokens: { overseer: admin, author, friend } } = world));

for (const [name, tag] of Object.entries(sdks)) {
  journey(`Every message, both ways, with ${name}`, Phone, async (reader, page) => {
    const game = await launch(server, author, admin, `Puppet with ${name}`, puppet(await tag()));
    await server.call("PUT", `/games/${game.id}/items`, { token: author, body: { items: [{ item: "hat", name: "A hat", price: 5 }] } });
    await reader.context.addCookies(cookie(server, friend));
    await reader.open(`/play/${game.slug}`);
    let frame = await gameFrame(page);

    const info = await frame.evaluate(() => window.info);
    assert.deepEqual(info.players, [info.player]);
    assert.deepEqual(info.player, { id: "friend", name: "friend", purchasedItems: [] });
    assert.equal(info.viewContext, "full_screen");
    assert.equal(info.initialGameState, null);
    assert.deepEqual(Object.keys(info.contentSafeAreaInset).sort(), ["bottom", "left", "right", "top"]);

    await heard(frame, "toggle_mute", 2);
    assert.deepEqual(await lastOf(frame, "toggle_mute"), { isMuted: true });
    await page.locator(".play-bar [data-action=sound]").click();
    await frame.waitForFunction(() => window.heard.some(({ type, data }) => type === "toggle_mute" && data.isMuted === false));

    await frame.evaluate(() => sdk.singlePlayer.actions.saveGameState({ gameState: { level: 3 } }));
    await heard(frame, "game_state_updated");
    const first = await lastOf(frame, "game_state_updated");
    assert.deepEqual(first.gameState, { level: 3 });
    await frame.evaluate(() => sdk.singlePlayer.actions.saveGameState({ gameState: { level: 4 } }));
    await heard(frame, "game_state_updated", 2);
    assert.notEqual((await lastOf(frame, "game_state_updated")).id, first.id);
    await until(async () => (await server.call("GET", `/games/${game.id}/state`, { token: friend })).state?.game_state.level === 4);

    await frame.evaluate(() => sdk.singlePlayer.actions.hapticFeedback());
    await frame.evaluate(() => sdk.singlePlayer.actions.reportError({ message: "A test broke", lineno: 7 }));
    await frame.evaluate(() => parent.postMessage({ type: "game_event" }, "*"));
    await frame.evaluate(() => parent.postMessage({ type: "game_event", event: { type: "something_new", data: 1 } }, "*"));
    await until(async () => (await server.call("GET", `/games/${game.id}/errors`, { token: author })).items.some(({ message }) => message === "A test broke"));

    // Asked for through the message itself: the older package has no call for it.
    await frame.evaluate(() => parent.postMessage({ type: "game_event", event: { type: "purchase", data: { item: "hat" } } }, "*"));
    await page.getByRole("button", { name: "Buy for 5 credits" }).click();
    await heard(frame, "purchase_complete");
    assert.deepEqual(await lastOf(frame, "purchase_complete"), { success: false, item: "hat" });
    const order = await frame.evaluate(() => window.heard.map(({ type }) => type).filter((type) => type === "game_info" || type === "purchase_complete"));
    assert.equal(order.at(-2), "game_info");
    await page.locator("#toast.on", { hasText: "no credits" }).waitFor();

    await page.waitForTimeout(1100);
    await frame.evaluate(() => end(NaN));
    await frame.evaluate(() => end(42));
    await page.getByRole("heading", { name: "New best" }).waitFor();
    await page.locator(".over-verdict", { hasText: "Number 1 today" }).waitFor();
    await page.evaluate(() => { document.querySelector(".play-frame iframe").dataset.same = "yes"; });
    await page.getByRole("button", { name: "Play again" }).click();
    await heard(frame, "play_again");
    assert.equal(await page.locator(".play-frame iframe[data-same]").count(), 1);
    assert.equal((await server.call("GET", `/games/${game.id}/leaderboard?period=today`)).entries[0].score, 42);

    await page.reload();
    frame = await gameFrame(page);
    assert.deepEqual((await frame.evaluate(() => window.info)).initialGameState.gameState, { level: 4 });
  });
}

journey("What another window says is not the game", Phone, async (reader, page) => {
  const game = await launch(server, author, admin, "Alone", puppet(""));
  await reader.open(`/play/${game.slug}`);
  const frame = await gameFrame(page);
  assert.equal(await frame.evaluate(() => { try { return localStorage.getItem("x"); } catch { return "refused"; } }), null);
  assert.equal(await frame.evaluate(() => origin), "null");
  await page.evaluate(() => postMessage({ type: "game_event", event: { type: "game_over", data: { score: 1 } } }, "*"));
  await page.waitForTimeout(300);
  assert.ok(await page.locator("[data-card-over]").isHidden());
  assert.equal(await page.locator(".play-frame iframe").getAttribute("sandbox"), "allow-scripts allow-pointer-lock");
  assert.equal(await page.locator(".play-frame iframe").getAttribute("allow"), "autoplay; fullscreen; gamepad");
});

journey("Two people play by turns, refute, finish and play again", Phone, async (reader, page) => {
  const game = await launch(server, author, admin, "By turns", turns(), ["multiplayer"]);
  await reader.context.addCookies(cookie(server, author));
  await reader.open(`/play/${game.slug}`);
  await page.getByRole("button", { name: "Begin a match" }).click();
  const invitation = await page.locator("[data-invite]").getAttribute("data-invite");
  await reader.accessible("the lobby");
  await reader.picture("phone-game-lobby");
  const other = await browser.newContext({ ...Desktop, baseURL: server.url });
  await other.addCookies(cookie(server, friend));
  const second = await other.newPage();
  await second.goto(invitation);
  const [mine, theirs] = [await gameFrame(page), await gameFrame(second)];
  assert.deepEqual((await mine.evaluate(() => window.info)).players.map(({ id }) => id), ["author", "friend"]);
  assert.equal((await theirs.evaluate(() => window.info)).player.id, "friend");

  await mine.evaluate(() => move(1));
  await heard(theirs, "game_state_updated");
  const pushed = await lastOf(theirs, "game_state_updated");
  assert.deepEqual(pushed.gameState, { n: 1 });
  await second.locator("[data-turn][data-mine]", { hasText: "Your turn" }).waitFor();
  await theirs.evaluate(() => move(2));
  await heard(mine, "game_state_updated");
  await mine.evaluate(() => refute(window.heard.filter(({ type }) => type === "game_state_updated").at(-1).data.id));
  await heard(theirs, "game_state_updated", 2);
  assert.deepEqual((await lastOf(theirs, "game_state_updated")).gameState, { n: 1 });
  assert.notEqual((await lastOf(theirs, "game_state_updated")).id, pushed.id);

  await mine.evaluate(() => finish([{ playerId: "author", score: 3 }, { playerId: "friend", score: 1 }]));
  await theirs.evaluate(() => finish({ author: 3, friend: 1 }));
  await page.getByRole("heading", { name: "You won" }).waitFor();
  await second.getByRole("heading", { name: "You lost" }).waitFor();
  await page.getByRole("button", { name: "Play again" }).click();
  await heard(mine, "play_again");
  await heard(theirs, "play_again");
  assert.equal(await lastOf(theirs, "game_state_updated"), null);
  const { items: [match] } = await server.call("GET", "/matches", { token: friend });
  assert.equal(match.round, 2);
  await other.close();
});

const good = puppet("", `addEventListener("pointerdown", () => end(7));`);
for (const [screen, options] of [["phone", Phone], ["desktop", Desktop]]) {
  journey(`From an agent's draft to the leaderboard on a ${screen}`, options, async (reader, page) => {
    const name = `Journey ${screen}`;
    const key = await keyOf(server, author);
    const { game } = await key.call("POST", "/games", { name });
    const code = `/games/${game.id}/versions/${game.version.id}`;
    await key.call("PUT", `${code}/code`, { code: good.replace('sdk.on("play_again", () => {});', "").replace('"play_again", "toggle_mute"', '"toggle_mute"') });
    const { blockers } = await key.call("GET", `${code}/validate`);
    assert.deepEqual(blockers.map(({ code }) => code), ["MISSING_ICON", "MISSING_CATEGORY", "MISSING_SDK_PLAY_AGAIN"]);
    await key.call("PUT", `${code}/code`, { code: good });

    await reader.context.addCookies(cookie(server, author));
    await reader.open(`/games/${game.id}/v/${game.version.id}`);
    const seen = async (what) => {
      await reader.accessible(`${what}, ${screen}`);
      await reader.picture(`${screen}-game-${what}`);
    };
    await (await gameFrame(page, ".phone iframe")).evaluate(() => end(12));
    await page.locator('[data-seen="game_over"][data-ok="yes"]').waitFor();
    await page.getByRole("button", { name: "Play again" }).click();
    await page.locator('[data-seen="play_again"][data-ok="yes"]').waitFor();
    await page.locator('[data-seen="toggle_mute"][data-ok="yes"]').waitFor();
    assert.ok(await page.getByRole("button", { name: "Submit for review" }).isDisabled());
    await seen("studio-draft");
    await page.locator("label", { hasText: "Arcade" }).click();
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.locator('[data-check="MISSING_CATEGORY"][data-ok="yes"]').waitFor();
    await page.locator("#icon").setInputFiles({ name: "icon.png", mimeType: "image/png", buffer: Buffer.from(await pictureForm().get("file").arrayBuffer()) });
    await page.getByRole("button", { name: "Upload icon" }).click();
    await page.locator('[data-check="MISSING_ICON"][data-ok="yes"]').waitFor();
    await page.getByRole("button", { name: "Submit for review" }).click();
    await page.locator(".studio-head .status", { hasText: "Review" }).waitFor();

    await reader.context.clearCookies();
    await reader.context.addCookies(cookie(server, admin));
    await reader.open("/games/review");
    await seen("review-queue");
    await page.getByRole("link", { name }).click();
    await page.getByLabel("What its author should change").fill("Make it a little louder.");
    await page.getByRole("button", { name: "Send back" }).click();
    await page.locator(".studio-head .status", { hasText: "Blocked" }).waitFor();
    assert.equal((await key.call("GET", `${code}/status`)).feedback, "Make it a little louder.");
    await key.call("PUT", `${code}/code`, { code: `${good}\n` });
    await server.call("POST", `${code}/submit`, { token: author });
    await page.reload();
    await page.getByRole("button", { name: "Approve" }).click();
    await page.getByRole("button", { name: "Launch" }).click();
    await page.getByRole("link", { name: "Play it" }).click();

    const frame = await gameFrame(page);
    await page.waitForTimeout(1100);
    await seen("playing");
    await frame.locator("body").click();
    await page.getByRole("heading", { name: "New best" }).waitFor();
    await page.locator(".over-verdict", { hasText: "Number 1 today" }).waitFor();
    await seen("over");
    await page.getByRole("button", { name: "Play again" }).click();
    if (screen === "phone") {
      await page.getByRole("button", { name: "Leaderboard" }).click();
      await page.locator("#sheet .board-list li[data-own]").waitFor();
      await page.waitForTimeout(300);
      await seen("leaderboard");
      await page.keyboard.press("Escape");
    }
    const [card] = await server.feed();
    assert.deepEqual([card.topic, card.type, card.category], [name, "application", "games"]);
    await page.goto("/games");
    await page.getByRole("link", { name }).first().waitFor();
    await seen("shelf");
    await page.goto(`/c/${card.slug}`);
    await page.waitForURL(`**/play/${card.slug}`);
  });
}

journey("A key is made, shown once and revoked on the account page", Phone, async (reader, page) => {
  await reader.context.addCookies(cookie(server, friend));
  await reader.open("/account");
  await page.getByLabel("What the key is for").fill("My agent");
  await page.getByRole("button", { name: "Make a key" }).click();
  await page.locator("#made-key", { hasText: "sk_live_" }).waitFor();
  await reader.accessible("the account page with a key");
  await reader.picture("phone-game-key");
  await page.reload();
  await page.getByRole("button", { name: "Revoke My agent" }).click();
  await page.locator("#toast", { hasText: "Revoked" }).waitFor();
});
