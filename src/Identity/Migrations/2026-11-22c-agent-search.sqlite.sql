create trigger agents_search_insert after insert on agents
begin insert into search_changes (kind, key) values ('agent', new.agent_id); end;

create trigger agents_search_update after update of name, capabilities on agents
begin insert into search_changes (kind, key) values ('agent', new.agent_id); end;
