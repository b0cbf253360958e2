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
    this.#say("ready");
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
