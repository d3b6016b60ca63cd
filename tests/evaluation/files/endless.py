"""Functions that exceed each limit of the limited process, or misbehave in it."""

import os
import resource
import signal
import time
from typing import Any

from standards import limited_process


def use_time() -> None:
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    time.sleep(60)


def use_memory() -> int:
    return len(bytearray(2 * limited_process.MEMORY))


def crash() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def fail() -> None:
    raise RuntimeError("with the content of a cell")


class _Function:
    def __reduce__(self) -> Any:
        return os.getcwd, ()


def name_a_function() -> _Function:
    return _Function()


def echo(value: Any) -> Any:
    return value


def limits() -> tuple[int, int, float]:
    timer, _interval = signal.getitimer(signal.ITIMER_REAL)
    return resource.getrlimit(resource.RLIMIT_CPU)[0], resource.getrlimit(resource.RLIMIT_AS)[0], timer


def list_environment() -> list[str]:
    return list(os.environ)
