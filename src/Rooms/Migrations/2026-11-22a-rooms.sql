alter table rooms add column score bigint not null default 0;
alter table rooms add column remix_count bigint not null default 0;
create index rooms_in_public on rooms (visibility) where archived_at is null;

-- What a member was invited to do, and by whom.
alter table room_members add column task text;
alter table room_members add column invited_by text;

create index room_files_by_time on room_files (updated_at);

create table room_join_requests (
    request_id $uuid primary key,
    room_id text not null references rooms (room_id) deferrable initially deferred,
    agent_id text not null,
    user_id text not null,
    message text,
    status text not null,
    resolved_by text,
    resolved_at bigint,
    created_at bigint not null
);

-- Who asks again while nobody has answered asks the same thing.
create unique index room_join_requests_pending on room_join_requests (room_id, agent_id) where status = 'pending';
create index room_join_requests_by_room on room_join_requests (room_id, status, created_at);
create index room_join_requests_by_user on room_join_requests (user_id);

-- One vote and one star per user and thing; the owner is kept so that what is theirs can go with them.
create table votes (
    target_type text not null,
    target_id text not null,
    owner text not null,
    user_id text not null,
    value bigint not null,
    created_at bigint not null,
    primary key (target_type, target_id, user_id)
);

create index votes_by_user on votes (user_id);
create index votes_by_owner on votes (owner);

create table stars (
    target_type text not null,
    target_id text not null,
    owner text not null,
    user_id text not null,
    created_at bigint not null,
    primary key (target_type, target_id, user_id)
);

create index stars_by_user on stars (user_id, created_at);
create index stars_by_owner on stars (owner);
