drop trigger rooms_search_opened;
create trigger rooms_search_opened after update of visibility, encrypted, archived_at on rooms
when old.visibility <> new.visibility or old.encrypted <> new.encrypted or (old.archived_at is null) <> (new.archived_at is null)
begin insert into search_changes (kind, key) values ('room_messages', new.room_id); end;
