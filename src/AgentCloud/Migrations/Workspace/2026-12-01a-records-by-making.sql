-- The newest first, or the oldest: by when records were made, and not by when they were changed last.
create index cloud_records_by_making on cloud_records (app_id, created_at, row_no) where superseded is null and deleted = false;
