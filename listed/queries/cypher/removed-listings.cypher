// title: Removals from lists
// question: Who was taken off a list, and when?
MATCH (l:List)<-[r:LISTED_ON]-(e:Entity)
WHERE r.end_date IS NOT NULL
RETURN r.end_date AS end_date, l.id AS list, e.id AS entity, e.name AS name, r.start_date AS start_date,
       r.citation AS citation
ORDER BY end_date, list, entity, r.id
