// title: Unlisted subsidiaries of listed entities
// question: What do listed entities own or control that is on no list itself?
// parameter share (number), by default 50, such as 25: the stake may reach so many percent; control always counts
// parameter list (text), by default null, such as "US-BIS-EL": only owners on this list
MATCH (l:List)<-[:LISTED_ON]-(owner:Entity)-[r:OWNS|CONTROLS]->(e:Entity)
WHERE ($list IS NULL OR l.id = $list) AND NOT EXISTS { (e)-[:LISTED_ON]->(:List) }
  AND (type(r) = 'CONTROLS' OR r.share_max >= $share)
WITH DISTINCT owner, r, e
RETURN owner.id AS owner, owner.name AS owner_name, type(r) AS type, r.share_text AS share_text,
       r.start_date AS start_date, r.end_date AS end_date, e.id AS entity, e.name AS name, r.sources AS sources
ORDER BY owner, entity, start_date, r.id
