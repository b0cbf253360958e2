// Speaking with the server about one game. Refusals are Errors as in feed/net.js.
import { call } from "../feed/net.js";

export const post = (path, body, method = "POST") => call(path, {
  method,
  headers: { accept: "application/json", ...(body !== undefined && !(body instanceof FormData) && { "content-type": "application/json" }) },
  body: body === undefined || body instanceof FormData ? body : JSON.stringify(body),
});
export const get = (path) => call(path);

// The server counts rounds: each takes one score, and begins when the one before was recorded.
export class Rounds {
  constructor(gameId) {
    this.path = `/games/${gameId}/sessions`;
  }

  async open() {
    Object.assign(this, await post(this.path));
  }

  async record(score) {
    const { session_id: session, round } = this;
    const recorded = await post(`${this.path}/${session}/score`, { round, score });
    Object.assign(this, await post(`${this.path}/${session}/rounds`));
    return recorded;
  }

  async next() {
    Object.assign(this, await post(`${this.path}/${this.session_id}/rounds`));
  }
}

// Keeps the newest of many quick writes, one at a time.
export function keeper(write, waitMs = 600) {
  let latest, timer, busy = false;
  const run = async () => {
    timer = undefined;
    if (busy || latest === undefined) return;
    const value = latest;
    latest = undefined;
    busy = true;
    try { await write(value); } catch { /* The next write brings what this one did not. */ }
    busy = false;
    if (latest !== undefined) timer ??= setTimeout(run, waitMs);
  };
  const keep = (value) => {
    latest = value;
    timer ??= setTimeout(run, waitMs);
  };
  addEventListener("pagehide", run);
  return keep;
}

// What a guest's browser keeps, where it may keep anything.
export const kept = {
  read(key) {
    try { return JSON.parse(localStorage.getItem(key)); } catch { return null; }
  },
  write(key, value) {
    try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* A private window keeps nothing. */ }
  },
};
