import { idOf } from './lib/names.js';

// Counts each time; of two at once the second tries again on what the first left.
export default async ({ name }, remix) => {
  for (let attempt = 0; attempt < 5; attempt++) {
    const link = await remix.db.get(await idOf(name));
    if (!link) return { error: `There is no ${name}` };
    try {
      await remix.db.upsert({ _rmx_id: link._rmx_id, asked: link.asked + 1 }, { ifRev: link._rmx_rev });
      return { url: link.url, asked: link.asked + 1 };
    } catch (error) {
      if (error.code !== 'RECORD_CHANGED') throw error;
    }
  }
  return { error: 'Too many at once' };
};
