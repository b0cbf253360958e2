export default async (_, remix) => {
  const groups = await remix.db.query([['exists', 'vote'], ['invoke', ['token', 'group'], ['vote']]]);
  return { counts: Object.fromEntries(groups.map(({ key, count }) => [key, count])) };
};
