import { idOf, isAddress, newName } from './lib/names.js';

export default async ({ url, name }, remix) => {
  if (!isAddress(url)) return { error: 'That is no http address' };
  if (name !== undefined && !/^[a-z0-9-]{2,40}$/.test(name)) return { error: 'A name is 2 to 40 of a-z, 0-9 and -' };
  const known = name === undefined ? await remix.db.query([['comparison', '==', 'url', ['param', 'url']]], { url }) : [];
  if (known.length > 0) return { name: known[0].name };
  const chosen = name ?? newName();
  // The id follows from the name, so that of two who choose one name at once, one is refused.
  try {
    await remix.db.save({ name: chosen, url, asked: 0 }, { id: await idOf(chosen), recordset: 'links', ifRev: 0 });
  } catch (error) {
    return { error: error.code === 'RECORD_CHANGED' ? `${chosen} is taken` : error.message };
  }
  return { name: chosen };
};
