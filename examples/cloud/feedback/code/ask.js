// Opens a question: whoever is given the address of its signal can answer it, once.
export default async ({ question }, remix) => {
  const signal = await remix.signals.create();
  const asked = await remix.db.save({ question, signal: signal.url, open: true }, { recordset: 'questions' });
  return { id: asked._rmx_id, signal: signal.url };
};
