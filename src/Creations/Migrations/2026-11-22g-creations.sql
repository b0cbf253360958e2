-- Pages of the feed go on from the moment of their last creation. Two of one moment, which two servers could choose, are
-- moved apart first, in their order.
with numbered as (
    select id, published_at, row_number() over (order by published_at, id) as place from creations where published_at is not null
), apart as (
    select id, place + max(published_at - place) over (order by place) as moment from numbered
)
update creations set published_at = apart.moment from apart where apart.id = creations.id and apart.moment <> creations.published_at;

create unique index creations_published_at on creations (published_at);
