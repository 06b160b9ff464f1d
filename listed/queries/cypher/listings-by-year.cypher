// title: Listings by year
// question: How many entities were listed each year, on which list?
MATCH (l:List)<-[r:LISTED_ON]-(e:Entity)
WITH l.id AS list, CASE WHEN r.start_date IS NULL THEN 'unknown' ELSE left(r.start_date, 4) END AS year, e.id AS entity
RETURN list, year, count(DISTINCT entity) AS entities
ORDER BY list, year
