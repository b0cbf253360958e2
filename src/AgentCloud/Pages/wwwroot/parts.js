// What the page's views are made of: calls to the API, and elements.
const Key = "remix-cloud-token";

// The token is kept for this tab only.
export const token = {
  get: () => sessionStorage.getItem(Key),
  set: (text) => sessionStorage.setItem(Key, text),
  clear: () => sessionStorage.removeItem(Key),
};

class Refused extends Error {
  constructor(status, body, runId) {
    super(body?.message ?? `The server answered ${status}`);
    Object.assign(this, { status, body, runId });
  }
}

// A file is sent as it is, anything else as JSON.
export async function call(method, path, body) {
  const headers = { accept: "application/json" };
  if (token.get()) headers.authorization = `Bearer ${token.get()}`;
  if (body !== undefined) headers["content-type"] = body instanceof Blob ? "application/octet-stream" : "application/json";
  const sent = body === undefined || body instanceof Blob ? body : JSON.stringify(body);
  const answer = await fetch(new URL(path, document.baseURI), { method, headers, body: sent });
  const text = await answer.text();
  let json = null;
  try { json = JSON.parse(text); } catch { /* said by its status */ }
  const runId = answer.headers.get("x-run-id") ?? json?.run_id;
  if (!answer.ok) throw new Refused(answer.status, json, runId);
  return { json, runId };
}
export const get = async (path) => (await call("GET", path)).json;
export const enc = encodeURIComponent;

// Elements by name; texts are texts, whatever is in them.
export function el(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (value === true) node.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(key, value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

export const when = (time) => {
  const date = new Date(time);
  const today = new Date().toDateString() === date.toDateString();
  const text = date.toLocaleString(undefined, today ? { hour: "2-digit", minute: "2-digit",
    second: "2-digit" } : { dateStyle: "medium", timeStyle: "short" });
  return el("time", { datetime: date.toISOString() }, text);
};

export function problem(error) {
  const body = error.body;
  return el("div", { class: "notice bad", role: "alert" }, el("strong", {}, error.message), body?.hint ? el("p",
    { class: "small" }, body.hint) : null);
}
