// Two players taking turns: the lobby before, and the line to the other player while it goes on.
import { h, icon, toast } from "../feed/dom.js";
import { copy, sheet } from "../feed/sheet.js";
import { ago } from "../feed/format.js";
import { get, post } from "./api.js";
import { showOver } from "./over.js";

const RetryMs = 1500;

// A game that still says how the last round ended when the next one has begun speaks of the last one.
const EndsNoSoonerMs = 2500;

export class MatchPlay {
  constructor({ game, me, card, run, share }) {
    Object.assign(this, { game, me, card, run, share, stateId: null, heardStates: 0, roundAt: 0 });
    this.lobby = document.querySelector("[data-lobby]");
    this.turn = document.querySelector("[data-turn]");
    this.title = document.title;
  }

  async begin() {
    const code = new URLSearchParams(location.search).get("match");
    if (!this.me) return this.show("Play with a friend", h("p", {}, "Two people play this, by turns. Sign in, then send your friend the link."),
      h("button", { type: "button", class: "button", onclick: () => this.practise() }, "Practise alone"),
      h("a", { class: "button primary", href: `/login?next=${encodeURIComponent(location.pathname + location.search)}` }, "Sign in or join"));
    if (!code) return this.choose();
    try {
      await this.enter(await post("/matches/join", { code }));
    } catch (error) {
      toast(error.status === 404 ? "This invitation leads nowhere." : error.message);
      this.choose();
    }
  }

  show(title, ...content) {
    this.lobby.replaceChildren(h("h2", { id: "lobby-title" }, title), ...content.filter(Boolean));
    this.lobby.hidden = false;
  }

  async choose() {
    const { items } = await get("/matches?limit=50").catch(() => ({ items: [] }));
    const mine = items.filter((match) => match.game_id === this.game.id && !match.finished).slice(0, 6);
    this.show("Play with a friend",
      h("p", {}, "Begin a match and send the link. You can leave in between: the match waits."),
      h("button", { type: "button", class: "button primary", onclick: () => this.create() }, icon("user-plus"), "Begin a match"),
      h("button", { type: "button", class: "button", onclick: () => this.practise() }, "Practise alone"),
      mine.length > 0 && h("ul", { class: "lobby-matches" }, mine.map((match) => {
        const other = match.players.find((player) => player !== this.me);
        return h("li", {}, h("a", { href: `?match=${match.code}` }, other ? `With @${other}` : "Waiting for a friend"),
          h("span", { class: "soft small" }, match.turn === this.me ? "Your turn" : ago(match.updated_at)),
          h("button", { type: "button", class: "icon-button", "aria-label": `Leave the match ${other ? `with ${other}` : "nobody joined"}`,
            onclick: () => this.confirmLeave(match) }, icon("x")));
      })));
  }

  // One player: the game brings somebody to play against, or shows both sides. Nothing is recorded.
  practise() {
    this.lobby.hidden = true;
    const player = { id: this.me || "you", name: this.me || "You", purchasedItems: [] };
    const show = (scores) => showOver(this.card, {
      game: this.game, scores, me: player.id, share: this.share,
      again: () => {
        this.card.hidden = true;
        this.host.playAgain();
      },
    });
    this.host = this.run({
      info: { players: [player], player, initialGameState: null },
      on: { matchOver: show, gameOver: (score) => show([{ playerId: player.id, score }]) },
    });
    this.turn.textContent = "practising alone";
  }

  async create() {
    try {
      const match = await post(`/games/${this.game.id}/matches`);
      history.replaceState(null, "", `?match=${match.code}`);
      await this.enter(match);
    } catch (error) {
      toast(error.message);
    }
  }

  async enter(match) {
    this.match = match;
    if (match.left_by) return this.left(match.left_by);
    this.listen();
    const leave = document.querySelector("[data-action=leave]");
    leave.hidden = false;
    leave.onclick = () => this.confirmLeave(this.match);
    if (match.players.length < 2) return this.invite();
    await this.play();
  }

  invite() {
    const url = new URL(`/play/${this.game.creation.slug}?match=${this.match.code}`, location.origin).href;
    const send = async () => {
      if (navigator.share && matchMedia("(pointer: coarse)").matches) {
        try { return await navigator.share({ title: this.game.name, text: `Play ${this.game.name} with me`, url });
          } catch (error) { if (error.name === "AbortError") return; }
      }
      await copy(url, "Invitation copied");
    };
    this.show("Send this to a friend",
      h("p", { class: "lobby-code" }, h("code", { "data-invite": url }, this.match.code)),
      h("button", { type: "button", class: "button primary", onclick: send }, icon("share-2"), "Share the link"),
      h("p", { class: "soft", role: "status" }, "Waiting. The game starts when they open it."));
  }

  async play() {
    this.match = await get(`/matches/${this.match.id}`);
    const { players, state } = this.match;
    if (this.match.left_by) return this.left(this.match.left_by);
    this.stateId = state?.id ?? null;
    const named = players.map((id) => ({ id, name: id, purchasedItems: [] }));
    this.lobby.hidden = true;
    this.host = this.run({
      info: {
        players: named, player: named.find(({ id }) => id === this.me),
        initialGameState: state && { id: state.id, gameState: state.game_state },
      },
      on: {
        saveMatch: (gameState, alert) => this.move(gameState, alert),
        refute: (id) => post(`/matches/${this.match.id}/refute`, { state_id: id }).catch(() => {}),
        matchOver: (scores) => this.over(scores),
        gameOver: () => {},
      },
    });
    this.showTurn(this.match.turn);
    if (this.match.finished) this.finished(this.match.scores.map(({ player, score }) => ({ playerId: player, score })));
  }

  // Moves go one after the other, or the second could overtake the first.
  // Each says from which state it was made, so that of two who move at once the first has moved, on both screens.
  move(gameState, alert) {
    const heard = this.heardStates;
    this.moving = (this.moving ?? Promise.resolve()).then(async () => {
      try {
        if (heard !== this.heardStates) throw Object.assign(new Error("The other player moved first."), { code: "STATE_CHANGED" });
        const saved = await post(`/matches/${this.match.id}/state`,
          { game_state: gameState, alert_user_ids: alert, from_state_id: this.stateId });
        this.host.keptAs(saved.id, gameState);
        if (heard !== this.heardStates) return;
        this.stateId = saved.id;
        this.showTurn(alert.find((id) => id !== this.me) ?? null);
      } catch (error) {
        toast(error.code ? `${error.message.replace(/\.$/, "")}.` : "The move did not arrive. Try again.");
        await this.takeBack();
      }
    });
  }

  // What the game shows and nobody has becomes the match's last state again, under an id that the game has not heard.
  async takeBack() {
    const match = await get(`/matches/${this.match.id}`).catch(() => null);
    if (!match) return;
    this.stateId = match.state?.id ?? null;
    this.host.pushState(match.state && { id: crypto.randomUUID(), gameState: match.state.game_state });
    if (!match.finished) this.showTurn(match.turn);
  }

  over(scores) {
    if (!this.stateId && performance.now() - this.roundAt < EndsNoSoonerMs) return;
    if (this.ending || this.ended === this.match.round) return;
    this.ending = true;
    const players = scores.filter(({ playerId }) => this.match.players.includes(playerId)).map(({ playerId, score }) =>
      ({ player: playerId, score }));
    post(`/matches/${this.match.id}/scores`, { scores: players }).catch((error) => toast(error.message)).finally(() => { this.ending = false; });
  }

  finished(scores) {
    if (this.ended === this.match.round) return;
    this.ended = this.match.round;
    this.showTurn(null);
    showOver(this.card, { game: this.game, scores, again: () => post(`/matches/${this.match.id}/again`).catch((error) => toast(error.message)),
      share: this.share });
  }

  listen() {
    const source = new EventSource(`/matches/${this.match.id}/stream${this.seq ? `?after_seq=${this.seq}` : ""}`);
    this.source = source;
    source.addEventListener("open", () => this.catchUp());
    const on = (type, act) => source.addEventListener(type, (event) => {
      const { data, seq } = JSON.parse(event.data);
      this.seq = Math.max(this.seq ?? 0, seq ?? 0);
      act(data);
    });
    on("player_joined", async ({ player }) => {
      if (this.match.players.includes(player)) return;
      toast(`@${player} is here`);
      await this.play();
    });
    on("game_state_updated", ({ state, by, refuted }) => {
      if (!this.host || (by === this.me && !refuted)) return;
      this.heardStates++;
      this.stateId = state?.id ?? null;
      this.host.pushState(state && { id: state.id, gameState: state.game_state });
      if (refuted) toast("A move was taken back.");
      this.refreshTurn();
    });
    on("match_finished", ({ scores }) => this.finished(Object.entries(scores).map(([playerId, score]) => ({ playerId, score }))));
    on("play_again", ({ round }) => this.nextRound(round));
    on("player_left", ({ player }) => this.left(player));
    source.addEventListener("error", () => {
      if (source.readyState === EventSource.CLOSED && this.source === source) setTimeout(() => this.listen(), RetryMs);
    });
  }

  nextRound(round) {
    if (this.match.round === round || !this.host) return;
    this.match.round = round;
    this.stateId = null;
    this.roundAt = performance.now();
    this.card.hidden = true;
    this.host.pushState(null);
    this.host.playAgain();
  }

  // After every connection: what happened while there was none, however long that was.
  async catchUp() {
    const match = await get(`/matches/${this.match.id}`).catch(() => null);
    if (!match) return;
    if (match.left_by) return this.left(match.left_by);
    if (!this.host) return match.players.length > 1 && this.match.players.length < 2 ? this.play() : undefined;
    this.nextRound(match.round);
    if (match.state && match.state.id !== this.stateId) {
      this.heardStates++;
      this.stateId = match.state.id;
      this.host.pushState({ id: match.state.id, gameState: match.state.game_state });
    }
    if (match.finished) this.finished(match.scores.map(({ player, score }) => ({ playerId: player, score })));
    else this.showTurn(match.turn);
  }

  confirmLeave(match) {
    const other = match.players.find((id) => id !== this.me);
    const dialog = document.getElementById("sheet");
    const go = h("button", { type: "button", class: "button primary", onclick: async () => {
      go.disabled = true;
      try {
        await post(`/matches/${match.id}/leave`);
        dialog.close();
        if (this.match?.id === match.id) this.stop();
        this.choose();
      } catch (error) {
        toast(error.message);
        go.disabled = false;
      }
    } }, "Leave the match");
    sheet("Leave the match?", h("p", {}, other
      ? `@${other} hears that you have left, and the match is over. To go on later, just close the page: it waits.`
      : "Nobody has joined it yet; its link leads nowhere then."),
      h("div", { class: "row" }, go, h("button", { type: "button", class: "button", onclick: () => dialog.close() }, "Stay")));
  }

  // Back to where matches begin.
  stop() {
    this.source?.close();
    this.source = null;
    this.host?.close();
    this.host = null;
    this.match = null;
    this.card.hidden = true;
    this.turn.textContent = "";
    this.turn.removeAttribute("data-mine");
    document.title = this.title;
    document.querySelector("[data-action=leave]").hidden = true;
    history.replaceState(null, "", location.pathname);
  }

  left(player) {
    this.stop();
    if (player === this.me) return this.choose();
    this.show(`@${player} has left`, h("p", {}, "The match is over. Nothing of it is counted."),
      h("button", { type: "button", class: "button primary", onclick: () => this.create() }, icon("user-plus"), "Begin another match"),
      h("button", { type: "button", class: "button", onclick: () => this.choose() }, "Your matches"));
  }

  async refreshTurn() {
    const { turn, finished } = await get(`/matches/${this.match.id}`).catch(() => ({}));
    if (!finished) this.showTurn(turn);
  }

  showTurn(turn) {
    this.turn.textContent = turn === this.me ? "Your turn" : turn ? `@${turn}'s turn`
      : `with @${this.match.players.find((id) => id !== this.me) ?? "nobody yet"}`;
    this.turn.toggleAttribute("data-mine", turn === this.me);
    document.title = turn === this.me ? `Your turn · ${this.title}` : this.title;
  }
}
