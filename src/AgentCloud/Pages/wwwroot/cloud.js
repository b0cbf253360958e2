// The cloud's page: workspaces, apps, agents; running one; what it answered and wrote. It holds the token of this tab only,
// and does nothing that a program could not do.
import { installPackage, makeWorkspace } from "./forms.js";
import { call, el, enc, get, problem, token, when } from "./parts.js";

const main = document.getElementById("main");
const trail = document.getElementById("trail");
const who = document.getElementById("who");
const said = document.getElementById("said");
let shown = 0;

function heading(text, ...more) {
  document.title = `${text} · Agent cloud`;
  return el("header", {}, el("h1", {}, text), ...more);
}

function showTrail(parts) {
  trail.hidden = parts.length === 0;
  trail.replaceChildren(el("ol", {}, parts.map(([text, href], i) => el("li", {}, i === parts.length - 1
    ? el("span", { "aria-current": "page" }, text) : el("a", { href }, text)))));
}

function showWho() {
  who.replaceChildren(token.get() ? el("button", { class: "button", type: "button",
    onclick: () => { token.clear(); location.hash = "#/"; show(); } }, "Sign out") : "");
}

function signIn(reason) {
  showTrail([]);
  const input = el("input", { id: "token", class: "code", type: "password", autocomplete: "off", spellcheck: "false",
    required: true, "aria-describedby": "token-help" });
  const problems = el("div", {});
  if (reason) problems.append(problem(reason));
  const form = el("form", {
    onsubmit: async (event) => {
      event.preventDefault();
      token.set(input.value.trim());
      try {
        await get("v1/ws");
        showWho();
        await show();
      } catch (error) {
        token.clear();
        problems.replaceChildren(problem(error));
        input.focus();
      }
    },
  }, el("div", { class: "field" }, el("label", { for: "token" }, "Token"), input,
    el("small", { id: "token-help" },
      "Your user token of the platform, or one that ", el("code", {}, "remix cloud mktoken"), " made. It stays in this tab.")),
  problems, el("button", { class: "button primary" }, "Sign in"));
  main.replaceChildren(el("div", { class: "narrow" }, heading("Agent cloud", el("p", { class: "soft" },
    "Agents are functions in JavaScript. Here you run them, and see what they answer, write and did last.")), form,
    el("p", { class: "small soft" }, "For programs: ", el("a", { href: "v1/swagger/" }, "the API, with every route"))));
  input.focus();
}

async function workspaces() {
  const { workspaces: list } = await get("v1/ws");
  showTrail([]);
  return [heading("Workspaces", el("p", { class: "soft" }, "A workspace holds apps, and an app holds agents: functions that you run here, "
    + "that programs call over HTTP, and that models use as tools.")),
  list.length === 0 ? el("div", { class: "empty" }, el("p", {}, "You have no workspace yet. Make the first one."))
    : el("ul", { class: "list" }, list.map((one) => el("li", {}, el("a", { href: `#/${enc(one.name)}` }, el("b", {}, one.name),
      el("span", { class: "soft" }, one.owner))))),
  makeWorkspace((name) => { location.hash = `#/${enc(name)}`; })];
}

async function happened(ws, app) {
  let list;
  try {
    list = (await get(`v1/ws/${enc(ws)}/activities?limit=20${app ? `&app=${enc(app)}` : ""}`)).activities;
  } catch (error) {
    if (error.status === 403) return null;
    throw error;
  }
  const words = { run_agent: "ran", update_db: "updated", install_remix_file: "installed",
    create_workspace: "made the workspace", grant_permission: "granted a permission", remixgen: "generated", import_workspace: "imported" };
  return el("section", { "aria-labelledby": "happened" }, el("h2", { id: "happened" }, "Latest"),
    list.length === 0 ? el("p", { class: "soft" }, "Nothing happened yet.")
    : el("ul", { class: "happened" }, list.map((one) => el("li", {},
      el("span", {}, `${words[one.activity] ?? one.activity} ${[app && one.agent ? null : one.app, one.agent].filter(Boolean).join("/")}`),
      when(one.at), el("span", { class: "soft" }, one.subject.replace(/^(user|agent)\//, ""))))));
}

async function workspace(ws) {
  const [facts, latest] = await Promise.all([get(`v1/ws/${enc(ws)}`), happened(ws)]);
  showTrail([["Workspaces", "#/"], [ws]]);
  const mayInstall = facts.rights.includes("grant_permissions");
  return [heading(ws, el("p", { class: "soft small" }, `Owned by ${facts.owner}`)), el("div", { class: "columns" },
    el("section", { "aria-labelledby": "apps" }, el("h2", { id: "apps" }, "Apps"), facts.apps.length === 0
      ? el("div", { class: "empty" }, el("p", {}, "No app yet."), mayInstall ? el("p", { class: "small" },
        "On your machine, ", el("code", {}, "remix cloud new NAME"), " makes one and ", el("code", {}, "remix cloud pack NAME"),
        " packs it. Install the file here.") : null)
      : el("ul", { class: "list" }, facts.apps.map((app) => el("li", {}, el("a",
        { href: `#/${enc(ws)}/${enc(app.name)}` }, el("b", {}, app.name))))),
    mayInstall ? installPackage(ws, installed) : null), latest)];

  function installed({ changed, apps, left_out: leftOut }) {
    said.textContent = changed ? "Installed" : "Nothing has changed";
    if (leftOut.length === 0 && apps.length === 1) location.hash = `#/${enc(ws)}/${enc(apps[0].name)}`;
    else show();
  }
}

async function application(ws, app) {
  const [facts, latest] = await Promise.all([get(`v1/ws/${enc(ws)}/app/${enc(app)}`), happened(ws, app)]);
  showTrail([["Workspaces", "#/"], [ws, `#/${enc(ws)}`], [app]]);
  return [heading(app), el("div", { class: "columns" },
    el("section", { "aria-labelledby": "agents" }, el("h2", { id: "agents" }, "Agents"), facts.agents.length === 0
      ? el("div", { class: "empty" }, el("p", {}, "No agent that you may run."), el("p", { class: "small" }, "An agent is a module ",
        el("code", {}, "code/NAME.js"), " among the app's files."))
      : el("ul", { class: "list" }, facts.agents.map((agent) => el("li", {}, el("a",
        { href: `#/${enc(ws)}/${enc(app)}/${enc(agent.name)}` }, el("b", {}, agent.name),
        el("span", { class: "soft" }, agent.inParams.map((param) => param.name).join(", ")),
          agent.description ? el("p", {}, agent.description) : null))))), latest)];
}

// How a parameter is asked for, and read back. What is left empty is not sent.
function asked(param) {
  const type = String(param.type ?? "any").toLowerCase();
  const id = `in-${param.name}`;
  const hint = param.description ? el("small", { id: `${id}-help` }, param.description) : null;
  const label = el("label", { for: id }, param.displayName || param.name, el("small", {}, param.required ? `${type}, required` : type));
  const common = { id, name: param.name, required: param.required === true, "aria-describedby": hint ? `${id}-help` : null };
  if (/^bool/.test(type)) {
    const select = el("select", common, el("option", { value: "" }, "–"), el("option", { value: "true" }, "yes"),
      el("option", { value: "false" }, "no"));
    return { node: el("div", { class: "field" }, label, select, hint), read: () => (select.value === "" ? undefined : select.value === "true") };
  }
  if (/^(number|int|float|double|decimal|long)/.test(type)) {
    const input = el("input", { ...common, type: "number", step: /^(int|long)/.test(type) ? "1" : "any", inputmode: "decimal" });
    return { node: el("div", { class: "field" }, label, input, hint), read: () => (input.value === "" ? undefined : Number(input.value)) };
  }
  const isText = /^(string|text|date|url|email|markdown)/.test(type);
  const area = el("textarea", { ...common, rows: isText ? 1 : 3, spellcheck: isText ? null : "false" });
  const read = () => {
    if (area.value === "") return undefined;
    if (isText) return area.value;
    try {
      return JSON.parse(area.value);
    } catch (error) {
      if (type === "any") return area.value;
      throw new Error(`${param.displayName || param.name}: ${error.message}`);
    }
  };
  return { node: el("div", { class: "field" }, label, area, hint), read };
}

function logsOf(run) {
  return run.logs.length === 0 ? el("p", { class: "soft small" }, "It wrote nothing.")
    : el("ol", { class: "logs" }, run.logs.map((line) => el("li", { class: line.level }, el("time", {},
      `${line.at} ms`), el("span", {}, line.text))));
}

async function agent(ws, app, name) {
  const base = `v1/ws/${enc(ws)}/app/${enc(app)}`;
  const facts = await get(`${base}/agent/${enc(name)}`);
  showTrail([["Workspaces", "#/"], [ws, `#/${enc(ws)}`], [app, `#/${enc(ws)}/${enc(app)}`], [name]]);
  const fields = facts.inParams.length > 0 ? facts.inParams.map(asked) : [asked({ name: "parameters", type: "object",
    displayName: "Parameters", description: "A JSON object; empty for none" })];
  const result = el("div", { "aria-live": "polite" });
  const side = el("div", {});
  const button = el("button", { class: "button primary" }, "Run");
  const form = el("form", {
    onsubmit: async (event) => {
      event.preventDefault();
      button.disabled = true;
      button.textContent = "Running …";
      const began = performance.now();
      try {
        const given = facts.inParams.length > 0 ? Object.fromEntries(facts.inParams.map((param, i) => [param.name,
          fields[i].read()]).filter(([, value]) => value !== undefined)) : fields[0].read() ?? {};
        const { json, runId } = await call("POST", `run-agent/${enc(ws)}/${enc(app)}/${enc(name)}`, given);
        await tell(false, json, began, runId);
      } catch (error) {
        await tell(true, error, began, error.runId);
      } finally {
        button.disabled = false;
        button.textContent = "Run";
      }
    },
  }, fields.map((field) => field.node), el("div", { class: "row" }, button));

  async function tell(failed, what, began, runId) {
    const failure = what?.body?.run_error;
    const text = !failed ? JSON.stringify(what, null, 2) : failure ? failure.stack || `${failure.name}: ${failure.message}`
      : [what.message, what.body?.hint].filter(Boolean).join("\n");
    const panel = el("div", { class: failed ? "answer bad" : "answer" }, el("header", {}, el("strong", {}, failed ? "It failed" : "Answer"),
      el("span", { class: "soft" }, `${Math.round(performance.now() - began)} ms`)), el("pre", { tabindex: "0",
        "aria-label": "What it answered" }, text));
    let logs = null;
    if (runId) logs = await get(`${base}/runs/${enc(runId)}`).then(logsOf, () => null);
    result.replaceChildren(panel, ...(logs ? [el("section", { "aria-labelledby": "logs" }, el("h2", { id: "logs" }, "Log"), logs)] : []));
    said.textContent = failed ? "The agent failed" : "The agent answered";
    await aside();
  }

  async function aside() {
    const [latest, runs] = await Promise.all([happened(ws, app),
      get(`${base}/runs?agent=${enc(name)}&limit=10`).then((answer) => answer.runs, () => null)]);
    side.replaceChildren(...[latest, runs === null || runs.length === 0 ? null : el("section",
      { "aria-labelledby": "runs" }, el("h2", { id: "runs" }, "Runs that wrote or failed"),
      el("div", {}, runs.map((run) => el("details", {}, el("summary", {}, when(run.at), el("span", { class: run.outcome === "returned" ? "" : "bad" },
        `${run.outcome.replaceAll("_", " ")}, ${run.ms} ms`)),
        run.error ? el("p", { class: "small" }, `${run.error.name}: ${run.error.message}`) : null, logsOf(run)))))].filter(Boolean));
  }

  await aside();
  side.className = "columns-side";
  return [heading(name, facts.description ? el("p", { class: "soft" }, facts.description) : null),
    el("div", { class: "columns" }, el("section", { class: "run" }, form, result), side)];
}

async function show() {
  const turn = ++shown;
  showWho();
  if (!token.get()) return signIn();
  const parts = location.hash.replace(/^#\/?/, "").split("/").filter(Boolean).map(decodeURIComponent);
  const view = [workspaces, workspace, application, agent][Math.min(parts.length, 3)];
  try {
    const nodes = await view(...parts);
    if (turn !== shown) return;
    main.replaceChildren(...nodes);
    main.focus({ preventScroll: true });
    scrollTo(0, 0);
  } catch (error) {
    if (turn !== shown) return;
    if (error.status === 401) {
      token.clear();
      showWho();
      return signIn(error);
    }
    showTrail([["Workspaces", "#/"], ["Not here"]]);
    main.replaceChildren(heading("That did not work"), problem(error));
  }
}

addEventListener("hashchange", (event) => {
  if (new URL(event.newURL).hash !== "#main") show();
});
show();
