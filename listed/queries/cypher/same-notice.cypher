// title: Listings of a notice
// question: Who was listed by a notice, such as a Federal Register citation?
// parameter citation (text), such as "84 FR 54004": what the citation says, or a part of it
MATCH (l:List)<-[r:LISTED_ON]-(e:Entity)
WHERE r.citation CONTAINS $citation
RETURN l.id AS list, e.id AS entity, e.name AS name, r.start_date AS start_date, r.citation AS citation
ORDER BY list, start_date, entity, citation
