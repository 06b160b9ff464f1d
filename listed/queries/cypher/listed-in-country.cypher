// title: Listed entities of a country
// question: Which entities of a country are on a list, since when and by which notice?
// parameter country (text), such as "ru": two letters, in lower case
MATCH (l:List)<-[r:LISTED_ON]-(e:Entity)
WHERE $country IN e.countries
RETURN e.id AS entity, e.name AS name, l.id AS list, r.start_date AS start_date, r.end_date AS end_date,
       r.citation AS citation
ORDER BY entity, list, start_date, citation, r.id
