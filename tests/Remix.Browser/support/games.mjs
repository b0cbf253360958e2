// Games through the real door: an API key, the agent API, the studio's calls, an admin's.
import { Buffer } from "node:buffer";

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
