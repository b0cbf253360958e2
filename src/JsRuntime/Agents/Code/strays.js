// What is thrown where nobody catches it, beside the call's own promise: it belongs in the log of the call that it comes from.
// Comes before the isolate is locked, since afterwards nobody may listen for events of the global.

import { AsyncLocalStorage } from 'node:async_hooks';

const calls = new AsyncLocalStorage();

// Made here too: to name what the platform has, once the isolate is locked, would freeze all of it for every agent.
export const decoder = new TextDecoder();

addEventListener('unhandledrejection', (event) => {
  event.preventDefault();
  calls.getStore()?.error('Nobody caught:', event.reason);
});

/** Runs a call whose strays go to this console. */
export const within = (console, work) => calls.run(console, work);

/** A function for a timer: what it throws is a stray as well. */
export function caught(callback) {
  if (typeof callback !== 'function') return callback;
  return (...given) => {
    try {
      return callback(...given);
    } catch (error) {
      calls.getStore()?.error('A timer threw:', error);
    }
  };
}
