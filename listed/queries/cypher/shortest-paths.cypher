// title: Shortest paths between two entities
// question: What are the shortest chains of links between two entities, up to six links long?
// parameter first (entity), such as "qualcomm": where the paths begin
// parameter second (entity), such as "hikvision": where they end
MATCH p = allShortestPaths((a:Entity {id: $first})-[:OWNS|CONTROLS|INVESTED_IN|FOUNDED|PARTNERS_WITH|FUNDS|OFFICER_OF
  |SUPPLIES|CUSTOMER_OF|REGULATES|PILOTS|DESIGNATED_BY|AFFILIATED_WITH|RELATED_TO|SUCCEEDS|LINKED_TO*..6]
  -(b:Entity {id: $second}))
WITH DISTINCT length(p) AS links, [n IN nodes(p) | n.id] AS entities, [r IN relationships(p) | type(r)] AS types
RETURN links, entities, types
ORDER BY entities, types
