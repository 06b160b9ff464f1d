// title: New listings
// question: Who was listed since a day?
// parameter since (day), such as "2024-01-01": the first day that counts
// parameter list (text), by default null, such as "US-BIS-EL": only this list
MATCH (l:List)<-[r:LISTED_ON]-(e:Entity)
WHERE r.start_latest >= date($since) AND ($list IS NULL OR l.id = $list)
RETURN r.start_date AS start_date, l.id AS list, e.id AS entity, e.name AS name, r.citation AS citation,
       r.sources AS sources
ORDER BY start_date, list, entity, r.id
