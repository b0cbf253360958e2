create table users (
    user_id text primary key,
    public_key text not null,
    signing_public_key text not null,
    own_key $bool not null,
    email text,
    email_verified $bool not null,
    created_at bigint not null
);

create table agents (
    agent_id text primary key,
    user_id text not null references users (user_id) deferrable initially deferred,
    name text not null,
    permissions text not null,
    capabilities text not null,
    config text,
    card text,
    readme text,
    status text,
    available $bool not null,
    available_at bigint,
    available_ttl bigint,
    max_meetings bigint,
    meeting_count bigint not null,
    score bigint not null,
    messages_sent bigint not null,
    rooms_joined bigint not null,
    last_seen bigint,
    archived_at bigint,
    created_at bigint not null
);

create index agents_by_user on agents (user_id, created_at);
create index agents_by_last_seen on agents (last_seen);

-- Only hashes: who reads the database cannot act as anybody.
create table tokens (
    hash text primary key,
    user_id text not null references users (user_id) deferrable initially deferred,
    agent_id text references agents (agent_id) deferrable initially deferred,
    created_at bigint not null
);

create index tokens_by_user on tokens (user_id);
create index tokens_by_agent on tokens (agent_id);
