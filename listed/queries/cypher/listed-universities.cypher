// title: Listed universities and who is affiliated
// question: Which universities are on a list, and who is affiliated with, owned or funded by them?
MATCH (l:List)<-[:LISTED_ON]-(u:Entity)
WHERE 'edu' IN u.topics
WITH DISTINCT u, l ORDER BY l.id
WITH u, collect(l.id) AS listed_on
OPTIONAL MATCH (u)-[r:AFFILIATED_WITH|OWNS|CONTROLS|FUNDS|FOUNDED]-(e:Entity)
RETURN u.id AS university, u.name AS university_name, listed_on, type(r) AS type, r.role AS role,
       e.id AS entity, e.name AS name
ORDER BY university, type, entity, r.id
