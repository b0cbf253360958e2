drop trigger rooms_search_opened on rooms;
create trigger rooms_search_opened after update of visibility, encrypted, archived_at on rooms
for each row when (old.visibility <> new.visibility or old.encrypted <> new.encrypted or (old.archived_at is null) <> (new.archived_at is null))
execute function rooms_search('room_messages');
