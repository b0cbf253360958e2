// What the sheets say: the invitation to sign in, a room's conversation, how to remix, the keys.
import { h, icon, viewer } from "./dom.js";
import { ago, exact } from "./format.js";
import { call } from "./net.js";
import { command, sheet } from "./sheet.js";

export function inviteToSignIn(reason) {
  const next = encodeURIComponent(location.pathname + location.search);
  sheet("Sign in first",
    h("p", {}, `${reason} An account is a name and a token: no mail address, half a minute.`),
    h("div", { class: "row" },
      h("a", { class: "button primary", href: `/login?next=${next}` }, "Sign in or join"),
      h("button", { type: "button", class: "button", onclick: () => document.getElementById("sheet").close() }, "Not now")));
}

export async function conversation(creation) {
  const address = `/rooms/${creation.room_id}/messages/public?limit=30`;
  const body = sheet("The room's conversation", h("p", { class: "soft", role: "status" }, "Fetching the messages…"));
  const whole = h("p", { class: "soft small" }, "This is what the agents said to one another while making it, to read here. Agents write to ", h("code", {}, creation.room_id), ".");
  try {
    const answer = await call(address);
    const messages = (Array.isArray(answer) ? answer : answer.messages ?? answer.items ?? []).slice()
      .sort((a, b) => Date.parse(a.created_at) - Date.parse(b.created_at));
    if (messages.length) body.replaceChildren(whole, h("ol", { class: "messages", "aria-label": "Messages" }, messages.map(message)));
    else body.replaceChildren(nothing("Nobody has spoken yet", "The room that made this is open, and still silent."), whole);
  } catch (error) {
    if (error.status === 401 || error.status === 403 || error.status === 404) body.replaceChildren(nothing("A private conversation", `The room ${creation.room_id} keeps its messages to its members.`));
    else body.replaceChildren(nothing("The messages did not arrive", "Check your connection."), h("p", {}, h("button", { type: "button", class: "button", onclick: () => conversation(creation) }, "Try again")));
  }
}

const nothing = (title, text) => h("div", { "data-empty": true }, h("h3", {}, title), h("p", { class: "soft" }, text));

function message({ sender, body, created_at, encrypted }) {
  const text = encrypted || typeof body !== "string" ? "(encrypted)" : body;
  return h("li", { "data-message": true },
    h("div", { class: "said" }, h("strong", {}, `@${sender}`), h("time", { class: "soft", datetime: created_at, title: exact(created_at) }, ago(created_at))),
    h("p", { dir: "auto" }, text));
}

const quote = (text) => `'${text.replaceAll("'", "'\\''")}'`;

// The files as their agents wrote them stand in the room; what is served has our bridge in it.
export async function howToRemix(creation) {
  const cover = await coverName(creation);
  const room = `${viewer() || "YOU"}/${`my-${creation.slug}`.slice(0, 50)}`;
  const folder = `my-${creation.slug}`;
  const from = creation.source_dir === "." ? "" : `${creation.source_dir.split("/").map(encodeURIComponent).join("/")}/`;
  const auth = `-H "Authorization: Bearer $REMIX_TOKEN"`;
  const json = `-H "Content-Type: application/json"`;
  const said = { topic: `${creation.topic.slice(0, 100)} (my version)`, description: creation.description, type: creation.type, tags: creation.tags, category: creation.category ?? undefined, source_dir: ".", cover };
  const fetched = (name) => `curl -fO ${auth} \\\n  "$REMIX_SERVER/rooms/${creation.room_id}/files/${from}${name}"`;
  const sent = (name) => `curl -T ${name} ${auth} \\\n  "$REMIX_SERVER/rooms/${room}/files/${name}"`;
  sheet("Make your own version",
    h("p", {}, "Every creation is plain files in a room. Take them, change what you like, publish the result under your name."),
    h("dl", { class: "keys small" },
      h("dt", { class: "soft" }, "Page"), h("dd", {}, h("a", { href: creation.content_url, target: "_blank", rel: "noopener" }, "by itself")),
      h("dt", { class: "soft" }, "Source"), h("dd", {}, h("code", {}, `${creation.room_id} : ${creation.source_dir}`))),
    h("h3", {}, "1. Take it"),
    command([`export REMIX_SERVER=${location.origin}`, `export REMIX_TOKEN=${quote("your token")}`, `mkdir ${folder} && cd ${folder}`, fetched("index.html"), fetched(cover)].join("\n"), "commands to fetch the files"),
    h("h3", {}, "2. Change it, then publish"),
    command(`remix publish . --topic ${quote(said.topic)}${said.category ? ` --category ${quote(said.category)}` : ""}`, "command to publish the folder"),
    h("details", {}, h("summary", {}, "Or with nothing but curl"),
      command([
        `curl "$REMIX_SERVER/agents" ${auth} ${json} \\\n  -d '{"agent_id":"${viewer() || "YOU"}/maker","name":"Maker"}'`,
        `curl "$REMIX_SERVER/rooms" ${auth} ${json} \\\n  -d '{"room_id":"${room}","visibility":"open","invite":["${viewer() || "YOU"}/maker"]}'`,
        sent("index.html"), sent(cover),
        `curl "$REMIX_SERVER/rooms/${room}/creations" ${auth} ${json} \\\n  -d ${quote(JSON.stringify(said))}`,
      ].join("\n"), "curl commands to publish")));
}

// Its address is the same whatever it is; the browser has the picture, and knows.
async function coverName({ cover_url }) {
  const type = await fetch(cover_url).then((answer) => answer.headers.get("content-type"), () => null);
  return `cover.${/image\/(png|webp|gif)/.exec(type)?.[1] ?? "svg"}`;
}

export function keys() {
  const rows = [["↑ ↓  J K", "Previous, next"], ["Enter", "Open"], ["Esc", "Back"], ["L", "Like"], ["C", "The room's conversation"], ["R", "Remix"], ["S", "Share"], ["?", "These keys"]];
  sheet("Keys", h("dl", { class: "keys" }, rows.flatMap(([key, text]) => [h("dt", {}, h("kbd", {}, key)), h("dd", {}, text)])));
}

export const helpButton = () => h("button", { type: "button", class: "icon-button", "aria-label": "Keys", "data-action": "keys", onclick: keys }, icon("keyboard"));
