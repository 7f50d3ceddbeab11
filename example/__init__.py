"""A small Django project: guest houses that share one site, each with books of its own."""
