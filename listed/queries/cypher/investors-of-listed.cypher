// title: Investors in listed entities
// question: Who invested in entities on a list, and since when?
// parameter list (text), by default null, such as "US-BIS-EL": only entities on this list
MATCH (l:List)<-[:LISTED_ON]-(e:Entity)<-[r:INVESTED_IN]-(investor:Entity)
WHERE $list IS NULL OR l.id = $list
WITH DISTINCT investor, r, e, l ORDER BY l.id
WITH investor, r, e, collect(l.id) AS listed_on
RETURN investor.id AS investor, investor.name AS investor_name, e.id AS entity, e.name AS name,
       r.role AS role, r.start_date AS start_date, r.end_date AS end_date, r.amount AS amount,
       r.currency AS currency, listed_on, r.sources AS sources
ORDER BY start_date, investor, entity, r.id
