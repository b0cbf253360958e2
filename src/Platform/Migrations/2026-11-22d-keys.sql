-- Keys that the server made for itself, the same for all nodes.
create table server_keys (
    name text primary key,
    value text not null,
    created_at bigint not null
);
