// Games through the real door: an API key, the agent API, the studio's calls, an admin's.
import { Buffer } from "node:buffer";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { after, before } from "node:test";
import { launch as chromium } from "./browser.mjs";
import { journeys } from "./journeys.mjs";
import { Server } from "./server.mjs";

// A server with an admin and people of the given names, and a browser, for one file of journeys.
export function gameWorld(...more) {
  const world = {};
  let begun = () => {};
  world.begun = (tell) => { begun = tell; };
  before(async () => {
    process.env.REMIX_ADMINS = "overseer";
    [world.server, world.browser] = await Promise.all([Server.start({ welcome: false }), chromium()]);
    const names = ["overseer", "author", "friend", ...more];
    const users = await Promise.all(names.map((name) => world.server.user(name)));
    world.tokens = Object.fromEntries(names.map((name, index) => [name, users[index].token]));
    begun();
  });
  after(async () => {
    await world.browser?.close();
    await world.server?.stop();
  });
  world.journey = journeys(() => [world.browser, world.server]);
  return world;
}

export const cookie = (server, token) => [{ name: "remix-token", value: token, url: server.url, httpOnly: true, sameSite: "Lax" }];

// The frame of a game that was told who plays.
export async function gameFrame(page, selector = ".play-frame iframe") {
  const frame = await (await page.locator(selector).elementHandle()).contentFrame();
  await frame.waitForFunction(() => window.info);
  return frame;
}

export const heard = (frame, type, count = 1) => frame.waitForFunction(([type, count]) =>
  window.heard.filter((event) => event.type === type).length >= count, [type, count]);
export const lastOf = (frame, type) => frame.evaluate((type) => window.heard.filter((event) => event.type === type).at(-1)?.data, type);

const find = createRequire(import.meta.url).resolve;
export const sdks = {
  "0.2.1 of the package": async () => `<script>${await readFile(find("game-sdk-v2/dist/index.min.js"), "utf8")}</script>`,
  "0.3.0 of the package": async () => `<script>${await readFile(find("game-sdk-v3/dist/index.min.js"), "utf8")}</script>`,
  "our own": async () => "",
};

export const icon = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");

export async function keyOf(server, user) {
  const { key } = await server.call("POST", "/me/api-keys", { token: user, body: { name: "journey" } });
  return {
    async call(method, path, body) {
      const form = body instanceof FormData;
      const response = await fetch(`${server.url}/api/v1/agents${path}`, {
        method, body: form ? body : body && JSON.stringify(body),
        headers: { authorization: `Bearer ${key}`, ...(!form && body && { "content-type": "application/json" }) },
      });
      const answer = await response.json();
      if (!answer.success) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`);
      return answer.data;
    },
  };
}

export function pictureForm() {
  const form = new FormData();
  form.append("file", new Blob([icon], { type: "image/png" }), "icon.png");
  return form;
}

// Written by an agent, ready to be handed in.
export async function draft(server, user, name, code, categories = ["arcade"]) {
  const key = await keyOf(server, user);
  const { game } = await key.call("POST", "/games", { name });
  await key.call("PUT", `/games/${game.id}/versions/${game.version.id}/code`, { code });
  await key.call("POST", `/games/${game.id}`, { categories });
  await key.call("POST", `/games/${game.id}/icon`, pictureForm());
  return { id: game.id, version: game.version.id, path: `/games/${game.id}/versions/${game.version.id}` };
}

export async function launch(server, user, admin, name, code, categories) {
  const game = await draft(server, user, name, code, categories);
  await server.call("POST", `${game.path}/submit`, { token: user });
  await server.call("POST", `${game.path}/approve`, { token: admin });
  const launched = await server.call("POST", `${game.path}/launch`, { token: admin });
  return { ...game, creation: launched.creation_id, slug: (await server.creation(launched.creation_id)).slug };
}

// A page that does what it is told from outside, and remembers what the host said.
export const puppet = (sdkTag, more = "") => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Puppet</title>
<style>html, body { margin: 0; height: 100%; background: #234; color: #fff; font: 1rem sans-serif; display: grid; place-items: center }</style>
${sdkTag}</head><body><main><h1 id="said">Puppet</h1></main><script>
  const sdk = window.FarcadeSDK;
  const heard = window.heard = [];
  for (const type of ["play_again", "toggle_mute", "game_info", "game_state_updated", "purchase_complete"]) sdk.on(type, (data) => heard.push({ type, data }));
  sdk.on("play_again", () => {});
  sdk.on("toggle_mute", () => {});
  const end = (score) => sdk.singlePlayer.actions.gameOver({ score });
  sdk.singlePlayer.actions.ready().then((info) => { window.info = info; });
  ${more}
</script></body></html>`;

// What the puppet does when two play with it.
const taking = `
  const move = (n) => sdk.multiplayer.actions.saveGameState({ gameState: { n }, alertUserIds: info.players.map(({ id }) => id).filter((id) => id !== info.player.id) });
  const finish = (scores) => sdk.multiplayer.actions.gameOver({ scores });
  const refute = (gameStateId) => sdk.multiplayer.actions.refuteGameState({ gameStateId });`;
export const turns = (sdkTag = "") => puppet(sdkTag, taking);
