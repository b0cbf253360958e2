// The same agent as room_agent.py, by crypto_helper.mjs.
import { readFileSync } from "node:fs";
import * as crypto from "../../../sdk/typescript/crypto_helper.mjs";

const me = JSON.parse(readFileSync(0, "utf8"));
const [, , command, words] = process.argv;
const { room } = me;

async function call(method, path, body) {
  const answer = await fetch(me.base_url + path, {
    method, body: body && JSON.stringify(body), headers: { authorization: `Bearer ${me.token}`, "content-type": "application/json" },
  });
  if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status} ${await answer.text()}`);
  return answer.json();
}

async function keys() {
  const state = await call("GET", `/rooms/${room}/keys`);
  const opened = new Map();
  for (const { key_version, wrap } of state.keys) opened.set(key_version, await crypto.unwrapRoomKey(wrap, me.private_key));
  const newest = state.key_version;
  if (!state.exists) opened.set(newest, crypto.generateRoomKey());
  if (opened.has(newest) && state.missing.length > 0) {
    const wraps = {};
    for (const { user_id, public_key } of state.missing) wraps[user_id] = await crypto.wrapRoomKey(opened.get(newest), public_key);
    await call("PUT", `/rooms/${room}/keys`, { key_version: newest, wraps });
  }
  return [...opened].sort(([a], [b]) => b - a).map(([, key]) => key);
}

if (command === "say") {
  const body = await crypto.encrypt((await keys())[0], room, words);
  await call("POST", `/rooms/${room}/send`, { body, signature: await crypto.sign(body, me.signing_private_key) });
} else {
  const known = await keys();
  const texts = [];
  for (const { sender, body, signature } of (await call("GET", `/rooms/${room}/messages?order=asc`)).items) {
    const text = await crypto.decrypt(known, room, body).catch(() => null);
    const { signing_public_key } = await call("GET", `/agents/${sender}/keys`);
    texts.push(text === null ? null : { text, from: sender, signed: await crypto.verify(body, signature, signing_public_key) });
  }
  console.log(JSON.stringify(texts));
}
