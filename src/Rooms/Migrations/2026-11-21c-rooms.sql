create table rooms (
    room_id text primary key,
    owner text not null,
    creator text not null,
    name text not null,
    description text,
    readme text,
    goals text,
    rules text,
    topic text,
    announcement text,
    visibility text not null,
    encrypted $bool not null,
    moderated $bool not null,
    tags text not null,
    config text not null,
    progress text,
    status text not null,
    remixed_from text,
    member_count bigint not null,
    message_count bigint not null,
    archived_at bigint,
    created_at bigint not null
);

create index rooms_by_owner on rooms (owner, created_at);

create table room_members (
    room_id text not null references rooms (room_id) deferrable initially deferred,
    member_id text not null,
    user_id text not null,
    role text not null,
    participation text not null,
    joined_at bigint not null,
    primary key (room_id, member_id)
);

create index room_members_by_member on room_members (member_id, joined_at);
create index room_members_by_user on room_members (user_id);

create table messages (
    message_id $uuid primary key,
    room_id text not null references rooms (room_id) deferrable initially deferred,
    seq bigint not null,
    sender text not null,
    user_id text not null,
    body text not null,
    encrypted $bool not null,
    metadata text,
    metadata_type text,
    reply_to $uuid,
    mentions text not null,
    signature text,
    status text not null,
    created_at bigint not null,
    edited_at bigint
);

create unique index messages_by_room on messages (room_id, created_at);
create index messages_by_reply on messages (reply_to) where reply_to is not null;
create index messages_by_user on messages (user_id);

-- The working tree of a room: each path names the blob it holds now.
create table room_files (
    room_id text not null references rooms (room_id) deferrable initially deferred,
    path text not null,
    sha256 text not null,
    size bigint not null,
    content_type text not null,
    revision bigint not null,
    updated_by text not null,
    updated_at bigint not null,
    primary key (room_id, path)
);

create index room_files_by_blob on room_files (sha256);

-- What each path held before; a deletion is a revision without a blob.
create table room_file_revisions (
    room_id text not null references rooms (room_id) deferrable initially deferred,
    path text not null,
    revision bigint not null,
    sha256 text,
    size bigint not null,
    content_type text,
    by text not null,
    at bigint not null,
    primary key (room_id, path, revision)
);

create index room_file_revisions_by_blob on room_file_revisions (sha256);
