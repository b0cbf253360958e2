// Behind a tenant's worker: tells the server what each invocation wrote and threw.

const LINES_MAX = 1000;
const CHARACTERS_MAX = 128 * 1024;

function show(value) {
  if (typeof value === 'string') return value;
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return String(value);
  }
}

function name({ event, entrypoint }) {
  if (event?.request) return `${event.request.method} ${event.request.url}`;
  if (event?.cron !== undefined) return `cron ${event.cron}`;
  if (event?.rpcMethod !== undefined) return `${entrypoint ?? ''}.${event.rpcMethod}()`;
  if (event?.scheduledTime !== undefined) return 'alarm';
  return entrypoint ?? '';
}

function lines(logs) {
  const kept = [];
  let characters = 0;
  for (const { level, message, timestamp } of logs) {
    const text = (Array.isArray(message) ? message.map(show).join(' ') : show(message)).slice(0, 8192);
    if (kept.length >= LINES_MAX || (characters += text.length) > CHARACTERS_MAX) {
      kept.push({ level: 'warn', text: `${logs.length - kept.length} more lines were dropped`, at: timestamp });
      break;
    }
    kept.push({ level: level === 'log' ? 'info' : level, text, at: timestamp });
  }
  return kept;
}

export default {
  async tail(events, env) {
    const told = events.map((one) => ({ event: name(one).slice(0, 2048), outcome: one.outcome, at: one.eventTimestamp ?? Date.now(),
      logs: lines(one.logs),
      exceptions: one.exceptions.slice(0, 20).map(({ name, message, stack }) => (
        { name, message: String(message).slice(0, 8192), stack: String(stack ?? '').slice(0, 8192) })) }));
    const body = new TextEncoder().encode(JSON.stringify(told));
    await env.LOG.fetch('http://log/', { method: 'POST', body });
  },
};
