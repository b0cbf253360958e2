// The page's half of the talk with a game in a frame. The game is a stranger: only its own window is listened to, and of
// what it says only what the protocol knows is taken. Protocol: docs/subsystems/games.md
export const Sandbox = "allow-scripts allow-pointer-lock";
export const Allow = "autoplay; fullscreen; gamepad";

const StateBytesMax = 256 * 1024;
const MuteAgainMs = [0, 300, 1500];
const ErrorsMax = 20;

// A state as it can be kept: a plain object, without what cannot be written down, and not too large.
export function plainState(value) {
  try {
    const text = JSON.stringify(value);
    return text?.startsWith("{") && new Blob([text]).size <= StateBytesMax ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}

// Scores of several players, as a list or as a map; what is no finite number of a player counts as nothing.
export function scoreList(scores) {
  const pairs = Array.isArray(scores) ? scores.map((entry) => [entry?.playerId, entry?.score])
    : scores && typeof scores === "object" ? Object.entries(scores) : [];
  return pairs.filter(([player, score]) => typeof player === "string" && Number.isFinite(score)).map(([playerId, score]) => ({ playerId, score }));
}

export class GameHost {
  // `info` says who plays; `on` hears what the game does. Every answer of `on` that is a promise is waited for by nobody.
  constructor({ info, on = {}, muted = true }) {
    this.info = info;
    this.on = on;
    this.muted = muted;
    this.told = new Set();
    this.errors = 0;
    this.answered = false;
    this.timers = [];
    if (info.initialGameState) this.told.add(info.initialGameState.id);
    this.listener = (event) => this.hear(event);
  }

  // Listens before the address is set: a game of the newer SDK says that it is ready once, while its script loads.
  start(container, src, title) {
    const iframe = document.createElement("iframe");
    iframe.title = title;
    iframe.setAttribute("sandbox", Sandbox);
    iframe.allow = Allow;
    this.iframe = iframe;
    addEventListener("message", this.listener);
    iframe.addEventListener("load", () => {
      if (!this.answered) this.sendInfo();
      this.tellMute();
      this.on.load?.();
    });
    container.replaceChildren(iframe);
    iframe.src = src;
    return iframe;
  }

  close() {
    removeEventListener("message", this.listener);
    this.timers.splice(0).forEach(clearTimeout);
    this.iframe?.remove();
  }

  focus() {
    this.iframe?.focus();
  }

  // The frame has no origin, so no target can be named; nothing said here is a secret.
  send(type, data) {
    this.iframe?.contentWindow?.postMessage({ type: "game_event", event: { type, data } }, "*");
  }

  sendInfo() {
    this.answered = true;
    this.send("game_info", this.info);
  }

  mute(muted) {
    this.muted = muted;
    this.tellMute();
  }

  // Listeners register late, so it is said more than once. The bridge of our server silences sound and film by itself.
  tellMute() {
    this.timers.splice(0).forEach(clearTimeout);
    const say = () => {
      this.send("toggle_mute", { isMuted: this.muted });
      this.iframe?.contentWindow?.postMessage({ remix: 1, type: "mute", muted: this.muted }, "*");
    };
    this.timers = MuteAgainMs.map((wait) => setTimeout(say, wait));
  }

  playAgain() {
    this.send("play_again");
    this.focus();
  }

  // Never the same id twice; null says that there is no state any more.
  pushState(state) {
    if (state && this.told.has(state.id)) return;
    if (state) this.told.add(state.id);
    this.info.initialGameState = state && { id: state.id, gameState: state.gameState };
    this.send("game_state_updated", this.info.initialGameState);
  }

  // What the game itself just kept is known to it under this id.
  keptAs(id, gameState) {
    this.told.add(id);
    this.info.initialGameState = { id, gameState };
  }

  purchased(item, outcome) {
    if (outcome.success && !this.info.player.purchasedItems.includes(item)) this.info.player.purchasedItems.push(item);
    this.sendInfo();
    this.send("purchase_complete", { success: outcome.success === true, item });
  }

  hear(event) {
    if (!this.iframe || event.source !== this.iframe.contentWindow) return;
    const said = event.data?.type === "game_event" ? event.data.event : null;
    if (!said || typeof said.type !== "string") return;
    const data = said.data ?? {};
    switch (said.type) {
      case "ready":
        this.sendInfo();
        this.tellMute();
        this.on.ready?.();
        break;
      case "game_over":
        if (Number.isFinite(data.score)) this.on.gameOver?.(data.score);
        else this.fault(`gameOver was called without a finite score: ${String(data.score)}`);
        break;
      case "multiplayer_game_over":
        this.on.matchOver?.(scoreList(data.scores));
        break;
      case "haptic_feedback":
        if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(20);
        this.on.haptic?.();
        break;
      case "error":
        this.fault(data.message, data.source, data.lineno);
        break;
      case "save_game_state":
        this.save(data, false);
        break;
      case "multiplayer_save_game_state":
        this.save(data, true);
        break;
      case "refute_game_state":
        if (typeof data.gameStateId === "string") this.on.refute?.(data.gameStateId);
        break;
      case "purchase":
        if (typeof data.item === "string" && data.item) this.on.purchase?.(data.item);
        else this.purchased("", { success: false });
        break;
      case "listening":
      case "heard":
        if (typeof data.event === "string") this.on[said.type]?.(data.event);
        break;
    }
  }

  save(data, inMatch) {
    const gameState = plainState(data.gameState);
    if (!gameState) return this.fault("A game state must be a plain object of at most 256 KB");
    if (inMatch) {
      const alert = Array.isArray(data.alertUserIds) ? data.alertUserIds.filter((id) => typeof id === "string").slice(0, 8) : [];
      this.on.saveMatch?.(gameState, alert);
      return;
    }
    const id = crypto.randomUUID();
    this.on.save?.(id, gameState);
    this.pushState({ id, gameState });
  }

  fault(message, source, line) {
    if (++this.errors > ErrorsMax) return;
    this.on.error?.({
      message: String(message ?? "Unknown error").slice(0, 1000) || "Unknown error",
      source: typeof source === "string" ? source.slice(0, 300) : undefined,
      line: Number.isInteger(line) && line >= 0 ? line : undefined,
    });
  }
}
