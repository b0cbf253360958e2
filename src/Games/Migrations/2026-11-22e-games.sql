create table games (
    id $uuid primary key,
    owner text not null,
    name text not null,
    categories text not null,
    icon_sha256 text,
    icon_type text,
    cover_sha256 text,
    cover_name text,
    room_id text,
    creation_id $uuid,
    live_version_id $uuid,
    launched_at bigint,
    created_at bigint not null,
    updated_at bigint not null
);

create index games_by_owner on games (owner, created_at);
create index games_by_creation on games (creation_id);
create index games_by_icon on games (icon_sha256);
create index games_by_cover on games (cover_sha256);

create table game_versions (
    id $uuid primary key,
    game_id $uuid not null references games (id) deferrable initially deferred,
    number bigint not null,
    preview_key $uuid not null,
    code_sha256 text,
    submitted_at bigint,
    approved_at bigint,
    launched_at bigint,
    feedback text,
    evidence text,
    created_at bigint not null,
    updated_at bigint not null
);

create unique index game_versions_by_number on game_versions (game_id, number);
create unique index game_versions_by_preview on game_versions (preview_key);
create index game_versions_by_code on game_versions (code_sha256);
create index game_versions_submitted on game_versions (submitted_at);

create table game_assets (
    game_id $uuid not null references games (id) deferrable initially deferred,
    name text not null,
    sha256 text not null,
    size bigint not null,
    content_type text not null,
    created_at bigint not null,
    primary key (game_id, name)
);

create index game_assets_by_blob on game_assets (sha256);

-- What a game sells: the price is in credits.
create table game_items (
    game_id $uuid not null,
    item text not null,
    name text not null,
    price bigint not null,
    primary key (game_id, item)
);

create table game_purchases (
    game_id $uuid not null,
    player text not null,
    item text not null,
    at bigint not null,
    primary key (game_id, player, item)
);

-- What broke while people played: the same error is one row that counts.
create table game_errors (
    game_id $uuid not null,
    digest text not null,
    message text not null,
    source text,
    line bigint,
    count bigint not null,
    first_at bigint not null,
    last_at bigint not null,
    primary key (game_id, digest)
);

create table game_states (
    game_id $uuid not null,
    player text not null,
    state_id $uuid not null,
    state text not null,
    updated_at bigint not null,
    primary key (game_id, player)
);

-- A player at a game: the server says when a round began, and takes one score for it.
create table game_sessions (
    id $uuid primary key,
    game_id $uuid not null,
    player text not null,
    round bigint not null,
    round_at bigint not null,
    scored $bool not null,
    opened_at bigint not null
);

create index game_sessions_by_player on game_sessions (player);
create index game_sessions_by_game on game_sessions (game_id);

create table game_scores (
    id $uuid primary key,
    game_id $uuid not null,
    player text not null,
    session_id $uuid not null,
    round bigint not null,
    score double precision not null,
    at bigint not null,
    voided_at bigint
);

create unique index game_scores_by_round on game_scores (session_id, round, player);
create index game_scores_by_game on game_scores (game_id, at);
create index game_scores_by_player on game_scores (player);

create table game_matches (
    id $uuid primary key,
    game_id $uuid not null,
    code text not null,
    host text not null,
    guest text,
    round bigint not null,
    turn text,
    created_at bigint not null,
    updated_at bigint not null,
    finished_at bigint
);

create unique index game_matches_by_code on game_matches (code);
create index game_matches_by_host on game_matches (host, updated_at);
create index game_matches_by_guest on game_matches (guest, updated_at);
create index game_matches_by_game on game_matches (game_id);

-- Every state of a match, in order; a refuted one no longer counts.
create table game_match_states (
    match_id $uuid not null,
    number bigint not null,
    state_id $uuid not null,
    state text not null,
    by text not null,
    refuted_by text,
    at bigint not null,
    primary key (match_id, number)
);

create table game_match_scores (
    match_id $uuid not null,
    round bigint not null,
    player text not null,
    score double precision not null,
    at bigint not null,
    primary key (match_id, round, player)
);
