-- The files of an app. One that is kept here names a blob, one that is kept elsewhere an address.
create table cloud_files (
    app_id bigint not null,
    path $sorted_text not null,
    parent $sorted_text not null,
    sha256 text,
    size bigint not null,
    url text,
    metadata text not null,
    created_at bigint not null,
    created_by $sorted_text not null,
    modified_at bigint not null,
    modified_by $sorted_text not null,
    primary key (app_id, path)
) $without_rowid;

create index cloud_files_by_folder on cloud_files (app_id, parent, path);
create index cloud_files_by_sha256 on cloud_files (sha256);

-- The name of the workspace from which the content first came, when it came from elsewhere.
create table cloud_origin (
    workspace_id text primary key,
    ws text not null
);
