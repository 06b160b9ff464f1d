// title: Listed entities and others at an address
// question: Who is at an address, and is he on a list?
// parameter address (text), such as "Kwun Tong": what the address says, or a part of it
MATCH (e:Entity)
WHERE any(address IN e.addresses WHERE toLower(address) CONTAINS toLower($address))
OPTIONAL MATCH (e)-[:LISTED_ON]->(l:List)
WITH DISTINCT e, l ORDER BY l.id
WITH e, collect(l.id) AS listed_on
RETURN e.id AS entity, e.name AS name, e.addresses AS addresses, listed_on
ORDER BY size(listed_on) DESC, entity
