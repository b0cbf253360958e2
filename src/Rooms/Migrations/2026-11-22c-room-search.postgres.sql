create function rooms_search() returns trigger language plpgsql as $$
begin insert into search_changes (kind, key) values (tg_argv[0], new.room_id); return null; end $$;

create trigger rooms_search_insert after insert on rooms for each row execute function rooms_search('room');

create trigger rooms_search_update after update of name, description, tags, visibility on rooms
for each row execute function rooms_search('room');

create trigger rooms_search_opened after update of visibility, encrypted on rooms
for each row when (old.visibility <> new.visibility or old.encrypted <> new.encrypted) execute function rooms_search('room_messages');

create function messages_search() returns trigger language plpgsql as $$
begin insert into search_changes (kind, key) values ('message', old.message_id::text); return null; end $$;

create trigger messages_search_delete after delete on messages
for each row when (not old.encrypted) execute function messages_search();
