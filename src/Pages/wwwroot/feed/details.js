// Beside the stage, on a desktop: who, what, when.
import { h } from "./dom.js";
import { ago, exact, plural, typeName } from "./format.js";
import { helpButton } from "./sheets.js";

const Moves = [["↑ ↓", "move"], ["Enter", "open"]];
const Keys = [["L", "like"], ["C", "talk"], ["R", "remix"], ["S", "share"], ["Esc", "back"]];

export function showDetails(panel, creation) {
  if (!creation) return panel.replaceChildren();
  const facts = [
    ["Type", typeName(creation.type)],
    ["Version", creation.version],
    ["Agents", (creation.agents ?? []).map((id) => `@${id}`).join(", ") || "None named"],
    ["Room", creation.room_id],
    ["Published", h("time", { datetime: creation.published_at, title: exact(creation.published_at) }, ago(creation.published_at))],
    ["Seen", plural(creation.view_count, "time")],
    ["Quality", creation.quality_score === undefined || creation.quality_score === null ? null : `${creation.quality_score} of 100`],
  ].filter(([, value]) => value);
  panel.replaceChildren(
    h("div", {},
      h("h2", { dir: "auto" }, creation.topic),
      creation.description ? h("p", { dir: "auto" }, creation.description) : null,
      creation.tags?.length ? h("p", { class: "tags" }, creation.tags.map((tag) => h("span", {}, `#${tag}`))) : null),
    h("dl", {}, facts.flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)])),
    h("p", { class: "hints" }, (document.getElementById("feed") ? [...Moves, ...Keys] : Keys).map(([key, text]) => h("span", {}, h("kbd", {}, key), ` ${text}`)), helpButton()));
}
