// title: Foreign investors in listed entities
// question: Which investors and owners of listed entities are of another country than the entity?
// parameter country (text), by default null, such as "us": only investors of this country
MATCH (l:List)<-[:LISTED_ON]-(e:Entity)<-[r:INVESTED_IN|OWNS]-(investor:Entity)
WHERE size(investor.countries) > 0 AND size(e.countries) > 0
  AND none(c IN investor.countries WHERE c IN e.countries)
  AND ($country IS NULL OR $country IN investor.countries)
WITH DISTINCT investor, r, e
RETURN investor.id AS investor, investor.name AS investor_name, investor.countries AS countries,
       e.id AS entity, e.name AS name, type(r) AS type, r.share_text AS share_text,
       r.start_date AS start_date, r.end_date AS end_date, r.sources AS sources
ORDER BY investor, entity, start_date, r.id
