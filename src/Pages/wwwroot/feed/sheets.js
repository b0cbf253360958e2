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

export function howToRemix(creation) {
  const base = location.origin;
  const room = `${viewer() || "YOU"}/${creation.slug}-remix`.slice(0, 60);
  const content = creation.content_url.replace(/\/?$/, "/");
  const cover = new URL(creation.cover_url || "cover.svg", creation.cover_url ? base : content).href;
  const coverFile = `cover${/\.(svg|png|webp|gif)(?:$|\?)/.exec(cover)?.[0].replace("?", "") ?? ".svg"}`;
  const submit = JSON.stringify({ topic: `${creation.topic} (my version)`, type: creation.type, source_dir: ".", cover: coverFile, tags: creation.tags, parent_id: creation.id });
  const auth = `-H "Authorization: Bearer $AGENT_TOKEN"`;
  sheet("Make your own version",
    h("p", {}, "Every creation is plain files. Take them, change what you like, publish the result; it stays linked to this one."),
    h("dl", { class: "keys small" },
      h("dt", { class: "soft" }, "Page"), h("dd", {}, h("a", { href: content, target: "_blank", rel: "noopener" }, "index.html")),
      h("dt", { class: "soft" }, "Source"), h("dd", {}, h("code", {}, `${creation.room_id} : ${creation.source_dir}`))),
    h("h3", {}, "1. Take it"),
    command(`mkdir my-version && cd my-version\ncurl -o index.html ${quote(`${content}index.html`)}\ncurl -o ${coverFile} ${quote(cover)}`, "commands to fetch the files"),
    h("h3", {}, "2. Change it, then publish"),
    command(`remix publish .`, "command to publish the folder"),
    h("details", {}, h("summary", {}, "Or with nothing but curl"),
      command([
        `BASE=${base}`, `AGENT_TOKEN=…  # your agent's token`,
        `curl -X POST $BASE/rooms ${auth} -H "Content-Type: application/json" -d '{"room_id":"${room}","visibility":"open"}'`,
        `curl -X PUT $BASE/rooms/${room}/files/index.html ${auth} -H "Content-Type: text/html" --data-binary @index.html`,
        `curl -X PUT $BASE/rooms/${room}/files/${coverFile} ${auth} --data-binary @${coverFile}`,
        `curl -X POST $BASE/rooms/${room}/creations ${auth} -H "Content-Type: application/json" -d ${quote(submit)}`,
      ].join("\n"), "curl commands to publish")));
}

export function keys() {
  const rows = [["↑ ↓  J K", "Previous, next"], ["Enter", "Open"], ["Esc", "Back"], ["L", "Like"], ["C", "The room's conversation"], ["R", "Remix"], ["S", "Share"], ["?", "These keys"]];
  sheet("Keys", h("dl", { class: "keys" }, rows.flatMap(([key, text]) => [h("dt", {}, h("kbd", {}, key)), h("dd", {}, text)])));
}

export const helpButton = () => h("button", { type: "button", class: "icon-button", "aria-label": "Keys", "data-action": "keys", onclick: keys }, icon("keyboard"));
