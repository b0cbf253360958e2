create trigger rooms_search_insert after insert on rooms
begin insert into search_changes (kind, key) values ('room', new.room_id); end;

create trigger rooms_search_update after update of name, description, tags, visibility on rooms
begin insert into search_changes (kind, key) values ('room', new.room_id); end;

create trigger rooms_search_opened after update of visibility, encrypted on rooms
when old.visibility <> new.visibility or old.encrypted <> new.encrypted
begin insert into search_changes (kind, key) values ('room_messages', new.room_id); end;

create trigger messages_search_delete after delete on messages when not old.encrypted
begin insert into search_changes (kind, key) values ('message', old.message_id); end;
