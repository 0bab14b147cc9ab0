"""Every way in: the command line, HTTP, Kafka. The only room that reads the environment."""
