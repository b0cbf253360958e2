// What the form sends. No token is needed: grant it to anonymous.
export default async ({ stars, text = '' }, remix) => {
  if (stars < 1 || stars > 5) return { error: 'stars is 1 to 5' };
  const saved = await remix.db.save({ stars, text: text.slice(0, 2000), from: remix.env.user }, { recordset: 'feedback' });
  const { count } = await remix.agents.call('summary');
  return { id: saved._rmx_id, count };
};
