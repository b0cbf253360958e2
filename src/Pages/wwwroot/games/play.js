// The play page: the stage, its bar, what happens when a round ends; matches are in match.js.
import { h, icon, toast, viewer } from "../feed/dom.js";
import { sheet } from "../feed/sheet.js";
import { actions, showLikes } from "../feed/actions.js";
import { showLike } from "../feed/cards.js";
import { call } from "../feed/net.js";
import { get, keeper, kept, post, Rounds } from "./api.js";
import { board, number } from "./boards.js";
import { GameHost } from "./host.js";
import { MatchPlay } from "./match.js";
import { showOver } from "./over.js";

const game = JSON.parse(document.getElementById("game").textContent);
const { creation } = game;
const stage = document.querySelector("[data-stage]");
const card = document.querySelector("[data-card-over]");
const me = viewer();
const guest = kept.read("remix-guest") ?? `guest-${crypto.randomUUID().slice(0, 8)}`;
const player = { id: me || guest, name: me || "Guest", purchasedItems: [] };
const bestKey = `remix-best:${game.id}`;
const stateKey = `remix-state:${game.id}`;
const rounds = me ? new Rounds(game.id) : null;
let best = kept.read(bestKey);
let host, played, opened;

if (!me) kept.write("remix-guest", guest);

// --- one player ---
async function alone() {
  const saved = me ? (await get(`/games/${game.id}/state`).catch(() => ({}))).state : kept.read(stateKey);
  const save = keeper(({ gameState }) => (me ? post(`/games/${game.id}/state`, { game_state: gameState }, "PUT")
    : kept.write(stateKey, { id: crypto.randomUUID(), game_state: gameState })));
  run({
    info: { players: [player], player, initialGameState: saved && { id: saved.id, gameState: saved.game_state } },
    on: { gameOver, save: (id, gameState) => save({ gameState }) },
  });
  opened = rounds?.open();
}

// Starts the game in the frame; what happens in every kind of game is here.
export function run({ info, on }) {
  host?.close();
  host = new GameHost({
    info: { viewContext: "full_screen", contentSafeAreaInset: { top: 0, right: 0, bottom: 0, left: 0 }, ...info },
    on: {
      load: () => { document.querySelector("[data-poster]")?.remove(); host.focus(); },
      error: (error) => { post(`/games/${game.id}/errors`, error).catch(() => {}); },
      purchase: buy,
      ...on,
    },
  });
  host.start(document.querySelector("[data-frame]"), creation.content_url, game.name);
  return host;
}

async function gameOver(score) {
  if (!card.hidden) return;
  const isBest = best === null ? score > 0 : score > best;
  if (isBest || best === null) kept.write(bestKey, (best = score));
  played = score;
  const shown = showOver(card, { game, score, best, isBest, again, share });
  if (!rounds) return;
  try {
    await opened;
    const recorded = await rounds.record(score);
    shown.say(recorded.is_best && isBest ? `Your best ever. ${place(recorded)}` : place(recorded));
    shown.refresh();
    panel?.refresh();
  } catch (error) {
    shown.say(error.status ? error.message : "The score did not arrive; this browser keeps your best.");
    await rounds.next().catch(() => { opened = rounds.open(); });
  }
}

const place = ({ rank_today: today }) => `Number ${number.format(today)} today.`;

function again() {
  card.hidden = true;
  host.playAgain();
}

// --- buying ---
function buy(item) {
  if (!me) {
    toast("Sign in to buy something.");
    return host.purchased(item, { success: false });
  }
  confirmPurchase(item).then((outcome) => {
    if (outcome.reason) toast(outcome.reason);
    host.purchased(item, outcome);
    host.focus();
  });
}

async function confirmPurchase(item) {
  const { items } = await get(`/games/${game.id}/items`).catch(() => ({ items: [] }));
  const offer = items.find((known) => known.item === item);
  if (!offer) return { success: false, reason: "This game sells no such thing." };
  return new Promise((resolve) => {
    const dialog = document.getElementById("sheet");
    const price = `${number.format(offer.price)} ${offer.price === 1 ? "credit" : "credits"}`;
    const yes = h("button", { type: "button", class: "button primary" }, `Buy for ${price}`);
    sheet(offer.name, h("p", {}, `${game.name} offers this for ${price}. It stays yours.`),
      h("div", { class: "row" }, yes));
    dialog.addEventListener("close", () => resolve({ success: false }), { once: true });
    yes.onclick = async () => {
      yes.disabled = true;
      const outcome = await post(`/games/${game.id}/purchases`, { item }).catch((error) => ({ success: false, reason: error.message }));
      resolve(outcome);
      dialog.close();
    };
  });
}

// --- the bar ---
export async function share() {
  const url = new URL(`/play/${creation.slug}`, location.origin).href;
  const text = played === undefined ? game.name : `${number.format(played)} points in ${game.name}. Your turn.`;
  if (navigator.share && matchMedia("(pointer: coarse)").matches) {
    try { return await navigator.share({ title: game.name, text, url }); } catch (error) { if (error.name === "AbortError") return; }
  }
  const { copy } = await import("../feed/sheet.js");
  await copy(played === undefined ? url : `${text} ${url}`, "Link copied");
}

function sound() {
  if (!host) return;
  host.mute(!host.muted);
  for (const button of document.querySelectorAll("[data-action=sound]")) {
    button.setAttribute("aria-pressed", String(!host.muted));
    if (button.matches(".icon-button")) button.replaceChildren(icon(host.muted ? "volume-x" : "volume-2"));
    else button.querySelector("[data-sound-word]").textContent = host.muted ? "Sound on" : "Sound off";
  }
  host.focus();
}

const taken = {
  sound,
  share,
  boards: () => sheet("Leaderboard", board(game, "ever")),
  like: () => actions.like(creation),
  comments: () => actions.comments(creation),
  remix: () => actions.remix(creation),
  more: () => sheet(game.name,
    h("p", { class: "soft" }, `by @${game.owner}`),
    h("div", { class: "play-more" }, [["share", "share-2", "Share"], ["comments", "message-circle", "Conversation"],
      ["remix", "repeat-2", "Make your own version"]]
      .map(([action, symbol, text]) => h("button", { type: "button", class: "button", "data-action": action }, icon(symbol), text)))),
  full: () => (document.fullscreenElement ? document.exitFullscreen() : stage.requestFullscreen?.()),
};
document.addEventListener("click", (event) => {
  const action = event.target.closest("[data-action]")?.dataset.action;
  if (Object.hasOwn(taken, action ?? "")) taken[action]();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "m" && !event.target.closest("input, textarea")) sound();
});

const wide = matchMedia("(min-width: 1100px)");
let panel;
const aside = document.querySelector("[data-boards]");
const fill = () => {
  if (!wide.matches || panel || game.is_multiplayer) return;
  panel = board(game, "ever");
  aside.append(h("h2", {}, "Leaderboard"), panel);
};
wide.addEventListener("change", fill);
fill();

call(`/creations/${creation.id}/view`, { method: "POST" }).catch(() => {});
showLike(document.querySelector("main"), creation);
showLikes([creation]);
if (game.is_multiplayer) new MatchPlay({ game, me, card, run, share }).begin();
else alone();
