// The first thing in a tenant's process: finds the isolate that holds an agent's code, or makes it, and passes the call on.

const attempts = new Map();

async function load(env, run) {
  const answer = await env.HOST.fetch('http://host/code', { headers: { 'x-run': run } });
  if (!answer.ok) throw new Error(await answer.text() || "The call is over");
  const { modules } = await answer.json();
  return {
    compatibilityDate: '2026-10-01',
    compatibilityFlags: ['disallow_importable_env', 'nodejs_als'],
    mainModule: '_rmx/run.js',
    modules,
    env: { HOST: env.HOST, EGRESS: env.EGRESS },
    globalOutbound: null,
  };
}

export default {
  async fetch(request, env) {
    const key = request.headers.get('x-code');
    if (key === null) return new Response('pong');
    // What could not be loaded stays so under its name, and the next attempt needs another.
    const worker = env.LOADER.get(`${key}#${attempts.get(key) ?? 0}`, () => load(env, request.headers.get('x-run')));
    try {
      return await worker.getEntrypoint().fetch(request);
    } catch (error) {
      const message = String(error?.message ?? error);
      if (!message.includes('would never generate a response')) attempts.set(key, (attempts.get(key) ?? 0) + 1);
      return new Response(message, { status: 500 });
    }
  },
};
