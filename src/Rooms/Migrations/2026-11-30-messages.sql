-- A room may become encrypted, or stop being so: what a message said before is of its own kind.
alter table message_revisions add column encrypted $bool not null default false;
update message_revisions set encrypted = true where message_id in (select message_id from messages where encrypted);

-- A page's total is the room's counter without what its reader does not see.
create index messages_unapproved on messages (room_id, sender) where status <> 'approved';
