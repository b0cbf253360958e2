// Speaking with the server. A refusal is an Error with its status and code; a lost line is an Error without either.
export async function call(path, options = {}) {
  const response = await fetch(path, { headers: { accept: "application/json" }, ...options });
  if (response.ok) return response.status === 204 ? null : response.json();
  const said = await response.json().catch(() => ({}));
  throw Object.assign(new Error(said.error || response.statusText), { status: response.status, code: said.code });
}

export const PageSize = 10;
const RankedSize = 50;

// The newest first go on for ever, by the time of the last one. A ranking changes under one's feet, so it is read once.
export class Source {
  constructor(sort, first) {
    this.sort = sort;
    this.seen = new Set();
    this.done = false;
    this.before = "";
    this.first = first;
  }

  async next(size = PageSize) {
    const ranked = this.sort === "ranked";
    const query = new URLSearchParams({ limit: ranked ? RankedSize : size });
    if (ranked) query.set("sort", "ranked");
    else if (this.before) query.set("before", this.before);
    const page = this.first?.length ? this.first : await call(`/creations/feed?${query}`);
    const fromServer = page !== this.first;
    const short = page.length < (fromServer ? size : PageSize);
    this.first = null;
    const fresh = page.filter((creation) => !this.seen.has(creation.id));
    for (const creation of page) this.seen.add(creation.id);
    const last = page.at(-1);
    this.done = ranked ? fromServer : short || !fresh.length;
    if (last) this.before = last.published_at;
    return fresh;
  }
}
