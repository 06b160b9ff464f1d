// title: Joint ventures with a listed partner
// question: Which joint ventures have a listed partner, and who are the others?
// parameter share (number), by default 20, such as 10: two owners of so many percent each make a venture too
MATCH (l:List)<-[:LISTED_ON]-(listed:Entity)-[r:OWNS]->(venture:Entity)<-[q:OWNS]-(partner:Entity)
WHERE listed.id <> partner.id
  AND (toLower(coalesce(r.role, '')) CONTAINS 'joint venture' OR toLower(coalesce(q.role, '')) CONTAINS 'joint venture'
       OR (r.share_min >= $share AND q.share_min >= $share))
WITH DISTINCT venture, listed, r, partner, q
RETURN venture.id AS venture, venture.name AS venture_name, listed.id AS entity, listed.name AS name,
       r.share_text AS share_text, r.start_date AS start_date, r.end_date AS end_date,
       partner.id AS partner, partner.name AS partner_name, q.share_text AS partner_share_text,
       q.start_date AS partner_start_date, q.end_date AS partner_end_date
ORDER BY venture, entity, start_date, partner, partner_start_date, r.id, q.id
