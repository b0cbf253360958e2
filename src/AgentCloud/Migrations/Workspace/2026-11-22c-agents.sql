-- What agents are given by name and nobody is shown: AES-GCM, under a key that is not in the database.
create table cloud_secrets (
    workspace_id text not null,
    name $sorted_text not null,
    sealed text not null,
    created_at bigint not null,
    created_by $sorted_text not null,
    primary key (workspace_id, name)
);
