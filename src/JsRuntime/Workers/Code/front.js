// Before a tenant's worker: answers pings, dispatches its cron, and passes everything else on as it came.
export default {
  async fetch(request, env) {
    if (request.headers.has('x-remix-ping')) return new Response('pong');
    const cron = request.headers.get('x-remix-cron');
    if (cron === null) return env.WORKER.fetch(request);
    const { outcome } = await env.WORKER.scheduled({ cron, scheduledTime: new Date(Number(request.headers.get('x-remix-at'))) });
    return new Response(outcome);
  },
};
