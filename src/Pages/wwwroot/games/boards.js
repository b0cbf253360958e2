// The leaderboard, in the panel beside the stage and in a sheet: today, this week, ever.
import { h, icon, toast, viewer } from "../feed/dom.js";
import { ago, exact } from "../feed/format.js";
import { get, post } from "./api.js";

export const number = new Intl.NumberFormat("en", { maximumFractionDigits: 2 });
const periods = [["today", "Today"], ["week", "This week"], ["ever", "Ever"]];

export function board(game, period = "today") {
  const list = h("div", { class: "board-list", role: "tabpanel", "aria-label": "Scores", tabindex: 0 });
  const tabs = periods.map(([id, label]) => h("button",
    { type: "button", role: "tab", "aria-selected": id === period ? "true" : "false", onclick: () => show(id) }, label));
  const root = h("div", { class: "board" }, h("div", { class: "board-tabs", role: "tablist", "aria-label": "Time" }, tabs), list);

  async function show(id) {
    period = id;
    tabs.forEach((tab, index) => tab.setAttribute("aria-selected", periods[index][0] === id ? "true" : "false"));
    try {
      const { entries } = await get(`/games/${game.id}/leaderboard?period=${id}&limit=20`);
      list.replaceChildren(entries.length ? h("ol", {}, entries.map((entry) => row(entry))) : h("p", { class: "soft" }, empty(id)));
    } catch {
      list.replaceChildren(h("p", { class: "soft" }, "The scores did not arrive."));
    }
  }

  const empty = (id) => (id === "ever" ? "No score yet. The first one leads." : "No score in this time yet. The first one leads.");

  function row({ rank, player, score, score_id, at }) {
    const own = player === viewer();
    return h("li", { "data-own": own }, h("span", { class: "rank" }, rank), h("span", { class: "who" }, own ? "You" : `@${player}`),
      h("time", { datetime: at, title: exact(at) }, ago(at)), h("strong", {}, number.format(score)),
      game.is_author && h("button", { type: "button", class: "icon-button", "aria-label": `Void the score of ${player}`, onclick: () =>
        drop(score_id) }, icon("x")));
  }

  async function drop(id) {
    try {
      await post(`/games/${game.id}/scores/${id}`, undefined, "DELETE");
      show(period);
    } catch (error) {
      toast(error.message);
    }
  }

  root.refresh = () => show(period);
  show(period);
  return root;
}
