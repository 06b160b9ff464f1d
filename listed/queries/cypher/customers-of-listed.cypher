// title: Customers of listed entities
// question: Who bought from listed entities, and since when?
MATCH (l:List)<-[:LISTED_ON]-(e:Entity)<-[r:CUSTOMER_OF]-(customer:Entity)
WITH DISTINCT customer, r, e
RETURN customer.id AS customer, customer.name AS customer_name, r.role AS role, e.id AS entity, e.name AS name,
       r.start_date AS start_date, r.end_date AS end_date, r.sources AS sources
ORDER BY entity, customer, start_date, r.id
