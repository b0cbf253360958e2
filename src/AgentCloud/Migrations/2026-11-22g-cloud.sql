-- The catalogue of the agent cloud. What a workspace holds is in the workspace's own database, which its id names.
create table cloud_workspaces (
    id text primary key,
    name text not null,
    owner text not null,
    owner_name text not null,
    created_at bigint not null
);

create unique index cloud_workspaces_by_name on cloud_workspaces (name);
create index cloud_workspaces_by_owner on cloud_workspaces (owner);

-- Who may do what. The empty app is the whole workspace, the empty agent the whole app.
create table cloud_grants (
    id text primary key,
    workspace_id text not null references cloud_workspaces (id) deferrable initially deferred,
    subject text not null,
    role text not null,
    app text not null,
    agent text not null,
    created_by text not null,
    created_at bigint not null
);

create unique index cloud_grants_once on cloud_grants (workspace_id, subject, role, app, agent);
create index cloud_grants_by_subject on cloud_grants (subject);

-- What was done, one row each: what a workspace is metered by.
create table cloud_activities (
    id $serial,
    workspace_id text not null,
    activity text not null,
    subject text not null,
    caller text,
    app text,
    agent text,
    detail text,
    at bigint not null
);

create index cloud_activities_by_time on cloud_activities (workspace_id, at);
create index cloud_activities_by_caller on cloud_activities (caller);

-- Promises of a value, kept or canceled once.
create table cloud_signals (
    id text primary key,
    creator text not null,
    state text not null,
    value text,
    created_at bigint not null,
    settled_at bigint
);

create index cloud_signals_by_creator on cloud_signals (creator, state);
create index cloud_signals_by_time on cloud_signals (created_at);

-- Topics that were ever spoken on: the number of the last message, and what was set to stay.
create table cloud_topics (
    topic text primary key,
    workspace_id text not null,
    last_seq bigint not null,
    last_at bigint not null,
    retained text,
    retained_seq bigint
);

create index cloud_topics_by_workspace on cloud_topics (workspace_id);
create index cloud_topics_by_time on cloud_topics (last_at);

-- The newest messages of each topic, for as long as a node may need to hear of them.
create table cloud_topic_messages (
    topic text not null,
    seq bigint not null,
    payload text not null,
    at bigint not null,
    primary key (topic, seq)
) $without_rowid;

create index cloud_topic_messages_by_time on cloud_topic_messages (at);
