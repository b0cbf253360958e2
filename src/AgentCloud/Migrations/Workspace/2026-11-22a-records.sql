-- An app's number is its own forever: a name can pass to another app in one transaction, and the old content goes later.
-- When an app is erased, so are the rows with its number in every table of the workspace that has a column app_id.
create table cloud_apps (
    id $serial,
    workspace_id text not null,
    name $sorted_text not null,
    created_at bigint not null,
    created_by $sorted_text not null,
    last_row bigint not null,
    last_at bigint not null,
    metadata text not null,
    constants text not null
);

create unique index cloud_apps_by_name on cloud_apps (workspace_id, name);

-- Every version of every record. A row is written once; of an older one, only superseded changes, and once.
create table cloud_records (
    app_id bigint not null,
    row_no bigint not null,
    recordset $sorted_text not null,
    id $sorted_text not null,
    rev bigint not null,
    created_at bigint not null,
    created_by $sorted_text not null,
    modified_at bigint not null,
    modified_by $sorted_text not null,
    previous bigint,
    superseded bigint,
    deleted $bool not null,
    content text not null,
    primary key (app_id, row_no)
);

create unique index cloud_records_by_id on cloud_records (app_id, id, rev);
create index cloud_records_by_time on cloud_records (app_id, modified_at);
create index cloud_records_live on cloud_records (app_id, row_no) where superseded is null and deleted = false;
create index cloud_records_by_set on cloud_records (app_id, recordset, row_no) where superseded is null and deleted = false;

-- What queries compare: one row for each value in a version's content. field is a hash of its path; kind, num and sort
-- are the value in its total order; whole is a text that is too long to be sorted by.
create table cloud_fields (
    app_id bigint not null,
    live $bool not null,
    field bigint not null,
    kind smallint not null,
    num double precision not null,
    sort $sorted_text not null,
    row_no bigint not null,
    whole text,
    primary key (app_id, field, live, kind, num, sort, row_no)
) $without_rowid;

create index cloud_fields_by_row on cloud_fields (app_id, row_no, field);

create table cloud_queries (
    app_id bigint not null,
    name $sorted_text not null,
    ast text not null,
    source text not null,
    db text,
    skip bigint,
    row_limit bigint,
    include_superseded $bool not null,
    include_deleted $bool not null,
    created_at bigint not null,
    created_by $sorted_text not null,
    primary key (app_id, name)
);
