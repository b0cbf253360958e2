// The card that stands over the stage when a round is over.
import { h, icon, viewer } from "../feed/dom.js";
import { board, number } from "./boards.js";

// Shows it, and gives what fills in later: the verdict of the leaderboard.
export function showOver(card, { game, score, best, isBest, scores, me = viewer(), again, share }) {
  const verdict = h("p", { class: "over-verdict", role: "status" });
  const body = scores ? matchResult(scores, me) : [
    h("p", { class: "over-score" }, h("strong", {}, number.format(score)), h("span", {}, "points")),
    h("p", { class: "over-best" }, isBest || best === null ? "" : `Your best: ${number.format(best)}`),
  ];
  const once = h("button", { type: "button", class: "button primary", onclick: again }, icon("repeat-2"), "Play again");
  card.replaceChildren(...[
    h("h2", { id: "over-title" }, scores ? titleOf(scores, me) : isBest ? "New best" : "Game over"), body, verdict,
    h("div", { class: "row" }, once, h("button", { type: "button", class: "button", onclick: share }, icon("share-2"), "Share")),
    !viewer() && !scores && h("p", { class: "small" }, h("a", { href: `/login?next=${encodeURIComponent(location.pathname)}` }, "Sign in"),
      " to stand on the leaderboard."),
    !scores && board(game),
  ].flat().filter(Boolean));
  card.toggleAttribute("data-best", Boolean(isBest));
  card.hidden = false;
  once.focus({ preventScroll: true });
  return { say(text) { verdict.textContent = text; }, refresh() { card.querySelector(".board")?.refresh(); } };
}

function titleOf(scores, me) {
  const own = scores.find(({ playerId }) => playerId === me);
  const most = Math.max(...scores.map(({ score }) => score));
  const leaders = scores.filter(({ score }) => score === most);
  return !own || !scores.length ? "The round is over" : leaders.length > 1 ? "A draw" : own.score === most ? "You won" : "You lost";
}

const matchResult = (scores, me) => [h("ul", { class: "over-match" }, [...scores].sort((a, b) => b.score - a.score).map(({ playerId, score }) =>
  h("li", {},
    h("span", {}, playerId === me ? "You" : playerId === "machine" ? "The machine" : `@${playerId}`), h("strong", {}, number.format(score)))))];
