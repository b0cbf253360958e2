// One vote for each user; voting again moves it. Everybody who listens hears the new counts.
export default async ({ choice }, remix) => {
  if (remix.env.userIsAnonymous) return { error: 'Sign in to vote' };
  const choices = await remix.db.all({ recordset: 'choices' });
  if (!choices.records.some((one) => one.choice === choice)) {
    return { error: `Choose one of ${choices.records.map((one) => one.choice).join(', ')}` };
  }
  const [mine] = await remix.db.query("voter == $voter", { voter: remix.env.user });
  await remix.db.save({ ...(mine ? { _rmx_id: mine._rmx_id } : {}), voter: remix.env.user, vote: choice }, { recordset: 'votes' });
  const { counts } = await remix.agents.call('counts');
  await remix.topics.set('public/application/counts', counts);
  return { counts };
};
