// title: Listed together
// question: Who was put on a list by the same notice as an entity?
// parameter entity (entity), such as "hikvision": the entity
MATCH (e:Entity {id: $entity})-[r:LISTED_ON]->(l:List)<-[q:LISTED_ON]-(other:Entity)
WHERE q.citation = r.citation AND q.start_date = r.start_date AND other.id <> e.id
RETURN DISTINCT l.id AS list, r.start_date AS start_date, r.citation AS citation, other.id AS entity, other.name AS name
ORDER BY start_date, list, entity
