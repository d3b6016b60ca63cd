"""What a run of the tests keeps of its PostgreSQL: never less than it found. No server is started here."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests import cluster
from tests.cluster import Cluster, NoPostgreSQL, running_cluster


class Programs:
    """Stands in for the programs of PostgreSQL: `initdb` makes a database, and one command fails."""

    def __init__(self) -> None:
        self.failing = ""

    def run(self, *command: str, check: bool = True) -> subprocess.CompletedProcess[bytes]:
        name = "initdb" if command[0].endswith("initdb") else command[-1] if command[0].endswith("pg_ctl") else "cp"
        if name == "initdb":
            (Path(command[2]) / "base" / "1").mkdir(parents=True)
        if name == "cp":
            shutil.copytree(command[2], command[3])
        fails = name == self.failing
        if fails and check:
            raise NoPostgreSQL(name)
        return subprocess.CompletedProcess(command, int(fails), b"", b"")


@pytest.fixture
def programs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Programs:
    found = Programs()
    (tmp_path / "memory").mkdir()
    monkeypatch.setattr(cluster, "MEMORY", tmp_path / "memory")
    monkeypatch.setattr(cluster, "find_programs", lambda: tmp_path)
    monkeypatch.setattr(Cluster, "_version_of_programs", lambda _cluster: "17")
    monkeypatch.setattr(Cluster, "_reaches", lambda _cluster, home: home.name == "home")
    monkeypatch.setattr(Cluster, "_give", lambda *_: None)
    monkeypatch.setattr(Cluster, "_run", found.run)
    return found


def databases(home: Path) -> list[str]:
    return sorted(path.name for path in (home / "data" / "base").glob("*"))


def run(home: Path, database: str, ended_by: Any = None) -> None:
    with running_cluster(home, {}, in_memory=True) as running:
        (running.data / "base" / database).mkdir()
        if ended_by:
            raise ended_by


@pytest.mark.parametrize("failing", ["", "start", "stop", "cp", "initdb"])
def test_a_run_that_fails_keeps_what_was_kept(programs: Programs, tmp_path: Path, failing: str) -> None:
    home = tmp_path / "home"
    run(home, "2")
    assert databases(home) == ["1", "2"]
    programs.failing = failing
    try:
        run(home, "3")
    except NoPostgreSQL:
        assert failing in ("start", "cp", "initdb")
    assert databases(home) == (["1", "2"] if failing else ["1", "3"])
    assert list((tmp_path / "memory").iterdir()) == []


def test_a_run_that_is_interrupted_keeps_its_databases(programs: Programs, tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path / "home", "2", KeyboardInterrupt)
    assert databases(tmp_path / "home") == ["1", "2"]
    assert list((tmp_path / "memory").iterdir()) == []


def test_a_cluster_in_a_folder_of_its_own_is_not_saved(programs: Programs, tmp_path: Path) -> None:
    programs.failing = "cp"  # nothing is copied
    with running_cluster(tmp_path / "unreachable", {}, in_memory=True) as running:
        assert running.is_passing
    assert not running.home.exists()
    assert list((tmp_path / "memory").iterdir()) == []
