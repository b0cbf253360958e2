-- Keys for programs that act for a person. Only hashes are kept. A key whose user is gone stays, so that its bearer
-- hears why it no longer works.
create table api_keys (
    id $uuid primary key,
    user_id text,
    name text not null,
    prefix text not null,
    hash text not null,
    created_at bigint not null,
    last_used bigint
);

create unique index api_keys_by_hash on api_keys (hash);
create index api_keys_by_user on api_keys (user_id, created_at);

-- Since when an admin keeps the user from publishing; null for everybody else.
alter table users add column banned_at bigint;
