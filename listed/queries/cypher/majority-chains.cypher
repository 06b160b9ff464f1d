// title: Chains of majorities below listed entities
// question: What is held by a listed entity through stakes of half or more at each step?
// parameter list (text), by default "US-BIS-EL", such as "US-OFAC-SDN": the list
MATCH (l:List {id: $list})<-[:LISTED_ON]-(top:Entity)
WITH DISTINCT top
MATCH p = (top)-[:OWNS*1..3]->(e:Entity)
WHERE all(r IN relationships(p) WHERE r.share_min >= 50 AND r.end_date IS NULL)
WITH DISTINCT top, e, [n IN nodes(p) | n.id] AS chain,
     [r IN relationships(p) | r.share_text] AS shares, length(p) AS links
RETURN top.id AS top, top.name AS top_name, e.id AS entity, e.name AS name, links, chain, shares
ORDER BY top, links, chain, shares
