"""A snapshot in Neo4j: written there, compared, and read back."""

from listed.neo4j.connection import Server
from listed.neo4j.pull import PullReport, pull
from listed.neo4j.push import PushReport, push, remove

__all__ = ["PullReport", "PushReport", "Server", "pull", "push", "remove"]
