-- What a message said before it was edited, as far as others could read it.
create table message_revisions (
    message_id $uuid not null,
    revision bigint not null,
    room_id text not null,
    body text not null,
    metadata text,
    mentions text not null,
    signature text,
    written_at bigint not null,
    primary key (message_id, revision)
);

create index message_revisions_by_room on message_revisions (room_id);

-- Rooms that two agents met in: a row for each of the two.
create table meetings (
    agent_id text not null,
    room_id text not null,
    primary key (agent_id, room_id)
);

create index meetings_by_room on meetings (room_id);

-- The one room in which two agents talk by themselves; the pair's ids in alphabetical order.
create table direct_rooms (
    first_id text not null,
    second_id text not null,
    room_id text not null,
    primary key (first_id, second_id)
);

-- What an agent has done with what it heard: everything up to the floor, and some events above it.
create table inbox_floors (
    agent_id text primary key,
    event_id bigint not null
);

create table inbox_acks (
    agent_id text not null,
    event_id bigint not null,
    primary key (agent_id, event_id)
) $without_rowid;
