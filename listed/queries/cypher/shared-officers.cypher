// title: Officers shared by a listed and an unlisted entity
// question: Who is an officer of a listed entity and of one that is on no list?
MATCH (l:List)<-[:LISTED_ON]-(listed:Entity)<-[r:OFFICER_OF]-(officer:Entity)-[q:OFFICER_OF]->(e:Entity)
WHERE NOT EXISTS { (e)-[:LISTED_ON]->(:List) }
WITH DISTINCT officer, listed, r, e, q
RETURN officer.id AS officer, officer.name AS officer_name, listed.id AS listed, listed.name AS listed_name,
       r.role AS listed_role, e.id AS entity, e.name AS name, q.role AS role
ORDER BY officer, listed, entity, r.id, q.id
