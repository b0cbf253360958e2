// JSON carries what a call gives and gets. What JSON lacks travels tagged: {"_rmx_type": "{tag}bin", "_rmx_value": "…"}.

const DEPTH_MAX = 200;
const isArray = Array.isArray;
const { toString } = Object.prototype;

/** A value with a name of its kind, such as a reference to a record ("db.ref"). */
export class Case {
  constructor(name, value) {
    this.name = String(name);
    this.value = value;
    Object.freeze(this);
  }
}
Object.freeze(Case.prototype);
Object.freeze(Case);

const INSTEAD = Object.freeze({
  __proto__: null,
  Promise: 'await it first',
  Error: 'pass its message',
  Map: 'Object.fromEntries makes plain values of it',
  Set: 'Array.from makes a list of it',
  Response: 'pass what await response.json() or .text() gives',
});

const tagged = (tag, value) => (value === undefined ? { _rmx_type: `{tag}${tag}` } : { _rmx_type: `{tag}${tag}`, _rmx_value: value });

function bytesOf(value) {
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  return ArrayBuffer.isView(value) ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength) : null;
}

function pack(value, depth) {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      if (Number.isFinite(value)) return value;
      return tagged(Number.isNaN(value) ? 'nan' : value > 0 ? 'posinf' : 'neginf');
    case 'undefined':
      return tagged('undefined');
    case 'object':
      return value === null ? null : packObject(value, depth);
    default:
      throw new TypeError(`A ${typeof value} cannot be passed on; values are what JSON can say, bytes, NaN, infinities and undefined`);
  }
}

function packObject(value, depth) {
  if (depth > DEPTH_MAX) throw new TypeError('The value is nested too deeply, or contains itself');
  if (isArray(value)) {
    const items = new Array(value.length);
    for (let i = 0; i < items.length; i++) items[i] = pack(value[i], depth + 1);
    return items;
  }
  if (value instanceof Case) return tagged(`case:${value.name}`, pack(value.value, depth + 1));
  const bytes = bytesOf(value);
  if (bytes !== null) return tagged('bin', bytes.toBase64());
  if (typeof value.toJSON === 'function') return pack(value.toJSON(), depth + 1);
  const keys = Object.keys(value);
  const kind = keys.length > 0 && !(value instanceof Error) ? '[object Object]' : toString.call(value);
  // Maps, promises, answers, errors: what they hold is in no field of theirs, and would be lost without a word.
  if (kind === '[object Error]' || (keys.length === 0 && kind !== '[object Object]')) {
    throw new TypeError(`${/^[AEIOU]/.test(kind.slice(8)) ? 'An' : 'A'} ${kind.slice(8, -1)} cannot be passed on: ${INSTEAD[kind.slice(8, -1)]
      ?? 'pass what is in it, as plain values'}`);
  }
  const fields = {};
  for (const key of keys) {
    const item = value[key];
    if (typeof item === 'function') continue;
    const packed = key === '_rmx_type' && typeof item === 'string' && (item.startsWith('{tag}') || item.startsWith('{str}'))
      ? `{str}${item}` : pack(item, depth + 1);
    if (key === '__proto__') Object.defineProperty(fields, key, { value: packed, enumerable: true });
    else fields[key] = packed;
  }
  return fields;
}

function unpack(value) {
  if (value === null || typeof value !== 'object') return value;
  if (isArray(value)) {
    for (let i = 0; i < value.length; i++) value[i] = unpack(value[i]);
    return value;
  }
  const type = value._rmx_type;
  if (typeof type === 'string') {
    if (type.startsWith('{tag}')) return untag(type.slice(5), value);
    if (type.startsWith('{str}')) value._rmx_type = type.slice(5);
  }
  for (const key of Object.keys(value)) {
    if (key !== '_rmx_type' && key !== '__proto__') value[key] = unpack(value[key]);
  }
  return value;
}

function untag(tag, value) {
  switch (tag) {
    case 'undefined': return undefined;
    case 'nan': return NaN;
    case 'posinf': return Infinity;
    case 'neginf': return -Infinity;
    case 'bin': return Uint8Array.fromBase64(value._rmx_value ?? '');
    case 'db.ref': return new Case(tag, value._rmx_value);
  }
  if (tag.startsWith('case:')) return new Case(tag.slice(5), unpack(value._rmx_value));
  throw new TypeError(`'{tag}${tag}' is no kind of value`);
}

// Half a character is no text to anybody else: JSON.stringify writes it as an escape, of which we make the sign for "unreadable".
const HALF = /(?<!\\)((?:\\\\)*)\\ud[89a-f][0-9a-f]{2}/g;

/** JSON that every reader takes. */
export function stringify(value) {
  const text = JSON.stringify(value);
  return text.includes('\\ud') ? text.replace(HALF, '$1\\ufffd') : text;
}

export const encode = (value) => stringify(pack(value, 0));

export function decode(text) {
  const value = JSON.parse(text);
  return text.includes('_rmx_type') ? unpack(value) : value;
}
