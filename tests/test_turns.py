"""Long turns are given where the system knows them, and nothing fails where it does not."""

import os
import re
import shutil
import subprocess
import sys

import pytest

from tests.turns import LONG, lengthen_turns, restore_turns


def turns_of(process: int) -> float:
    """Return the length of the turns of a process in ms, 0 where `chrt` does not tell it."""
    if shutil.which("chrt") is None:
        return 0
    told = subprocess.run(["chrt", "--pid", str(process)], capture_output=True, text=True, check=False).stdout
    found = re.search(r"runtime parameter: (\d+)", told)
    return int(found[1]) / 1_000_000 if found else 0


@pytest.mark.skipif(not turns_of(os.getpid()), reason="The `chrt` of this machine does not tell the length of turns")
def test_turns_are_lengthened_and_restored():
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE) as process:
        restore_turns(process.pid)
        usual = turns_of(process.pid)
        lengthen_turns(process.pid)
        assert turns_of(process.pid) == LONG > usual
        restore_turns(process.pid)
        assert turns_of(process.pid) == usual


def test_without_chrt_nothing_changes(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", "")
    lengthen_turns(os.getpid())


def test_of_a_process_that_has_ended_nothing_is_said():
    with subprocess.Popen(["true"]) as process:
        process.wait()
    lengthen_turns(process.pid)


def test_a_program_raises_its_priority_no_more():
    raising = "import os; os.execvp('nice', ['nice', '-n', '-5', 'nice'])"
    forbidding = f"from tests.turns import forbid_priorities; forbid_priorities(); {raising}"
    done = subprocess.run([sys.executable, "-c", forbidding], capture_output=True, text=True, check=True)
    assert int(done.stdout) == os.nice(0)
