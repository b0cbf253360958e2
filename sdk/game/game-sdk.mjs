// Ties a game to the page that plays it. Served as /sdk/game/game-sdk.mjs, and as game-sdk.js for <script src>, where it
// sets window.RemixSDK and window.FarcadeSDK. Every message, both ways: { type: "game_event", event: { type, data } }.
class GameSDK {
  #listeners = new Map();
  #waiting = [];
  #purchases = [];
  #target = window.parent;
  #info;
  #state;
  #replaced = false;

  constructor() {
    addEventListener("message", ({ data }) => {
      if (data?.type === "game_event" && data.event) this.#hear(data.event.type, data.event.data);
    });
    addEventListener("error", ({ message, filename, lineno, colno }) => {
      if (!this.#replaced) this.reportError({ message: message || "Unknown error", source: filename, lineno, colno });
    });
    addEventListener("unhandledrejection", ({ reason }) => {
      if (!this.#replaced) this.reportError({ message: String(reason?.message ?? reason) });
    });
    const shared = {
      ready: this.ready,
      hapticFeedback: this.hapticFeedback,
      reportError: this.reportError,
      purchase: this.purchase,
    };
    this.singlePlayer = {
      actions: {
        ...shared,
        gameOver: ({ score }) => this.#say("game_over", { score }),
        saveGameState: ({ gameState }) => this.#say("save_game_state", { gameState }),
      },
    };
    this.multiplayer = {
      actions: {
        ...shared,
        gameOver: ({ scores }) => this.#say("multiplayer_game_over", { scores }),
        saveGameState: ({ gameState, alertUserIds }) => this.#say("multiplayer_save_game_state", { gameState, alertUserIds }),
        refuteGameState: ({ gameStateId }) => this.#say("refute_game_state", { gameStateId }),
      },
    };
    this.#giveWay();
    if (window.parent === window) this.#hostItself();
    this.#say("ready");
  }

  // Opened by itself, as a draft is: nobody around it keeps scores or states, but it can be tried.
  #hostItself() {
    const you = { id: "you", name: "You", purchasedItems: [] };
    const states = [];
    const answer = (type, data) => window.postMessage({ type: "game_event", event: { type, data } }, "*");
    const update = () => answer("game_state_updated", states.length ? { id: crypto.randomUUID(), gameState: states.at(-1) } : null);
    const save = ({ gameState }) => { states.push(gameState); update(); };
    const over = (score) => {
      document.querySelector("[data-remix-again]")?.remove();
      const again = document.createElement("button");
      again.dataset.remixAgain = "";
      again.textContent = `${score} – Play again`;
      again.style.cssText = "position:fixed;bottom:1rem;left:50%;transform:translateX(-50%);padding:.75rem 1.25rem;border:0;"
        + "border-radius:2rem;background:#fff;color:#111;font:600 1rem system-ui;z-index:2147483647";
      again.onclick = () => { again.remove(); answer("play_again"); };
      document.body.append(again);
    };
    const host = {
      ready: () => {
        const isForTwo = [...document.scripts].some(({ text }) => text.includes("multiplayer.actions"));
        const players = isForTwo ? [you, { ...you, id: "friend", name: "Friend" }] : [you];
        answer("game_info", { players, player: you, viewContext: "full_screen", initialGameState: null,
          contentSafeAreaInset: { top: 0, right: 0, bottom: 0, left: 0 } });
      },
      game_over: ({ score }) => over(score),
      multiplayer_game_over: ({ scores }) => over(Object.values(scores).map((one) => one.score ?? one).join(" : ")),
      save_game_state: save,
      multiplayer_save_game_state: save,
      refute_game_state: () => { states.pop(); update(); },
      purchase: ({ item }) => answer("purchase_complete", { success: false, item }),
    };
    addEventListener("message", ({ source, data }) => {
      if (source !== window || data?.type !== "game_event" || !Object.hasOwn(host, data.event?.type)) return;
      const tell = () => host[data.event.type](data.event.data ?? {});
      // Who plays is said when all scripts are there to be looked at.
      if (document.readyState === "loading") addEventListener("DOMContentLoaded", tell, { once: true });
      else tell();
    });
  }

  // A game may bring an SDK of its own, which takes this one's name and reports errors itself. What it listens to is noted
  // all the same.
  #giveWay() {
    let current = window.FarcadeSDK ?? this;
    const set = (other) => {
      current = other;
      if (other === this || typeof other?.on !== "function" || !Object.isExtensible(other)) return;
      const { on } = other;
      this.#replaced = true;
      other.on = (type, callback) => {
        this.on(type, () => {});
        return on.call(other, type, callback);
      };
    };
    Object.defineProperty(window, "FarcadeSDK", { configurable: true, enumerable: true, get: () => current, set });
  }

  on(type, callback) {
    const known = this.#listeners.get(type) ?? new Set();
    this.#listeners.set(type, known.add(callback));
    this.#say("listening", { event: type });
  }

  off(type, callback) {
    this.#listeners.get(type)?.delete(callback);
  }

  onPlayAgain = (callback) => this.on("play_again", () => callback());
  onToggleMute = (callback) => this.on("toggle_mute", callback);
  onGameInfo = (callback) => this.on("game_info", callback);
  onGameStateUpdated = (callback) => this.on("game_state_updated", callback);
  onPurchaseComplete = (callback) => this.on("purchase_complete", callback);

  setTarget(target) {
    this.#target = target;
  }

  get gameInfo() { return this.#info; }
  get gameState() { return this.#state; }
  get player() { return this.#info?.player; }
  get players() { return this.#info?.players; }
  get purchasedItems() { return this.player?.purchasedItems ?? []; }
  get isReady() { return !!this.#info; }

  hasItem = (item) => this.purchasedItems.includes(item);

  ready = () => {
    if (this.#info) return Promise.resolve(this.#info);
    this.#say("ready");
    return new Promise((resolve) => this.#waiting.push(resolve));
  };

  purchase = (data) => {
    this.#say("purchase", { item: data.item });
    return new Promise((resolve) => this.#purchases.push(resolve));
  };

  hapticFeedback = () => this.#say("haptic_feedback");
  reportError = (data) => this.#say("error", data);

  #hear(type, data) {
    if (type === "game_info") {
      this.#info = data;
      this.#state ??= data.initialGameState?.gameState ?? null;
      for (const resolve of this.#waiting.splice(0)) resolve(data);
    }
    if (type === "game_state_updated") this.#state = data?.gameState ?? null;
    if (type === "purchase_complete") this.#purchases.shift()?.(data);
    const listeners = [...(this.#listeners.get(type) ?? [])];
    for (const listener of listeners) {
      try { listener(data); } catch (error) { reportError(error); }
    }
    if (listeners.length) this.#say("heard", { event: type });
  }

  // What cannot be copied to another window, such as a function in a state, must not break the game.
  #say(type, data) {
    const message = { type: "game_event", event: { type, data } };
    try {
      this.#target?.postMessage(message, "*");
    } catch {
      this.#target.postMessage(JSON.parse(JSON.stringify(message)), "*");
    }
  }
}

const sdk = (window.RemixSDK ??= new GameSDK());

export { sdk, GameSDK, GameSDK as FarcadeSDK, sdk as default };
