// Makes the isolate one that no call can change for the next: before the author's first line runs, everything that calls
// have in common is frozen, and what keeps state by its nature is taken away.

const real = globalThis;

for (const name of ['process', 'Buffer', 'global', 'Cloudflare', 'caches', 'origin', 'WebSocketPair', 'HTMLRewriter',
  'PerformanceObserver', 'ServiceWorkerGlobalScope', 'WorkerGlobalScope']) {
  try { delete real[name]; } catch { }
  if (name in real) define(real, name, undefined);
}

for (const name of Object.getOwnPropertyNames(RegExp)) {
  if (/^(\$|input|last|left|right)/.test(name)) delete RegExp[name];
}

Error.stackTraceLimit = 30;
const clock = real.performance;
define(real, 'performance', { now: () => clock.now(), get timeOrigin() { return clock.timeOrigin; } });

for (const name of ['addEventListener', 'removeEventListener', 'dispatchEvent']) {
  const original = EventTarget.prototype[name];
  EventTarget.prototype[name] = function (...given) {
    if (this === real || this === undefined || this === null) throw new TypeError('An agent has no events of its own');
    return Reflect.apply(original, this, given);
  };
}

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
const waiting = [real];
const hidden = [
  async function () { }, function* () { }, async function* () { }, [][Symbol.iterator](), new Map().entries(), new Set().values(),
  ''[Symbol.iterator](), 'a'.matchAll(/a/g), (function* () { })(), (async function* () { })(), Object.getPrototypeOf(Int8Array),
  new Headers().entries(), new URLSearchParams().entries(), new FormData().entries(), Iterator.from({ next() { } }),
];
waiting.push(...hidden.map((value) => (typeof value === 'function' ? value : Object.getPrototypeOf(value))));

while (waiting.length > 0) {
  const value = waiting.pop();
  if (value === null || (typeof value !== 'object' && typeof value !== 'function') || seen.has(value)) continue;
  seen.add(value);
  waiting.push(Object.getPrototypeOf(value));
  for (const key of Reflect.ownKeys(value)) {
    const property = Object.getOwnPropertyDescriptor(value, key);
    if (!property) continue;
    if ('value' in property) {
      waiting.push(property.value);
    } else {
      waiting.push(property.get, property.set);
      // The global's own accessors make something when first read, and hand out the same from then on.
      if (value === real) try { waiting.push(real[key]); } catch { }
    }
  }
  try { Object.freeze(value); } catch { }
}

if (!Object.isFrozen(real) || !Object.isFrozen(Object.prototype)) throw new Error('This runtime cannot freeze what calls share');
