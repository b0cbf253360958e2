create table creations (
    id $uuid primary key,
    room_id text not null,
    source_dir text not null,
    slug text not null,
    topic text not null,
    description text not null,
    type text not null,
    tags text not null,
    category text,
    cover text not null,
    has_audio $bool not null,
    has_live_data $bool not null,
    created_by text not null,
    submitted_by text not null,
    agents text not null,
    status text not null,
    live $bool not null,
    version bigint not null,
    parent_id $uuid,
    attempts bigint not null,
    quality_score bigint not null,
    pipeline text not null,
    publish_error text,
    view_count bigint not null,
    like_count bigint not null,
    remix_count bigint not null,
    comment_count bigint not null,
    featured_at bigint,
    published_at bigint,
    archived_at bigint,
    created_at bigint not null
);

-- One version of a folder is in the feed, and it alone owns the readable address.
create unique index creations_live_folder on creations (room_id, source_dir) where live;
create unique index creations_live_slug on creations (slug) where live;
create index creations_by_folder on creations (room_id, source_dir, version);
create index creations_by_slug on creations (slug, version);
create index creations_by_creator on creations (created_by);

-- The files of a version, as they were published; bytes are blobs, also the two compressed forms.
create table creation_files (
    creation_id $uuid not null references creations (id) deferrable initially deferred,
    path text not null,
    sha256 text not null,
    size bigint not null,
    content_type text not null,
    brotli text,
    gzip text,
    primary key (creation_id, path)
);

create index creation_files_by_blob on creation_files (sha256);
create index creation_files_by_brotli on creation_files (brotli);
create index creation_files_by_gzip on creation_files (gzip);
