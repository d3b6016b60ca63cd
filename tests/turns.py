"""How long a process of the tests computes before another one has its turn on the same core, and which goes first."""

import ctypes
import subprocess
from contextlib import suppress

LONG = 100
"""The length of a long turn in ms. The system's own choice is some 1 to 3."""

_DROP_FROM_BOUNDING_SET, _CHANGE_PRIORITIES = 24, 23
"""`PR_CAPBSET_DROP` and `CAP_SYS_NICE` of Linux."""


def lengthen_turns(process: int) -> None:
    """Give long turns to the process with this number, and to those that it starts from now on.

    At the start of a turn, the caches are full of the data of another process: with the system's choice, four processes
    that only compute took a sixth longer on two cores. A process with short turns still has its turn at once when it
    has waited. Needs Linux 6.12 and `chrt` of util-linux 2.41; elsewhere nothing changes.
    """
    _set_turns(process, LONG)


def restore_turns(process: int) -> None:
    """Give the process turns of the system's choice: for a browser, whose processes wait for each other."""
    _set_turns(process, 0)


def forbid_priorities() -> None:
    """Take from the programs that this process starts the right to raise their priority, which root's have.

    A browser raises its own where it may, and interrupts the turns of all others then. Nobody else's browser does.
    """
    with suppress(AttributeError):  # not Linux
        ctypes.CDLL(None).prctl(_DROP_FROM_BOUNDING_SET, _CHANGE_PRIORITIES, 0, 0, 0)


def _set_turns(process: int, milliseconds: int) -> None:
    slice_ns = str(milliseconds * 1_000_000)
    with suppress(FileNotFoundError):
        subprocess.run(
            ["chrt", "--other", "--sched-runtime", slice_ns, "--pid", "0", str(process)],
            check=False,
            capture_output=True,
        )
