// title: Paths between two entities
// question: How are two entities connected, over at most three links of any kind?
// parameter first (entity), such as "alibaba-group": where the paths begin
// parameter second (entity), such as "megvii": where they end
MATCH p = (a:Entity {id: $first})-[*1..3]-(b:Entity {id: $second})
WHERE all(n IN nodes(p) WHERE n:Entity) AND all(n IN nodes(p) WHERE single(m IN nodes(p) WHERE m.id = n.id))
WITH DISTINCT length(p) AS links, [n IN nodes(p) | n.id] AS entities, [r IN relationships(p) | type(r)] AS types
RETURN links, entities, types
ORDER BY links, entities, types
