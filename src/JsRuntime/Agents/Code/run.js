// Runs one call: makes the author's modules anew, calls the default export of the first, and answers what came of it.

import { within } from './strays.js';
import { Answer, names } from './lock.js';
import { encode, decode, stringify } from './values.js';
import { makeConsole, makeFetch, makeRemix } from './remix.js';
import { files, main } from './author.js';

const textOf = Function.prototype.toString;

/** Only a class and an old-fashioned function have a prototype to write, so that nearly all agents are known without a look at their text. */
const isClass = (made) => Object.hasOwn(made, 'prototype') && /^class\b/.test(textOf.call(made));

const own = new Map(files.map((file, index) => [file.name, index]));

function refused(message) {
  class Refused { constructor() { throw new TypeError(message); } }
  Object.freeze(Refused.prototype);
  return Object.freeze(Refused);
}
const NoSocket = refused('WebSockets are not open to agents; use fetch');
const NoEvents = refused('Event streams are not open to agents; use fetch');

// What every call's global has in common. A call that assigns to one of these names makes a property of its own global.
const common = {};
function share(name, get) {
  const set = function (given) {
    Object.defineProperty(this, name, { value: given, writable: true, configurable: true, enumerable: true });
  };
  Object.defineProperty(common, name, { get: Object.freeze(get), set: Object.freeze(set) });
}
for (const name of names) share(name, () => globalThis[name]);
for (const name of ['globalThis', 'self']) share(name, function () { return this; });
Object.freeze(common);

/** Written as a literal: the engine copies one whole, and puts together what is defined property by property. */
const globalOf = (fetch, console) => ({ __proto__: common, fetch, console, WebSocket: NoSocket, EventSource: NoEvents });

class Modules {
  #made = [];
  #global;

  constructor(global) {
    this.#global = global;
  }

  load(index) {
    return this.#made[index] ??= this.#make(index);
  }

  async #make(index) {
    const file = files[index];
    const needed = [];
    for (const other of file.needs) needed[other] = await this.load(other);
    const exports = Object.create(null);
    const { fetch, console } = this.#global;
    const link = {
      default: undefined,
      meta: Object.freeze({ url: `file:///${file.name}` }),
      i: (other) => needed[other],
      e: (getters) => {
        for (const name of Object.keys(getters)) Object.defineProperty(exports, name, { get: getters[name], enumerable: true });
      },
      s: (other) => {
        for (const name of Object.keys(other)) {
          if (name !== 'default' && !(name in exports)) Object.defineProperty(exports, name, { get: () => other[name], enumerable: true });
        }
      },
      d: (specifier) => this.#dynamic(file.name, String(specifier)),
    };
    await file.make(link, this.#global, this.#global, fetch, console, NoSocket, NoEvents)();
    const names = Object.keys(exports);
    if (names.length < 2) return Object.freeze(exports);
    // As a namespace has them: in the order of their names.
    const sorted = Object.create(null);
    for (const name of names.sort()) {
      Object.defineProperty(sorted, name, Object.getOwnPropertyDescriptor(exports, name));
    }
    return Object.freeze(sorted);
  }

  async #dynamic(from, specifier) {
    const path = /^\.{0,2}\//.test(specifier) ? decodeURI(new URL(specifier, `file:///${from}`).pathname.slice(1)) : null;
    const index = path === null ? undefined : own.get(path);
    if (index === undefined) throw new TypeError(`Cannot import '${specifier}': an agent can import its own files only`);
    return this.load(index);
  }
}

function tidyStack(stack) {
  const kept = [];
  for (const line of String(stack).split('\n')) {
    if (/\b_rmx\//.test(line)) continue;
    const place = /^(\s+at .*?)([^\s(]+):(\d+):(\d+)(\)?)$/.exec(line);
    // The default export is called by way of an object of ours; and each of the author's files has a line of ours before its first.
    kept.push(place && own.has(place[2])
      ? `${place[1].replace(' $$.default ', ' default ')}${place[2]}:${place[3] - 1}:${place[4]}${place[5]}` : line);
  }
  return kept.join('\n').slice(0, 16384);
}

function tell(error) {
  try {
    if (error instanceof Error) {
      return { name: String(error.name).slice(0, 200), message: String(error.message).slice(0, 8192), stack: tidyStack(error.stack) };
    }
    const message = typeof error === 'string' ? error : JSON.stringify(error) ?? String(error);
    return { name: 'Error', message: message.slice(0, 8192), stack: '' };
  } catch {
    return { name: 'Error', message: 'What was thrown cannot be shown', stack: '' };
  }
}

async function run(request, env, console, lines) {
  try {
    // Parameters and environment in one text, of which only the first may hold tags.
    const { p: params, e: surroundings } = decode(await request.text());
    const fetch = makeFetch(env.EGRESS);
    const modules = new Modules(globalOf(fetch, console));
    const { default: agent } = await modules.load(main);
    if (typeof agent !== 'function' || isClass(agent)) {
      throw new TypeError(`${files[main].name} must export a function as its default: export default async (params, remix) => ({ … })`);
    }
    const remix = makeRemix(env.HOST, request.headers.get('x-run'), Object.freeze(surroundings), fetch);
    const value = await agent(params, remix);
    return `{"v":${encode(value === undefined ? {} : value)},"l":${stringify(lines())}}`;
  } catch (error) {
    return stringify({ e: tell(error), l: lines() });
  }
}

export default {
  async fetch(request, env) {
    const { console, lines } = makeConsole(tidyStack);
    return new Answer(await within(console, () => run(request, env, console, lines)));
  },
};
