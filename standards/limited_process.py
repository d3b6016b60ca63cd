"""Run the parser of a foreign file in a separate process with limits of time and memory.

A small file can take any time and any memory, and some parsers are written in C. Here, exceeding a limit or a crash ends
a process that has nothing else to do. A server process, started for the first file of a web process, imports the
parsers once and forks for each file: a file costs a fork, not a start of Python.
"""

import atexit
import importlib
import json
import os
import pickle
import resource
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import is_dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from io import BytesIO
from threading import Lock
from typing import Any, NoReturn, ParamSpec, TypeVar

from django.conf import settings
from django.utils.translation import activate, get_language

SECONDS = 20
"""The CPU time of a parser. The time it may take in all is three times as long, as the machine may be busy."""
MEMORY = 1024 * 1024 * 1024
_LONGEST_RESULT = 256 * 1024 * 1024
_NAME_LENGTH = 200
_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TMPDIR", "TZ", "PYTHONPYCACHEPREFIX")
"""What a parser gets of the environment: no password and no key, as the file may have taken control of it."""
_OWN_PACKAGES = ("evaluation.", "standards.")
_PLAIN = (date, datetime, time, timedelta, Decimal)

P = ParamSpec("P")
Result = TypeVar("Result")


class ParserStopped(Exception):
    """The parser exceeded a limit or crashed."""


def run_limited(parse: Callable[P, Result], *args: P.args, **options: P.kwargs) -> Result:
    """Return the result of a function of a module, called in a process with limits.

    Its arguments can be pickled; its result consists of plain values and dataclasses of our packages. Its exceptions
    are raised here if `_is_known` knows their class. Raises ParserStopped for all others, and beyond a limit. The server
    imports the module, and what that names in `LIBRARIES`, once.
    """
    request = SECONDS, MEMORY, get_language(), parse.__module__, parse.__qualname__, args, options
    answer = _ask(parse.__module__, request)
    if not answer:
        raise ParserStopped
    is_raised, result = _Restricted(BytesIO(answer)).load()
    if is_raised:
        raise result
    found: Result = result
    return found


class _Restricted(pickle.Unpickler):
    """Reads a result: its process may be under the control of the file, so that it must name no function."""

    def find_class(self, module: str, name: str) -> Any:
        found = super().find_class(module, name) if module.startswith((*_OWN_PACKAGES, "datetime", "decimal")) else None
        if _is_known(found):
            return found
        raise ParserStopped


def _is_known(kind: Any) -> bool:
    if not isinstance(kind, type):
        return False
    is_own = f"{kind.__module__}.".startswith(_OWN_PACKAGES)
    is_value = is_dataclass(kind) or issubclass(kind, (Enum, Exception)) or issubclass(kind, dict)
    return kind in _PLAIN or (is_own and is_value)


class _Server:
    """The server of this process: its control socket, to which the socket of each request is sent."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.control: socket.socket | None = None
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> socket.socket:
        ours, theirs = socket.socketpair()
        known = {name: getattr(settings, name) for name in ("LANGUAGES", "LANGUAGE_CODE", "LOCALE_PATHS")}
        with theirs:
            self.process = subprocess.Popen(  # noqa: S603 - our own module, without a shell
                [
                    sys.executable,
                    "-m",
                    "standards.limited_process",
                    str(theirs.fileno()),
                    json.dumps(known, default=str),
                ],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env={
                    **{name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
                    "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
                },
            )
        self.control = ours
        return ours

    def send(self, module: str, end: socket.socket) -> None:
        """Send the socket of a request. Starts the server, and once more if it was killed."""
        message = [module.encode().ljust(_NAME_LENGTH)]
        with self.lock:
            try:
                socket.send_fds(self.control or self.start(), message, [end.fileno()])
            except OSError:
                self.stop()
                socket.send_fds(self.start(), message, [end.fileno()])

    def stop(self) -> None:
        if self.control is not None:
            self.control.close()  # the server exits at its end
        if self.process is not None:
            self.process.wait()
        self.control = self.process = None

    def forget(self) -> None:
        """Leave the server to the process that this one was forked from."""
        if self.control is not None:
            self.control.close()
        if self.process is not None:
            self.process.returncode = 0  # so that nobody waits for it
        self.__init__()  # type: ignore[misc] # the lock may be held by a thread that does not exist here


_server = _Server()
atexit.register(_server.stop)
os.register_at_fork(after_in_child=_server.forget)


def _ask(module: str, request: object) -> bytes:
    """Return the answer to a request; empty if there is none."""
    ours, theirs = socket.socketpair()
    with ours:
        with theirs:
            _server.send(module, theirs)
        ours.settimeout(4 * SECONDS)
        answer = bytearray()
        try:
            with ours.makefile("wb") as outgoing:
                pickle.dump(request, outgoing)  # a large content is not copied
            ours.shutdown(socket.SHUT_WR)
            while block := ours.recv(1024 * 1024):
                answer += block
                if len(answer) > _LONGEST_RESULT:
                    return b""
        except OSError:  # the process has ended, or does not answer
            return b""
    return bytes(answer)


# --- In the server and its processes ------------------------------------------------------------------------------


def _serve(control: socket.socket) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # of a terminal: the end of the web process is enough
    while True:
        message, handles, _flags, _address = socket.recv_fds(control, _NAME_LENGTH, 1, socket.MSG_WAITALL)
        if not message:
            return
        for name in getattr(importlib.import_module(message.decode().strip()), "LIBRARIES", ()):
            importlib.import_module(name)
        if os.fork() == 0:
            control.close()
            _answer(socket.socket(fileno=handles[0]))
        os.close(handles[0])


def _answer(connection: socket.socket) -> NoReturn:
    with connection.makefile("rb") as incoming:
        seconds, memory, language, *call = pickle.load(incoming)  # noqa: S301 - written by the web process
    _set_limits(seconds, memory)
    module, name, args, options = call
    activate(language or settings.LANGUAGE_CODE)
    try:
        result = False, getattr(sys.modules[module], name)(*args, **options)
    except Exception as error:  # noqa: BLE001 - the text of any other error may quote the file
        if not _is_known(type(error)):
            sys.stderr.write(f"{name} stopped: {type(error).__name__}\n")
            os._exit(1)
        error.__cause__ = error.__context__ = None
        result = True, error
    connection.sendall(pickle.dumps(result))
    os._exit(0)  # without the exit functions of the server


def _set_limits(seconds: int, memory: int) -> None:
    signal.setitimer(signal.ITIMER_REAL, 3 * seconds)  # whose signal ends the process
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


if __name__ == "__main__":
    import django

    settings.configure(**json.loads(sys.argv[2]), USE_TZ=True)
    django.setup()
    _serve(socket.socket(fileno=int(sys.argv[1])))
