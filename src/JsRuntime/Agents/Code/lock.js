// Makes the isolate one that no call can change for the next: what calls have in common is frozen, and what keeps state by its
// nature is taken away. The language itself is in every call's hands and frozen before the author's first line runs. What the
// platform adds (Request, URL, crypto …) is more, and has to be named to be had: the first call that names any of it has all of it
// frozen first. To freeze it for calls that never do would double what a cold agent takes.

import { caught } from './strays.js';

const real = globalThis;

const LANGUAGE = new Set(`Object Function Array Number Boolean String Symbol BigInt Date Promise RegExp Proxy Reflect JSON Math Atomics
  Error AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError SuppressedError Iterator
  Map Set WeakMap WeakSet WeakRef DisposableStack AsyncDisposableStack ArrayBuffer SharedArrayBuffer DataView
  Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array BigInt64Array BigUint64Array Float16Array
  Float32Array Float64Array decodeURI decodeURIComponent encodeURI encodeURIComponent escape unescape eval isFinite isNaN parseFloat
  parseInt Infinity NaN undefined globalThis`.split(/\s+/));
const LISTENING = ['addEventListener', 'removeEventListener', 'dispatchEvent'];
const TIMERS = ['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'];
const BOUND = ['clearTimeout', 'clearInterval', 'clearImmediate', 'structuredClone', 'atob', 'btoa', 'reportError'];

const REMOVED = ['process', 'Buffer', 'global', 'Cloudflare', 'caches', 'origin', 'WebSocketPair', 'HTMLRewriter', 'PerformanceObserver',
  'ServiceWorkerGlobalScope', 'WorkerGlobalScope',
  // Would run one call's code in another's time.
  'FinalizationRegistry'];

for (const name of REMOVED) {
  try { delete real[name]; } catch { }
  if (name in real) define(real, name, undefined);
}

for (const name of Object.getOwnPropertyNames(RegExp)) {
  if (/^(\$|input|last|left|right)/.test(name)) delete RegExp[name];
}

Error.stackTraceLimit = 30;
const clock = real.performance;
define(real, 'performance', { now: () => clock.now(), get timeOrigin() { return clock.timeOrigin; } });

function define(object, name, value) {
  Object.defineProperty(object, name, { value, writable: true, configurable: true, enumerable: false });
}

// A frozen prototype would forbid `this.toString = …` on every object below it. What code is used to override stays
// overridable: assigning to the object makes a property of the object.
function keepOverridable(prototype, names) {
  for (const name of names) {
    const found = Object.getOwnPropertyDescriptor(prototype, name);
    if (!found || !('value' in found) || !found.configurable) continue;
    const { value } = found;
    Object.defineProperty(prototype, name, {
      get: () => value,
      set(given) {
        if (this === prototype) throw new TypeError(`Cannot assign to '${name}': it belongs to every call`);
        Object.defineProperty(this, name, { value: given, writable: true, configurable: true, enumerable: true });
      },
      configurable: true,
      enumerable: found.enumerable,
    });
  }
}

keepOverridable(Object.prototype, ['constructor', 'toString', 'toLocaleString', 'valueOf', 'hasOwnProperty', 'isPrototypeOf',
  'propertyIsEnumerable']);
keepOverridable(Function.prototype, ['constructor', 'toString', 'name', 'length']);
for (const kind of [Error, AggregateError, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError]) {
  keepOverridable(kind.prototype, ['constructor', 'name', 'message', 'toString']);
}
keepOverridable(Array.prototype, ['toString', 'toLocaleString']);
keepOverridable(Date.prototype, ['toString', 'toJSON', 'valueOf']);

const seen = new Set();

/** Freezes these, and all that can be reached from them. */
function freeze(roots) {
  const waiting = [];
  const reach = (value, hasParts) => {
    if (value === null || (typeof value !== 'object' && typeof value !== 'function') || seen.has(value)) return;
    seen.add(value);
    // Nine of ten are methods, which have a name, a length and no more. To look at each costs more than all the rest.
    if (hasParts || typeof value === 'object' || Object.hasOwn(value, 'prototype')) waiting.push(value);
    else try { Object.freeze(value); } catch { }
  };
  for (const root of roots) reach(root, true);
  while (waiting.length > 0) {
    const value = waiting.pop();
    reach(Object.getPrototypeOf(value), true);
    for (const key of Reflect.ownKeys(value)) {
      const property = Object.getOwnPropertyDescriptor(value, key);
      if (property === undefined) continue;
      reach(property.value, false);
      reach(property.get, false);
      reach(property.set, false);
    }
    try { Object.freeze(value); } catch { }
  }
}

const kindOf = (value) => Object.getPrototypeOf(value);

/** What only values of the language lead to, and no name. */
const unnamed = () => [async function () { }, function* () { }, async function* () { },
  ...[[][Symbol.iterator](), new Map().entries(), new Set().values(), ''[Symbol.iterator](), 'a'.matchAll(/a/g), (function* () { })(),
    (async function* () { })(), Int8Array, Iterator.from({ next() { } }), [].values().map((item) => item)].map(kindOf)];

function unnamedOfPlatform() {
  const lists = [new Headers(), new URLSearchParams(), new FormData()];
  const segments = new Intl.Segmenter('en').segment('a');
  return [...lists.flatMap((list) => [list.entries(), list.keys(), list.values()]), new ReadableStream().values(),
    segments, segments[Symbol.iterator]()].map(kindOf);
}

// The platform's names, each with how its value is found.
const platform = new Map();
for (let object = real; object !== Object.prototype; object = Object.getPrototypeOf(object)) {
  const from = object;
  for (const name of Object.getOwnPropertyNames(object)) {
    if (LANGUAGE.has(name) || REMOVED.includes(name) || platform.has(name)) continue;
    const own = from === real ? Object.getOwnPropertyDescriptor(real, name) : undefined;
    platform.set(name, own === undefined ? () => Reflect.get(from, name, real) : () => own.value ?? Reflect.apply(own.get, real, []));
  }
}
// What is behind the real global is nobody's: it leads to what nothing is said of here.
const behind = Object.getPrototypeOf(real);
for (const name of ['__proto__', 'constructor']) platform.set(name, () => undefined);
for (const name of LISTENING) platform.set(name, () => listensToNobody);

let values = null;

/** Freezes what the platform has, before anybody has any of it. */
export function lockPlatform() {
  if (values !== null) return;
  keepListenersOff(platform.get('EventTarget')().prototype);
  const found = new Map();
  for (const [name, find] of platform) found.set(name, BOUND.includes(name) ? find()?.bind(real) : find());
  values = found;
  freeze([...found.values(), behind, ...unnamedOfPlatform()]);
}

function listensToNobody() {
  throw new TypeError('An agent has no events of its own');
}

function keepListenersOff(prototype) {
  for (const name of LISTENING) {
    const original = prototype[name];
    prototype[name] = function (...given) {
      return this === real || this === undefined || this === null ? listensToNobody() : Reflect.apply(original, this, given);
    };
  }
}

function timer(set) {
  return (callback, ...rest) => {
    try {
      const handle = Reflect.apply(set, real, [caught(callback), ...rest]);
      if (typeof handle === 'object') freeze([kindOf(handle)]);
      return handle;
    } catch (error) {
      lockPlatform();
      throw error;
    }
  };
}

for (const [name, find] of platform) {
  if (TIMERS.includes(name)) define(real, name, timer(find()));
  else Object.defineProperty(real, name, { get() { lockPlatform(); return values.get(name); }, configurable: true });
}

freeze([...[...LANGUAGE].filter((name) => name !== 'globalThis').map((name) => real[name]), ...TIMERS.map((name) => real[name]), ...unnamed()]);
Object.freeze(real);
if (!Object.isFrozen(real) || !Object.isFrozen(Object.prototype)) throw new Error('This runtime cannot freeze what calls share');

/** The names that a call's global has in common with others': of the real one they say nothing. */
export const names = [...LANGUAGE, ...platform.keys()].filter((name) => !['globalThis', 'self', 'constructor', '__proto__'].includes(name));

/** Our own answers need none of the platform's frozen. */
export const Answer = platform.get('Response')();
