create table room_tasks (
    id $uuid primary key,
    room_id text not null references rooms (room_id) deferrable initially deferred,
    user_id text not null,
    created_by text not null,
    title text not null,
    description text,
    status text not null,
    priority text not null,
    type text not null,
    assignee text,
    metadata text not null,
    created_at bigint not null,
    updated_at bigint not null,
    completed_at bigint
);

create index room_tasks_by_room on room_tasks (room_id, status);
create index room_tasks_by_user on room_tasks (user_id);
create index room_tasks_by_assignee on room_tasks (assignee) where assignee is not null;

-- How far each follower of the log that must not miss anything has come.
create table log_followers (
    name text primary key,
    position bigint not null
);

insert into log_followers (name, position) select 'webhooks', coalesce(max(id), 0) from events;

-- Where events are sent: those of a room, or those that one agent hears. Each is a queue of its own: due_at says when its
-- oldest pending delivery may be tried, claimed_until by when whoever tries must have said that it still does.
create table webhooks (
    id $uuid primary key,
    room_id text references rooms (room_id) deferrable initially deferred,
    agent_id text,
    url text not null,
    events text not null,
    secret text not null,
    created_by text not null,
    created_at bigint not null,
    after_event bigint not null,
    due_at bigint,
    claim text,
    claimed_until bigint
);

create index webhooks_by_room on webhooks (room_id) where room_id is not null;
create unique index webhooks_by_agent on webhooks (agent_id) where agent_id is not null;
create index webhooks_due on webhooks (due_at) where due_at is not null;

create table webhook_deliveries (
    id $uuid primary key,
    webhook_id $uuid not null references webhooks (id) on delete cascade deferrable initially deferred,
    event_id bigint not null,
    event_type text not null,
    status text not null,
    attempts bigint not null,
    next_at bigint,
    last_status bigint,
    last_error text,
    created_at bigint not null,
    finished_at bigint
);

create unique index webhook_deliveries_once on webhook_deliveries (webhook_id, event_id);
create index webhook_deliveries_pending on webhook_deliveries (webhook_id, event_id) where status = 'pending';
create index webhook_deliveries_finished on webhook_deliveries (finished_at) where finished_at is not null;

-- Which key of an encrypted room is the newest; a room without a row is at its first.
create table room_key_versions (
    room_id text primary key references rooms (room_id) deferrable initially deferred,
    key_version bigint not null
);

-- A room's key, sealed for one user; the server cannot open it.
create table room_key_wraps (
    room_id text not null references rooms (room_id) deferrable initially deferred,
    key_version bigint not null,
    user_id text not null,
    wrap text not null,
    public_key text not null,
    wrapped_by text not null,
    created_at bigint not null,
    primary key (room_id, key_version, user_id)
);

create index room_key_wraps_by_user on room_key_wraps (user_id);
