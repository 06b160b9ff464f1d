// title: The most connected unlisted entities
// question: Which entities on no list are linked to the most listed ones?
// parameter most (number), by default 20, such as 5: how many to tell
MATCH (l:List)<-[:LISTED_ON]-(listed:Entity)
WITH DISTINCT listed
MATCH (listed)--(e:Entity)
WHERE NOT EXISTS { (e)-[:LISTED_ON]->(:List) }
WITH e, count(DISTINCT listed) AS listed_neighbours, count(*) AS links
RETURN e.id AS entity, e.name AS name, listed_neighbours, links
ORDER BY listed_neighbours DESC, links DESC, entity
LIMIT $most
