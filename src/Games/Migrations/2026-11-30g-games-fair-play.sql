-- The highest score that a game's author holds possible, and players whose scores the author does not take.
alter table games add column score_max double precision;

create table game_barred (
    game_id $uuid not null,
    player text not null,
    at bigint not null,
    primary key (game_id, player)
);

-- Who left a match for good: the other hears of it.
alter table game_matches add column left_by text;
