// title: Common owners of two entities
// question: Who owns or controls both of two entities, and over how many links?
// parameter first (entity), such as "hikvision": one entity
// parameter second (entity), such as "dahua": the other
MATCH p = (owner:Entity)-[:OWNS|CONTROLS*1..3]->(a:Entity {id: $first})
WITH owner, min(length(p)) AS links_to_first
MATCH q = (owner)-[:OWNS|CONTROLS*1..3]->(b:Entity {id: $second})
WITH owner, links_to_first, min(length(q)) AS links_to_second
RETURN owner.id AS owner, owner.name AS owner_name, owner.schema AS schema, links_to_first, links_to_second
ORDER BY links_to_first + links_to_second, owner
