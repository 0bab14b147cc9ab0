"""HTTP: the routes under /v1, health, metrics, and the local operator's routes."""
