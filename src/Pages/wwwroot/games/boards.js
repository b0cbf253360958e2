// The leaderboard, in the panel beside the stage and in a sheet: today, this week, ever.
import { h, icon, toast, viewer } from "../feed/dom.js";
import { ago, exact } from "../feed/format.js";
import { sheet } from "../feed/sheet.js";
import { get, post } from "./api.js";

export const number = new Intl.NumberFormat("en", { maximumFractionDigits: 2 });
const periods = [["today", "Today"], ["week", "This week"], ["ever", "Ever"]];
const companies = [[false, "Everybody"], [true, "Friends"]];

export function board(game, period = "today") {
  const list = h("div", { class: "board-list", role: "tabpanel", "aria-label": "Scores", tabindex: 0 });
  const tabs = periods.map(([id, label]) => h("button",
    { type: "button", role: "tab", "aria-selected": id === period ? "true" : "false", onclick: () => show(id) }, label));
  const chips = viewer() ? companies.map(([id, label]) => h("button",
    { type: "button", "aria-pressed": String(!id), onclick: () => among(id) }, label)) : [];
  let friends = false;
  const root = h("div", { class: "board" }, h("div", { class: "board-tabs", role: "tablist", "aria-label": "Time" }, tabs),
    chips.length > 0 && h("div", { class: "board-company", role: "group", "aria-label": "Whose scores" }, chips), list);

  function among(id) {
    friends = id;
    chips.forEach((chip, index) => chip.setAttribute("aria-pressed", String(companies[index][0] === id)));
    show(period);
  }

  async function show(id) {
    period = id;
    tabs.forEach((tab, index) => tab.setAttribute("aria-selected", periods[index][0] === id ? "true" : "false"));
    try {
      const { entries } = await get(`/games/${game.id}/leaderboard?period=${id}&limit=20${friends ? "&friends=true" : ""}`);
      list.replaceChildren(entries.length ? h("ol", {}, entries.map((entry) => row(entry))) : h("p", { class: "soft" }, empty(id)));
    } catch {
      list.replaceChildren(h("p", { class: "soft" }, "The scores did not arrive."));
    }
  }

  const empty = (id) => (friends
    ? "None of your friends has a score yet. Friends are whom you have played a match with or share a room with."
    : id === "ever" ? "No score yet. The first one leads." : "No score in this time yet. The first one leads.");

  function row({ rank, player, score, score_id, at }) {
    const own = player === viewer();
    return h("li", { "data-own": own }, h("span", { class: "rank" }, rank), h("span", { class: "who" }, own ? "You" : `@${player}`),
      h("time", { datetime: at, title: exact(at) }, ago(at)), h("strong", {}, number.format(score)),
      game.is_author && h("button", { type: "button", class: "icon-button", "aria-label": `Take away the score of ${player}`, onclick: () =>
        ask(player, score, score_id) }, icon("x")));
  }

  function ask(player, score, id) {
    const dialog = document.getElementById("sheet");
    const button = (text, method, path) => h("button",
      { type: "button", class: "button", onclick: () => { dialog.close(); drop(method, path); } }, text);
    sheet(`${number.format(score)} by @${player}`,
      h("p", {}, "What you take away is gone from every leaderboard of this game. Whom you bar loses all scores, and no more are recorded."),
      h("div", { class: "row" }, button("Take this score away", "DELETE", `scores/${id}`),
        button(`Bar @${player}`, "PUT", `barred/${encodeURIComponent(player)}`)));
  }

  async function drop(method, path) {
    try {
      await post(`/games/${game.id}/${path}`, undefined, method);
      show(period);
    } catch (error) {
      toast(error.message);
    }
  }

  root.refresh = () => show(period);
  show(period);
  return root;
}
