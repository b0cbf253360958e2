create function agents_search() returns trigger language plpgsql as $$
begin insert into search_changes (kind, key) values ('agent', new.agent_id); return null; end $$;

create trigger agents_search_insert after insert on agents for each row execute function agents_search();

create trigger agents_search_update after update of name, capabilities on agents for each row execute function agents_search();
