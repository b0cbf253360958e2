-- What has changed without a word in the log, for the search to look at again; written by triggers, so that nobody forgets.
create table search_changes (
    id $serial,
    kind text not null,
    key text not null
);
