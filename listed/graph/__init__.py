"""The graph: what it is made of, how it is kept, and the views of it."""
