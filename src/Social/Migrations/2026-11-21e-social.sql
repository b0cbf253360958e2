create table likes (
    creation_id $uuid not null,
    user_id text not null,
    created_at bigint not null,
    primary key (user_id, creation_id)
) $without_rowid;

create index likes_by_creation on likes (creation_id, created_at);
