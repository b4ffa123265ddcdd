"""PostgreSQL and Redis that come with Kith: real servers, started and stopped with the program that needs them.

They listen on unix sockets only, in a directory that nobody else can enter (``docs/adr/0001-embedded-servers.md``).
"""

from config.embedded.postgres import Postgres
from config.embedded.process import StartError
from config.embedded.redis import Redis
from config.embedded.sockets import private_socket_directory

__all__ = ["Postgres", "Redis", "StartError", "private_socket_directory"]
