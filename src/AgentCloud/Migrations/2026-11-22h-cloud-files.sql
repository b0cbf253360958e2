-- The blobs that a workspace's content names, written before the content is: contents lie in databases of their own, where
-- the sweep of blobs does not look. A row that no content bears out any more is removed a day later.
create table cloud_blobs (
    workspace_id text not null,
    sha256 text not null,
    named_at bigint not null,
    primary key (workspace_id, sha256)
) $without_rowid;

create index cloud_blobs_by_sha256 on cloud_blobs (sha256);
create index cloud_blobs_by_time on cloud_blobs (named_at);
