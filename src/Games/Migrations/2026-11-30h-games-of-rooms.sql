-- A game that a room published by itself, from this folder; null for one that its studio page hands in.
alter table games add column source_dir text;

create unique index games_by_folder on games (room_id, source_dir) where source_dir is not null;
