// Waits until the question is answered, and keeps the answer.
export default async ({ id, timeout = 30000 }, remix) => {
  const question = await remix.db.get(id);
  if (!question) return { error: `There is no question ${id}` };
  if (!question.open) return { stars: question.stars, text: question.text };
  const answer = await remix.signals.await(question.signal, { timeout });
  if (answer.name === 'error') return { error: answer.value };
  const { stars = null, text = '' } = answer.value ?? {};
  await remix.db.upsert({ _rmx_id: id, open: false, stars, text });
  return { stars, text };
};
