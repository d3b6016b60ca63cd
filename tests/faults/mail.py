"""A mail server for the proof: it accepts every letter, or accepts the connection and never responds."""

import re
import socketserver
import threading
from typing import Self

_MESSAGE_ID = re.compile(rb"^Message-ID: <([^>]+)>", re.IGNORECASE | re.MULTILINE)


class MailServer:
    """A mail server that runs in threads during the block.

    `taken` holds (Message-ID, address) in the order of arrival.
    """

    def __init__(self, port: int) -> None:
        self.taken: list[tuple[str, str]] = []
        self.speaks = threading.Event()
        self.speaks.set()
        self.answers_letters = threading.Event()
        """While it is not set, a letter that has arrived is not acknowledged."""
        self.answers_letters.set()
        self.has_ended = threading.Event()
        mail = self

        class Conversation(socketserver.StreamRequestHandler):
            timeout = 60

            def handle(self) -> None:
                mail._wait_for(mail.speaks)
                self.wfile.write(b"220 here\r\n")
                address = ""
                while line := self.rfile.readline(2000):
                    word = line[:4].upper()
                    if word == b"RCPT":
                        address = line.decode().partition("<")[2].partition(">")[0]
                    if word == b"QUIT":
                        return
                    if word != b"DATA":
                        self.wfile.write(b"250 well\r\n")
                        continue
                    self.wfile.write(b"354 go on\r\n")
                    letter = b""
                    while (part := self.rfile.readline(10_000)) not in (b".\r\n", b""):
                        letter += part
                    found = _MESSAGE_ID.search(letter)
                    mail.taken.append((found[1].decode() if found else "", address))
                    mail._wait_for(mail.answers_letters)
                    self.wfile.write(b"250 taken\r\n")

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address = daemon_threads = True

            def handle_error(self, *_: object) -> None:
                """Ignore the error: the client was killed on purpose."""

        self.server = Server(("127.0.0.1", port), Conversation)

    def _wait_for(self, event: threading.Event) -> None:
        while not event.wait(0.1) and not self.has_ended.is_set():
            pass

    def __enter__(self) -> Self:
        threading.Thread(target=self.server.serve_forever, args=(0.1,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.has_ended.set()
        self.server.shutdown()
        self.server.server_close()
