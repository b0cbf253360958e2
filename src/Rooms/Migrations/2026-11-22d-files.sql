-- Addresses at which a room's conversation can be read without an account. They go with their room.
create table room_shares (
    token text primary key,
    room_id text not null references rooms (room_id) on delete cascade deferrable initially deferred,
    title text not null,
    created_by text not null,
    created_at bigint not null,
    expires_at bigint
);

create index room_shares_by_room on room_shares (room_id, created_at);

-- What a user publishes under: each room belongs to one. Everybody's first is {user}/default.
create table studios (
    studio_id text primary key,
    owner text not null,
    name text not null,
    description text,
    avatar_url text,
    banner_url text,
    tags text not null,
    visibility text not null,
    subscriber_count bigint not null,
    archived_at bigint,
    created_at bigint not null
);

create index studios_by_owner on studios (owner, created_at);

create table studio_subscriptions (
    studio_id text not null references studios (studio_id) on delete cascade deferrable initially deferred,
    user_id text not null,
    notify $bool not null,
    created_at bigint not null,
    primary key (studio_id, user_id)
);

create index studio_subscriptions_by_user on studio_subscriptions (user_id, created_at);

-- What a pipeline asked for once: asked again under the same name, it is answered the same.
create table studio_publications (
    studio_id text not null,
    operation_id text not null,
    room_id text not null references rooms (room_id) on delete cascade deferrable initially deferred,
    task_id $uuid,
    agents text not null,
    created_at bigint not null,
    primary key (studio_id, operation_id)
);

alter table rooms add column studio_id text;
create index rooms_by_studio on rooms (studio_id, created_at);
create index rooms_by_origin on rooms (remixed_from);

insert into studios (studio_id, owner, name, tags, visibility, subscriber_count, created_at)
    select user_id || '/default', user_id, user_id, '[]', 'listed', 0, created_at from users;
update rooms set studio_id = owner || '/default';
