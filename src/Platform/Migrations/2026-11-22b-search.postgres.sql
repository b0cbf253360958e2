create table search_notes (
    name text primary key,
    value text not null
);

create table search_entries (
    key text primary key,
    rank bigint not null,
    tokens tsvector not null
);

create index search_entries_by_rank on search_entries (rank desc, key);
create index search_entries_by_token on search_entries using gin (tokens) with (gin_pending_list_limit = 512);

create table search_terms (
    kind text not null,
    term text collate "C" not null,
    uses bigint not null,
    primary key (kind, term)
);

create table search_grams (
    kind text not null,
    gram text collate "C" not null,
    length bigint not null,
    term text collate "C" not null,
    primary key (kind, gram, length, term)
);
