// title: Suppliers of listed entities
// question: Who supplied what to listed entities, and when?
// parameter country (text), by default null, such as "us": only suppliers of this country
MATCH (l:List)<-[:LISTED_ON]-(e:Entity)<-[r:SUPPLIES]-(supplier:Entity)
WHERE $country IS NULL OR $country IN supplier.countries
WITH DISTINCT supplier, r, e
RETURN supplier.id AS supplier, supplier.name AS supplier_name, r.role AS role, e.id AS entity, e.name AS name,
       r.start_date AS start_date, r.end_date AS end_date, r.sources AS sources
ORDER BY supplier, entity, start_date, r.id
