"""A real SMTP server for tests, on whatever port of the loopback is free."""

from aiosmtpd.controller import Controller


class AnyPortController(Controller):
    """Listens on whatever port is free, and knows which one that is."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()
