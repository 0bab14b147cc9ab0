"""Serving a data folder: the HTTP server, what keeps its views at the head, and its sockets."""
