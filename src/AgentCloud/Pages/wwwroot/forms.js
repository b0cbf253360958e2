// What one can make on the page: a workspace, and an app in it out of a package.
import { call, el, enc, problem } from "./parts.js";

// A form of one field. It stays disabled while it sends, and says what went wrong beneath itself.
function oneField(label, input, help, verb, send) {
  const problems = el("div", { "aria-live": "polite" });
  const button = el("button", { class: "button" }, verb);
  return el("form", {
    class: "make",
    onsubmit: async (event) => {
      event.preventDefault();
      button.disabled = true;
      problems.replaceChildren();
      try {
        await send(input);
      } catch (error) {
        problems.replaceChildren(problem(error));
        input.focus();
      } finally {
        button.disabled = false;
      }
    },
  }, el("div", { class: "field" }, el("label", { for: input.id }, label),
    el("div", { class: "row" }, input, button), help ? el("small", { id: `${input.id}-help` }, help) : null), problems);
}

export function makeWorkspace(done) {
  const input = el("input", { id: "new-workspace", autocomplete: "off", spellcheck: "false", maxlength: "64",
    pattern: "[A-Za-z0-9][A-Za-z0-9_\\-]*", title: "Letters, digits, - and _, beginning with a letter or digit",
    "aria-describedby": "new-workspace-help" });
  return oneField("New workspace", input, "Left empty, it is given a name.", "Make it", async () => {
    const { json } = await call("POST", "ws", input.value ? { name: input.value } : {});
    done(json.name);
  });
}

export function installPackage(ws, done) {
  const input = el("input", { id: "package", type: "file", accept: ".remix,.zip", required: true, "aria-describedby": "package-help" });
  return oneField("Install an app", input, "A package, as remix cloud pack makes it (NAME.remix).", "Install", async () => {
    const { json } = await call("POST", `install-remix-file/${enc(ws)}`, input.files[0]);
    done(json);
  });
}
