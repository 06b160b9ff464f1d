// title: State bodies behind an entity
// question: Which state bodies own or control an entity, through which owners?
// parameter entity (entity), such as "hikvision": the entity
MATCH p = (body:Entity)-[:OWNS|CONTROLS*1..5]->(e:Entity {id: $entity})
WHERE body.schema = 'PublicBody'
   OR any(t IN body.topics WHERE t IN ['gov', 'mil'] OR (t STARTS WITH 'gov.' AND t <> 'gov.soe'))
WITH DISTINCT body, [n IN nodes(p) | n.id] AS chain, length(p) AS links
RETURN body.id AS body, body.name AS body_name, links, chain
ORDER BY links, chain
