// title: Claims about an entity, with their sources
// question: What is said of an entity, by which source?
// parameter entity (entity), such as "sensetime-group": the entity
MATCH (e:Entity {id: $entity})-[r]-(other:Entity)
UNWIND r.sources AS source
OPTIONAL MATCH (s:Source {id: source})
RETURN CASE WHEN startNode(r).id = e.id THEN 'from' ELSE 'to' END AS direction, type(r) AS type, r.role AS role,
       other.id AS other, other.name AS other_name, r.start_date AS start_date, r.end_date AS end_date,
       r.confidence AS confidence, source, s.title AS source_title, s.url AS url
ORDER BY direction, type, other, start_date, r.id, source
