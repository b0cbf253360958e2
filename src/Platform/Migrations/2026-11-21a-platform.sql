-- The log: one row for everything that happened in a channel (a room), numbered without gaps by seq.
create table event_channels (
    channel text primary key,
    last_seq bigint not null,
    last_at bigint not null
) $without_rowid;

create table events (
    id $serial,
    channel text not null,
    seq bigint not null,
    kind text not null,
    actor text,
    payload text not null,
    at bigint not null,
    xid $visible_xid
);

create unique index events_by_channel on events (channel, seq);
create index events_by_actor on events (actor);

create table jobs (
    id $serial,
    kind text not null,
    key text,
    payload text not null,
    state text not null,
    attempts bigint not null,
    run_at bigint not null,
    claimed_until bigint,
    last_error text,
    created_at bigint not null,
    finished_at bigint
);

create unique index jobs_by_key on jobs (kind, key);
create index jobs_due on jobs (state, run_at);
