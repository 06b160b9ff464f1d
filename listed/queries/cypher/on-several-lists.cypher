// title: Entities on several lists
// question: Who is on more than one list?
// parameter least (number), by default 2, such as 3: how many lists at least
MATCH (l:List)<-[:LISTED_ON]-(e:Entity)
WITH DISTINCT e, l ORDER BY l.id
WITH e, collect(l.id) AS lists
WHERE size(lists) >= $least
RETURN e.id AS entity, e.name AS name, size(lists) AS number_of_lists, lists
ORDER BY number_of_lists DESC, entity
