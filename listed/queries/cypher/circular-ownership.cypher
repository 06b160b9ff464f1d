// title: Circular ownership
// question: Which entities own themselves through others?
// parameter share (number), by default 0, such as 10: only over stakes that may reach so many percent
MATCH p = (e:Entity)-[:OWNS*1..4]->(e)
WHERE all(n IN nodes(p) WHERE e.id <= n.id)
  AND all(r IN relationships(p) WHERE coalesce(r.share_max, 100) >= $share)
WITH DISTINCT [n IN nodes(p) | n.id] AS circle, [n IN nodes(p) | n.name] AS names,
     [r IN relationships(p) | coalesce(r.share_text, 'unknown')] AS shares, length(p) AS links
RETURN circle, names, shares, links
ORDER BY links, circle, shares
