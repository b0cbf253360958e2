// The line between the feed and a creation's page. The page is a stranger: only its own window is listened to,
// only numbers and words of the protocol are taken from it.
export const theme = () => document.documentElement.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");

const number = (value) => (Number.isFinite(value) ? value : 0);

export class Frame {
  constructor(iframe, on) {
    this.iframe = iframe;
    this.listener = (event) => {
      if (event.source !== iframe.contentWindow) return;
      if (event.data?.type === "game_event" && event.data.event?.type === "ready") return on.game?.();
      if (event.data?.remix !== 1) return;
      const { type, height, viewport, y, fraction, distance, released } = event.data;
      if (type === "ready") {
        this.send("theme", { theme: theme() });
        this.send("mute", { muted: true });
      }
      if (typeof type !== "string" || !Object.hasOwn(on, type)) return;
      on[type]({ height: number(height), viewport: number(viewport), y: number(y), fraction: number(fraction), distance: number(distance), released: released === true });
    };
    addEventListener("message", this.listener);
  }

  // The page may be an opaque origin, so no target can be named; nothing said here is a secret.
  send(type, rest = {}) {
    this.iframe.contentWindow?.postMessage({ remix: 1, type, ...rest }, "*");
  }

  close() {
    this.send("back");
    removeEventListener("message", this.listener);
  }
}

// Never allow-same-origin: the page has no origin, whichever host it comes from, and so nothing of ours or of others.
// The server's policy says the same; either holds without the other.
export const Sandbox = "allow-scripts allow-pointer-lock allow-forms allow-downloads allow-popups allow-popups-to-escape-sandbox";
