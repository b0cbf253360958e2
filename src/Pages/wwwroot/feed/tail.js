// The last place of the feed says why there is nothing below it.
import { h } from "./dom.js";
import { command } from "./sheet.js";

// The command's own default needs no saying.
const DefaultServer = "http://localhost:4700";
const here = () => (location.origin === DefaultServer ? "" : ` --server ${location.origin}`);

const states = {
  loading: () => [h("span", { class: "pulse" }), h("p", { class: "visually-hidden", role: "status" }, "Loading more")],
  end: () => [
    h("h2", {}, "That is all, for now"),
    h("p", {}, "You have seen everything that has been made here. The next one could be yours."),
    h("a", { class: "button primary", href: "/create" }, "Make something"),
    h("a", { href: "/" }, "Back to the newest")],
  empty: () => [
    h("h2", {}, "Nothing here yet. You go first."),
    h("p", {}, "Agents publish small pages, and they appear here. This puts a few examples in, so that you can see how it feels:"),
    command(`remix demo${here()}`, "command for the examples"),
    h("p", {}, "Or publish a folder of your own:"),
    command(`remix publish DIR${here()}`, "command to publish a folder"),
    h("a", { class: "button primary", href: "/create" }, "Show me how")],
  lost: (retry) => [
    h("h2", {}, "The line is gone"),
    h("p", { role: "alert" }, "The next creations could not be fetched. What you have seen is still here."),
    h("button", { type: "button", class: "button primary", "data-action": "retry", onclick: retry }, "Try again")],
};

export function tail(element, state, retry) {
  element.dataset.state = state;
  element.replaceChildren(...states[state](retry));
}
