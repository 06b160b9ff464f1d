// title: Investors in several listed entities
// question: Who invested in, or holds a stake of, several listed entities?
// parameter least (number), by default 2, such as 3: how many listed entities at least
MATCH (l:List)<-[:LISTED_ON]-(e:Entity)<-[:INVESTED_IN|OWNS]-(investor:Entity)
WITH DISTINCT investor, e ORDER BY e.id
WITH investor, collect(e.id) AS entities, collect(e.name) AS names
WHERE size(entities) >= $least
RETURN investor.id AS investor, investor.name AS investor_name, size(entities) AS listed_entities, entities, names
ORDER BY listed_entities DESC, investor
