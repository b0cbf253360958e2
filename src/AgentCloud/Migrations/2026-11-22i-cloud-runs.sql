-- What runs of agents wrote to their console, and what they threw: the newest of each workspace.
create table cloud_runs (
    no $serial,
    workspace_id text not null,
    id text not null,
    app text not null,
    agent text not null,
    subject text not null,
    outcome text not null,
    error text,
    ms bigint not null,
    lines text not null,
    at bigint not null
);

create unique index cloud_runs_by_id on cloud_runs (workspace_id, id);
create index cloud_runs_by_no on cloud_runs (workspace_id, no);
