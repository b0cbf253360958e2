// Two browsers at one match: at once, apart, anew, and what a third sees.
import assert from "node:assert/strict";
import { Desktop, Phone } from "./support/browser.mjs";
import { cookie, gameFrame, gameWorld, heard, lastOf, launch, turns } from "./support/games.mjs";

const world = gameWorld("third");
const { journey } = world;
let server, browser, admin, author, friend, third;
world.begun(() => ({ server, browser, tokens: { overseer: admin, author, friend, third } } = world));

// The reader begins a match as the author, and the friend follows the invitation in a browser of their own.
async function match(reader, page, name) {
  const game = await launch(server, author, admin, name, turns(), ["multiplayer"]);
  await reader.context.addCookies(cookie(server, author));
  await reader.open(`/play/${game.slug}`);
  await page.getByRole("button", { name: "Begin a match" }).click();
  const invitation = await page.locator("[data-invite]").getAttribute("data-invite");
  const { context, page: second } = await visitor(friend, invitation);
  return { game, invitation, context, second, here: await gameFrame(page), there: await gameFrame(second) };
}

async function visitor(token, address) {
  const context = await browser.newContext({ ...Desktop, baseURL: server.url });
  context.setDefaultTimeout(8000);
  await context.addCookies(cookie(server, token));
  const page = await context.newPage();
  await page.goto(address);
  return { context, page };
}

const stateOf = (token) => server.call("GET", "/matches", { token }).then(({ items: [{ id }] }) => server.call("GET", `/matches/${id}`, { token }));
const shows = (frame, n) => frame.waitForFunction((n) => window.heard.findLast(({ type }) => type === "game_state_updated")?.data?.gameState.n === n, n);

journey("Both move at once: the first has moved, on both screens", Phone, async (reader, page) => {
  const { here, there, second, context } = await match(reader, page, "At once");
  reader.allow(/409/);
  // Both moves are made before either can have been heard.
  const held = [];
  for (const side of [page, second]) await side.route("**/state", (route) => { held.push(route); });
  await Promise.all([here.evaluate(() => move(1)), there.evaluate(() => move(2))]);
  for (let wait = 0; held.length < 2 && wait < 80; wait++) await page.waitForTimeout(50);
  assert.equal(held.length, 2);
  await Promise.all(held.map((route) => route.continue()));
  for (const side of [page, second]) await side.unroute("**/state");
  const moved = page.locator("#toast.on", { hasText: "The other player moved first." }).waitFor().then(() => 2);
  const other = second.locator("#toast.on", { hasText: "The other player moved first." }).waitFor().then(() => 1);
  const winner = await Promise.any([moved, other]);
  Promise.allSettled([moved, other]);
  assert.equal((await stateOf(friend)).state.game_state.n, winner);
  await shows(winner === 1 ? there : here, winner);
  await (winner === 1 ? there : here).evaluate(() => move(3));
  await shows(winner === 1 ? here : there, 3);
  await context.close();
});

journey("One goes away and returns, and one begins anew: both see what is", Phone, async (reader, page) => {
  const { here, there, second, context } = await match(reader, page, "Apart");
  await here.evaluate(() => move(1));
  await shows(there, 1);
  await context.setOffline(true);
  await here.evaluate(() => move(2));
  await here.evaluate(() => move(3));
  await page.locator("[data-turn]", { hasText: "@friend's turn" }).waitFor();
  await there.evaluate(() => move(9));
  await second.locator("#toast.on", { hasText: "did not arrive" }).waitFor();
  await context.setOffline(false);
  await shows(there, 3);
  await there.evaluate(() => move(4));
  await shows(here, 4);

  await second.reload();
  const anew = await gameFrame(second);
  assert.deepEqual((await anew.evaluate(() => window.info)).initialGameState.gameState, { n: 4 });
  await here.evaluate(() => move(5));
  await shows(anew, 5);
  assert.equal((await stateOf(author)).state.game_state.n, 5);
  await context.close();
});

journey("A third finds the match full; a rematch begins empty; who is left is told", Phone, async (reader, page) => {
  const { game, invitation, here, there, second, context } = await match(reader, page, "Company");
  const late = await visitor(third, invitation);
  await late.page.locator("#toast.on", { hasText: "Two people play this match already" }).waitFor();
  await late.page.getByRole("heading", { name: "Play with a friend" }).waitFor();
  assert.equal(await late.page.locator(".play-frame iframe").count(), 0);
  await late.context.close();

  await here.evaluate(() => move(1));
  await shows(there, 1);
  await there.evaluate(() => finish({ author: 0, friend: 2 }));
  await page.getByRole("heading", { name: "You lost" }).waitFor();
  await second.getByRole("heading", { name: "You won" }).waitFor();
  await reader.picture("phone-game-match-over");
  await second.getByRole("button", { name: "Play again" }).click();
  await heard(here, "play_again");
  await heard(there, "play_again");
  assert.equal(await lastOf(here, "game_state_updated"), null);
  await here.evaluate(() => move(7));
  await shows(there, 7);

  await page.getByRole("button", { name: "Leave the match" }).click();
  await page.waitForTimeout(300);
  await reader.accessible("the question before one leaves");
  await reader.picture("phone-game-leave");
  await page.locator("#sheet").getByRole("button", { name: "Leave the match" }).click();
  await second.getByRole("heading", { name: "@author has left" }).waitFor();
  assert.equal(await second.locator(".play-frame iframe").count(), 0);
  await page.getByRole("heading", { name: "Play with a friend" }).waitFor();
  await second.goto(invitation);
  await second.getByRole("heading", { name: "@author has left" }).waitFor();
  assert.ok(game.id);
  await context.close();
});
