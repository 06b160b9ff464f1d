"""The page in the browser: search, an entity's page, the map, screening. ``listed serve`` starts it."""
