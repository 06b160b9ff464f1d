// title: Stakes sold
// question: Who gave up a stake in a listed entity, and when?
// parameter entity (entity), by default null, such as "sensetime-group": only in this one
MATCH (l:List)<-[:LISTED_ON]-(e:Entity)
WHERE $entity IS NULL OR e.id = $entity
WITH DISTINCT e
MATCH (e)<-[r:OWNS|CONTROLS|INVESTED_IN]-(owner:Entity)
WHERE r.end_date IS NOT NULL OR r.share_max = 0
RETURN e.id AS entity, e.name AS name, owner.id AS owner, owner.name AS owner_name, type(r) AS type,
       r.share_text AS share_text, r.start_date AS start_date, r.end_date AS end_date, r.note AS note,
       r.sources AS sources
ORDER BY entity, coalesce(r.end_date, r.start_date), owner, r.id
