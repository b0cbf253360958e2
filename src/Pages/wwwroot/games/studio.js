// The studio page: the game in a phone, what it was seen to do, and the steps on its way to the players.
import { h, icon, toast } from "../feed/dom.js";
import { ago } from "../feed/format.js";
import { get, keeper, post } from "./api.js";
import { GameHost } from "./host.js";

const studio = JSON.parse(document.getElementById("studio").textContent);
const path = `/games/${studio.game_id}`;
const version = `${path}/versions/${studio.version_id}`;
const phone = document.querySelector("[data-phone]");
const said = document.querySelector("[data-heard]");
const seen = { ready: false, game_over: false, play_again: false, toggle_mute: false, score: null, errors: 0, ...studio.evidence };
const note = keeper((evidence) => post(`${version}/evidence`, evidence), 400);
let host;

function saw(what, text, more = {}) {
  Object.assign(seen, { [what]: what === "errors" ? seen.errors + 1 : true }, more);
  if (text) said.textContent = text;
  const entry = document.querySelector(`[data-seen="${what}"]`);
  if (entry && entry.dataset.ok !== "yes") {
    entry.dataset.ok = "yes";
    entry.querySelector("svg").replaceWith(icon("check"));
  }
  note({ ready: seen.ready, game_over: seen.game_over, play_again: seen.play_again, toggle_mute: seen.toggle_mute, score: seen.score,
    errors: seen.errors });
}

function preview() {
  if (!studio.has_code) return;
  host?.close();
  const player = { id: "you", name: "You", purchasedItems: [] };
  const players = studio.is_multiplayer ? [player, { id: "friend", name: "Friend", purchasedItems: [] }] : [player];
  host = new GameHost({
    info: { players, player, viewContext: "full_screen", initialGameState: null, contentSafeAreaInset: { top: 0, right: 0, bottom: 0, left: 0 } },
    on: {
      ready: () => saw("ready", "The game is ready."),
      gameOver: (score) => saw("game_over", `Game over with ${score}.`, { score }),
      matchOver: (scores) => saw("game_over", `The match is over: ${scores.map(({ playerId, score }) => `${playerId} ${score}`).join(", ")}.`,
        { score: scores[0]?.score ?? null }),
      heard: (event) => { if (event === "play_again" || event === "toggle_mute") saw(event, event === "play_again" ? "It heard play again."
        : "It heard the sound switch."); },
      error: ({ message }) => saw("errors", `Error: ${message}`),
      saveMatch: (gameState) => host.pushState({ id: crypto.randomUUID(), gameState }),
      purchase: (item) => host.purchased(item, { success: false }),
      haptic: () => { said.textContent = "It shook the phone."; },
    },
  });
  host.start(phone, studio.preview_url, "Preview");
}

const tools = {
  again: () => host?.playAgain(),
  reload: preview,
  sound: (button) => {
    host?.mute(!host.muted);
    button.setAttribute("aria-pressed", String(host && !host.muted));
  },
};

const steps = {
  submit: () => post(`${version}/submit`),
  approve: () => post(`${version}/approve`),
  launch: () => post(`${version}/launch`),
  version: async () => { location.href = `${path}/v/${(await post(`${path}/versions`)).id}`; },
  delete: async () => {
    await post(path, undefined, "DELETE");
    location.href = "/games";
  },
};

async function act(button, work, reload = true) {
  button.disabled = true;
  try {
    await work();
    if (reload) location.reload();
  } catch (error) {
    toast(error.message);
    button.disabled = false;
  }
}

// What cannot be undone asks once more, in the button itself.
function sure(button, work, reload) {
  if (button.dataset.sure) return act(button, work, reload);
  button.dataset.sure = "yes";
  const before = [...button.childNodes];
  button.replaceChildren("Really delete?");
  setTimeout(() => { delete button.dataset.sure; button.replaceChildren(...before); }, 4000);
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest("button");
  if (!button) return;
  if (button.dataset.preview) tools[button.dataset.preview](button);
  const { step, deleteVersion, mend } = button.dataset;
  if (mend) act(button, async () => {
    await post(`${version}/mend`, { codes: [mend] });
    await refresh();
  }, false);
  if (step === "delete") sure(button, steps.delete, false);
  else if (step) act(button, steps[step], step !== "version");
  if (deleteVersion) sure(button, async () => {
    await post(`${path}/versions/${deleteVersion}`, undefined, "DELETE");
    if (deleteVersion === studio.version_id) location.href = "/games";
  });
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  event.preventDefault();
  const button = form.querySelector("button");
  const data = new FormData(form);
  if (form.matches("[data-describe]")) {
    const categories = data.getAll("categories");
    act(button, () => post(path, { name: data.get("name"), ...(categories.length && { categories }) }, "PATCH"));
  } else if (form.dataset.upload) act(button, () => post(`${path}/${form.dataset.upload}`, data));
  else if (form.matches("[data-send-back]")) act(button, () => post(`${version}/send-back`, { feedback: data.get("feedback") }));
});

async function errors() {
  const list = document.querySelector("[data-errors]");
  const { items } = await get(`${path}/errors`).catch(() => ({ items: [] }));
  list.replaceChildren(...(items.length ? items.slice(0, 20).map(({ message, line, count, last_at }) =>
    h("li", {}, h("span", { class: "grow" }, h("code", {}, message), line ? h("span", { class: "soft small" }, ` line ${line}`) : null),
      h("span", { class: "soft small" }, ` ${count === 1 ? "once" : `${count} times`}, ${ago(last_at)}`))) : [h("li", { class: "soft" }, "None.")]));
}

// What an agent writes meanwhile shows by itself; what is being typed here stays.
const LookAgainMs = 3000;
let shown;

async function look() {
  if (document.hidden) return;
  const { version: now, code_sha256: code, game_updated_at: changed } = await get(version);
  const next = JSON.stringify([now.status, now.updated_at, code, changed]);
  if (shown && shown !== next) await refresh();
  shown = next;
}

async function refresh() {
  const answer = await fetch(location.href, { headers: { accept: "text/html" } });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const [mine, theirs] = [document, page].map((root) => new Map([...root.querySelectorAll("[data-live]")].map((part) => [part.dataset.live, part])));
  mine.get("feedback")?.remove();
  for (const [name, part] of theirs) {
    const fresh = document.adoptNode(part);
    if (name === "feedback") mine.get("list").before(fresh);
    else mine.get(name)?.replaceWith(fresh);
    mine.set(name, fresh);
  }
  const { has_code: hasCode, code_sha256: code } = JSON.parse(page.getElementById("studio").textContent);
  if (code === studio.code_sha256) return;
  Object.assign(studio, { has_code: hasCode, code_sha256: code });
  Object.assign(seen, { ready: false, game_over: false, play_again: false, toggle_mute: false, score: null, errors: 0 });
  preview();
}

setInterval(() => look().catch(() => {}), LookAgainMs);
preview();
errors();
