// A remix of a game, published from a room like any creation, is a game in its own right.
import assert from "node:assert/strict";
import { Desktop, Phone } from "./support/browser.mjs";
import { cookie, gameFrame, gameWorld, heard, lastOf, launch, puppet, sdks, turns } from "./support/games.mjs";
import { coverOf, until } from "./support/server.mjs";

const world = gameWorld();
const { journey } = world;
let server, browser, admin, author, friend, maker;
world.begun(() => ({ server, browser, tokens: { overseer: admin, author, friend } } = world));

// What the sheet "Make your own version" says to do: the files of the room, something changed, published under one's name.
async function remix(game, folder, change, { files = {}, category } = {}) {
  maker ??= await server.agent("remixer");
  const origin = await server.creation(game.creation);
  const source = `${server.url}/rooms/${origin.room_id}/files/${origin.source_dir}/index.html`;
  const page = change(await (await fetch(source, { headers: { authorization: `Bearer ${maker.token}` } })).text());
  const lying = { "index.html": ["text/html", page], "cover.svg": ["image/svg+xml", coverOf(folder)], ...files };
  for (const [name, [type, body]] of Object.entries(lying)) {
    await server.call("PUT", `/rooms/${maker.room}/files/${folder}/${name}`, { token: maker.token, type, body });
  }
  const { id, status, ...rest } = await server.call("POST", `/rooms/${maker.room}/creations`, { token: maker.token, body: {
    topic: `My own ${folder}`, description: origin.description, type: origin.type, tags: [...origin.tags, "remixed", "mine"].slice(0, 8),
    category, source_dir: folder, parent_id: origin.id,
  } });
  if (status === "pending_review") await server.call("POST", `/creations/${id}/publish`, { token: maker.token });
  else assert.equal(status, "published", JSON.stringify(rest));
  await until(async () => (await server.feed()).some((creation) => creation.id === id));
  return server.creation(id);
}

const retitled = (page) => page.replace('<h1 id="said">Puppet</h1>', '<h1 id="said">Remixed</h1>');
const gameOf = async (page) => JSON.parse(await page.locator("#game").textContent());

for (const [name, tag] of Object.entries(sdks)) {
  journey(`A remix for one player, from the feed to its own leaderboard, with ${name}`, Phone, async (reader, page) => {
    const original = await launch(server, author, admin, `Solo ${name}`, puppet(await tag()));
    const mine = await remix(original, `solo-${name.replaceAll(/\W/g, "")}`, retitled);
    assert.equal((await server.creation(original.creation)).remix_count, 1);
    await reader.context.addCookies(cookie(server, friend));
    await reader.open("/");
    await page.locator(`[data-card][data-slug="${mine.slug}"] [data-action=open]`).first().click();
    await page.waitForURL(`**/play/${mine.slug}`);
    let frame = await gameFrame(page);
    assert.equal(await frame.locator("h1").textContent(), "Remixed");
    assert.equal((await frame.evaluate(() => window.info)).player.id, "friend");
    await frame.evaluate(() => sdk.singlePlayer.actions.saveGameState({ gameState: { level: 3 } }));
    await heard(frame, "game_state_updated");
    await page.waitForTimeout(1100);
    await frame.evaluate(() => end(11));
    await page.locator(".over-verdict", { hasText: "Number 1 today" }).waitFor();
    await page.getByRole("button", { name: "Play again" }).click();
    await heard(frame, "play_again");
    const game = await gameOf(page);
    assert.notEqual(game.id, original.id);
    assert.equal((await server.call("GET", `/games/${game.id}/leaderboard`)).entries[0].score, 11);
    assert.deepEqual((await server.call("GET", `/games/${original.id}/leaderboard`)).entries, []);
    await until(async () => (await server.call("GET", `/games/${game.id}/state`, { token: friend })).state);
    await page.reload();
    frame = await gameFrame(page);
    assert.deepEqual((await frame.evaluate(() => window.info)).initialGameState.gameState, { level: 3 });
    await page.goto(`/c/${mine.slug}`);
    await page.waitForURL(`**/play/${mine.slug}`);
  });

  journey(`A remix for two, from the invitation to the end, with ${name}`, Phone, async (reader, page) => {
    const original = await launch(server, author, admin, `Duo ${name}`, turns(await tag()), ["multiplayer"]);
    const mine = await remix(original, `duo-${name.replaceAll(/\W/g, "")}`, retitled, { category: "games" });
    await reader.context.addCookies(cookie(server, author));
    await reader.open(`/play/${mine.slug}`);
    await page.getByRole("button", { name: "Begin a match" }).click();
    const invitation = await page.locator("[data-invite]").getAttribute("data-invite");
    const other = await browser.newContext({ ...Desktop, baseURL: server.url });
    await other.addCookies(cookie(server, friend));
    const second = await other.newPage();
    await second.goto(invitation);
    const [here, there] = [await gameFrame(page), await gameFrame(second)];
    await here.evaluate(() => move(1));
    await heard(there, "game_state_updated");
    assert.deepEqual((await lastOf(there, "game_state_updated")).gameState, { n: 1 });
    await there.evaluate(() => finish({ author: 1, friend: 2 }));
    await page.getByRole("heading", { name: "You lost" }).waitFor();
    await second.getByRole("heading", { name: "You won" }).waitFor();
    await other.close();
  });
}

const script = (body) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Parts</title></head><body><main><h1>In parts</h1></main>${body}</body></html>`;

journey("A game whose scripts lie beside its page; its next version; and one that is a game no longer", Phone, async (reader, page) => {
  const original = await launch(server, author, admin, "In parts", puppet(""));
  const api = 'export const sdk = window.FarcadeSDK;\nwindow.heard = [];';
  const main = `import { sdk } from "./api.js";
window.end = (score) => sdk.singlePlayer.actions.gameOver({ score });
sdk.onPlayAgain(() => {});
sdk.onToggleMute(() => {});
sdk.singlePlayer.actions.ready().then((info) => { window.info = info; });`;
  const files = { "api.js": ["text/javascript", api], "main.js": ["text/javascript", main] };
  const first = await remix(original, "parts", () => script('<script type="module" src="./main.js"></script>'), { files });
  await reader.context.addCookies(cookie(server, friend));
  await reader.open(`/play/${first.slug}`);
  const frame = await gameFrame(page);
  await page.waitForTimeout(1100);
  await frame.evaluate(() => end(5));
  await page.locator(".over-verdict", { hasText: "Number 1 today" }).waitFor();
  const { id } = await gameOf(page);

  const second = await remix(original, "parts", () => script('<h2>Better</h2><script type="module" src="./main.js"></script>'), { files });
  assert.notEqual(second.id, first.id);
  await reader.open(`/play/${first.slug}`);
  assert.equal(await (await gameFrame(page)).locator("h2").textContent(), "Better");
  assert.equal((await gameOf(page)).id, id);

  await reader.context.addCookies(cookie(server, maker.user));
  const { items: [own] } = await server.call("GET", "/games/mine", { token: maker.user });
  assert.deepEqual([own.id, own.source_dir, own.versions.length, own.versions[0].number], [id, "parts", 1, 2]);
  await reader.open(`/games/${id}/v/${own.versions[0].id}`);
  await page.getByText("submit it again").waitFor();
  await page.locator('[data-seen="ready"][data-ok="yes"]').waitFor();
  await reader.accessible("the studio of a game of a room");
  await reader.picture("phone-game-studio-of-a-room");

  const third = await remix(original, "parts", () => script("<p>No game any more, but a page to read.</p>"), { files: {} });
  await page.goto(`/play/${third.slug}`);
  await page.waitForURL(`**/c/${third.slug}`);
});

journey("A draft is tried before anybody plays it, alone and for two, with every SDK", Phone, async (reader, page) => {
  maker ??= await server.agent("remixer");
  const open = async (folder, code, files = {}) => {
    for (const [name, [type, body]] of Object.entries({ "index.html": ["text/html", code], ...files })) {
      await server.call("PUT", `/rooms/${maker.room}/files/${folder}/${name}`, { token: maker.token, type, body });
    }
    const { url } = await server.call("GET", `/rooms/${maker.room}/draft-token?path=${folder}/index.html`, { token: maker.token });
    await page.goto(url);
    await page.waitForFunction(() => window.info);
  };
  const tags = await Promise.all(Object.values(sdks).map((tag) => tag()));
  for (const [index, tag] of tags.entries()) {
    await open(`tried-${index}`, puppet(tag));
    assert.deepEqual(await page.evaluate(() => [info.players.length, info.player.id, info.viewContext]), [1, "you", "full_screen"]);
    await page.evaluate(() => sdk.singlePlayer.actions.saveGameState({ gameState: { level: 2 } }));
    await heard(page, "game_state_updated");
    await page.evaluate(() => end(7));
    await page.getByRole("button", { name: "7 – Play again" }).click();
    await heard(page, "play_again");
    assert.equal(await page.getByRole("button").count(), 0);

    await open(`tried-${index}`, turns(tag));
    assert.equal(await page.evaluate(() => info.players.length), 2);
    await page.evaluate(() => move(1));
    await heard(page, "game_state_updated");
    const first = await lastOf(page, "game_state_updated");
    assert.deepEqual(first.gameState, { n: 1 });
    await page.evaluate((id) => refute(id), first.id);
    await heard(page, "game_state_updated", 2);
    assert.equal(await lastOf(page, "game_state_updated"), null);
    await page.evaluate(() => finish([{ playerId: "you", score: 3 }, { playerId: "friend", score: 4 }]));
    await page.getByRole("button", { name: "3 : 4 – Play again" }).waitFor();
  }

  const main = ["text/javascript", "window.FarcadeSDK.singlePlayer.actions.ready().then((info) => { window.info = info; });"];
  await open("tried-parts", '<!doctype html><title>In parts</title><script src="./main.js"></script>', { "main.js": main });
});
