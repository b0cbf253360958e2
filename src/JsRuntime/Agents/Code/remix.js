// What an agent is given: `remix`, a console of its own, and fetch. One of each for every call.

import { decoder } from './strays.js';
import { lockPlatform } from './lock.js';
import { Case, encode, decode } from './values.js';

const LINES_MAX = 1000;
const LINE_MAX = 8 * 1024;
const CHARACTERS_MAX = 128 * 1024;
const CALLS_AT_ONCE = 32;
const WAITS_AT_ONCE = 64;
const FETCHES_AT_ONCE = 6;
const BATCH_MAX = 4 * 1024 * 1024;

// These wait for something that is not their host's work: none of them may keep a call from its turn that would end the wait.
const WAITS = Object.freeze(['agents.call', 'signals.await']);

const ref = Object.freeze((id) => new Case('db.ref', String(id)));
const kind = Object.freeze((name, value) => new Case(name, value));

/** Lets so many through at once; the others wait their turn. */
function gate(most) {
  let free = most;
  const waiting = [];
  return async (work) => {
    if (free > 0) free--;
    else await new Promise((go) => { waiting.push(go); });
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free++;
      else next();
    }
  };
}

/** The process may have no connection left, of which its engine says only that it has an internal error. */
function busy(error) {
  lockPlatform();
  if (!String(error?.message).startsWith('internal error')) throw error;
  throw Object.assign(new Error('Too much is under way in this workspace at once. Try again when some of it has ended'), { code: 'TOO_BUSY' });
}

/** What is awaited together goes to the host together, and one connection brings what comes of it, a line each as it comes. */
function makeWait(host, run) {
  let batch = [];
  let length = 0;
  const send = async () => {
    const waits = batch;
    [batch, length] = [[], 0];
    try {
      const answer = await host.fetch('http://host/waits', { method: 'POST', headers: { 'x-run': run, 'x-op': 'waits' },
        body: `[${waits.map(({ operation, body }) => `["${operation}",${body}]`).join()}]` });
      if (answer.status !== 200) throw new Error('internal error');
      const reader = answer.body.getReader();
      let pieces = [];
      for (let more = await reader.read(); !more.done; more = await reader.read()) {
        let from = 0;
        for (let end; (end = more.value.indexOf(10, from)) >= 0; from = end + 1) {
          pieces.push(decoder.decode(more.value.subarray(from, end), { stream: true }));
          const [index, status, text] = JSON.parse(pieces.join('') + decoder.decode());
          pieces = [];
          waits[index].resolve({ status, text });
        }
        pieces.push(decoder.decode(more.value.subarray(from), { stream: true }));
      }
      throw new Error('internal error');
    } catch (error) {
      for (const { reject } of waits) reject(error);
    }
  };
  return (operation, body) => new Promise((resolve, reject) => {
    if (length + body.length > BATCH_MAX) send();
    if (batch.push({ operation, body, resolve, reject }) === 1) queueMicrotask(() => { if (batch.length > 0) send(); });
    length += body.length;
  });
}

/** The object whose methods go to the host. */
export function makeRemix(host, run, env, fetch) {
  const [work, wait] = [gate(CALLS_AT_ONCE), gate(WAITS_AT_ONCE)];
  const together = makeWait(host, run);
  const call = async (operation, given) => {
    const body = encode(given);
    const { status, text } = await (WAITS.includes(operation) ? wait(() => together(operation, body)) : work(async () => {
      const answer = await host.fetch('http://host/call', { method: 'POST', headers: { 'x-run': run, 'x-op': operation }, body });
      return { status: answer.status, text: await answer.text() };
    })).catch(busy);
    if (status === 200) return decode(text);
    const { message, code } = JSON.parse(text);
    throw Object.assign(new Error(message), { code });
  };
  const to = (operation) => (...given) => call(operation, given);
  // Literals: what is put together method by method takes the engine longer than most agents do.
  return Object.freeze({
    env,
    fetch,
    case: kind,
    db: Object.freeze({
      get: to('db.get'), save: to('db.save'), upsert: to('db.upsert'), delete: to('db.delete'), query: to('db.query'),
      head: to('db.head'), all: to('db.all'), ref,
    }),
    agents: Object.freeze({ call: to('agents.call') }),
    topics: Object.freeze({ publish: to('topics.publish'), set: to('topics.set') }),
    signals: Object.freeze({
      create: to('signals.create'), await: to('signals.await'), send: to('signals.send'), cancel: to('signals.cancel'),
    }),
    files: Object.freeze({
      read: to('files.read'), write: to('files.write'), list: to('files.list'), delete: to('files.delete'), props: to('files.props'),
      copy: to('files.copy'), move: to('files.move'), register: to('files.register'), address: to('files.address'),
    }),
    secrets: Object.freeze({ get: to('secrets.get') }),
  });
}

/** Global fetch: to the public internet by way of the host, which says no to the rest. */
export function makeFetch(egress) {
  const pass = gate(FETCHES_AT_ONCE);
  return async function fetch(resource, options) {
    const request = new Request(resource, options);
    if (request.headers.get('upgrade') !== null) throw new TypeError('WebSockets are not open to agents; use fetch');
    const answer = await pass(() => egress.fetch(request)).catch(busy);
    // The one host that our proxy's server does not take for any, so that nobody judges it.
    if (/^https?:\/\/([^@/]*@)?\[::\][:/]/.test(answer.url)) throw new TypeError('fetch failed: [::] is not on the public internet');
    const refused = answer.headers.get('x-remix-refused');
    if (refused === null) return answer;
    // Read, since to cancel it would end the connection, and each refusal would need a new one.
    await answer.text();
    throw new TypeError(`fetch failed: ${decodeURIComponent(refused)}`);
  };
}

function show(value, depth, tidy) {
  if (typeof value === 'string') return depth === 0 ? value : JSON.stringify(value);
  if (typeof value === 'function') return `[function ${value.name || 'anonymous'}]`;
  if (typeof value === 'bigint') return `${value}n`;
  if (value === null || typeof value !== 'object') return String(value);
  if (value instanceof Error) return tidy(value.stack ?? value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (ArrayBuffer.isView(value) && 'length' in value) return `${value.constructor.name}(${value.length})`;
  if (depth > 3) return Array.isArray(value) ? '[…]' : '{…}';
  if (Array.isArray(value)) {
    const items = value.slice(0, 100).map((item) => show(item, depth + 1, tidy));
    return `[${items.join(', ')}${value.length > 100 ? `, … ${value.length - 100} more` : ''}]`;
  }
  if (value instanceof Map) return `Map ${show(Object.fromEntries(value), depth, tidy)}`;
  if (value instanceof Set) return `Set ${show([...value], depth, tidy)}`;
  const fields = Object.entries(value).slice(0, 100).map(([key, item]) => `${key}: ${show(item, depth + 1, tidy)}`);
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
}

function text(given, tidy) {
  try {
    return given.map((value) => show(value, 0, tidy)).join(' ');
  } catch (error) {
    return `[this cannot be shown: ${error?.message}]`;
  }
}

/** A console that keeps its lines, as many as anybody would read; `tidy` makes a stack what its author would call it. */
export function makeConsole(tidy) {
  const began = Date.now();
  const lines = [];
  let characters = 0;
  let dropped = 0;
  const write = (level) => (...given) => {
    if (lines.length >= LINES_MAX || characters >= CHARACTERS_MAX) {
      dropped++;
      return;
    }
    let line = text(given, tidy);
    if (line.length > LINE_MAX) line = `${line.slice(0, LINE_MAX)}… ${line.length - LINE_MAX} more characters`;
    characters += line.length;
    lines.push([level, line, Date.now() - began]);
  };
  const info = write('info');
  const nothing = () => { };
  const console = Object.freeze({
    log: info, info, debug: write('debug'), warn: write('warn'), error: write('error'), trace: write('debug'), dir: info, table: info,
    assert: (holds, ...given) => { if (!holds) console.error('Assertion failed', ...given); },
    group: info, groupCollapsed: info, groupEnd: nothing, time: nothing, timeEnd: nothing, timeLog: nothing, count: nothing,
    countReset: nothing, clear: nothing,
  });
  const taken = () => (dropped === 0 ? lines
    : [...lines, ['warn', `${dropped} more lines were dropped`, Date.now() - began]]);
  return { console, lines: taken };
}
