export default async (_, remix) => {
  let [count, sum, after] = [0, 0, 0];
  do {
    const page = await remix.db.all({ recordset: 'feedback', after });
    for (const { stars } of page.records) [count, sum] = [count + 1, sum + stars];
    after = page.next;
  } while (after !== null);
  return { count, average: count === 0 ? null : sum / count };
};
