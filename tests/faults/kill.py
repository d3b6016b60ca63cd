"""`./go prove kill [SAVES]`: kill the server (-9) at random moments while users save, on SQLite and on PostgreSQL.

Two users save answers, a third evaluation is submitted and sent back in turns. On PostgreSQL every third kill also
takes the database server. Each acknowledged save and move must be stored once, and the step log must verify.
"""

import argparse
import json
import os
import random
import shutil
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.cluster import Cluster, NoPostgreSQL, running_cluster
from tests.faults.people import Crowd
from tests.faults.site import (
    ROOT,
    SERVER,
    Supervised,
    environment_of,
    free_port,
    kill_postgresql,
    run_python,
    supervised_web,
    wait_for_web,
)

VAR = Path(os.environ.get("VAR_DIR") or ROOT / "var") / "test" / "kill"
SAVES_A_KILL = 10
LONGEST_DELAY = 0.05
"""Seconds from the save that a kill waits for to the kill; a save takes less."""
AWAY = 0.5
"""Seconds after a kill in which nothing can be stored, because the server is only started again then."""


@dataclass(frozen=True, slots=True)
class Place:
    """One database and the folder of the files that are written with it."""

    name: str
    var: Path
    database: str
    cluster: Cluster | None = None

    def prove(self, saves: int, seed: int) -> bool:
        """Run the proof and print the result. Return whether everything is as it should be."""
        began = time.monotonic()
        shutil.rmtree(self.var, ignore_errors=True)
        self.var.mkdir(parents=True)
        port = free_port()
        environment = environment_of(self.var, port, mail=free_port(), database=self.database)
        run_python(environment, "manage.py", "migrate", "-v0")
        ground = json.loads(run_python(environment, "-m", "tests.faults.ground", "writers").splitlines()[-1])
        crowd, web = Crowd(port), supervised_web(port, environment, self.var)
        try:
            wait_for_web(port)
            kills = self._kill_while_they_save(crowd, web, ground, saves, random.Random(seed))
        finally:
            crowd.has_ended.set()
            web.end()
        path = self.var / "told.json"
        acknowledged = {kind: record.acknowledged for kind, record in crowd.records.items()}
        path.write_text(json.dumps(acknowledged | {"kills": kills}))
        verdict = json.loads(run_python(environment, "-m", "tests.faults.kill", "--judge", str(path)).splitlines()[-1])
        return print_verdict(self.name, crowd, len(kills), verdict, time.monotonic() - began)

    def _kill_while_they_save(
        self, crowd: Crowd, web: Supervised, ground: dict[str, Any], saves: int, chance: random.Random
    ) -> list[float]:
        """Kill the server once in ten saves, until there are so many. Return the times of the kills."""
        for writer in ground["writers"]:
            headers = crowd.sign_in(writer["email"], writer["password"])
            crowd.start(writer["name"], lambda w=writer, h=headers: crowd.keep_saving(w, h))
        crowd.start("moves", lambda: crowd.keep_moving(ground["mover"]))
        kept = crowd.record("save").acknowledged
        kills = []
        moments = sorted(chance.sample(range(1, saves), max(1, saves // SAVES_A_KILL)))
        for number, moment in enumerate(moments):
            wait_until(crowd, lambda m=moment: len(kept) >= m)
            time.sleep(chance.uniform(0, LONGEST_DELAY))
            starts = web.starts
            web.kill_with_children()
            kills.append(time.time())
            if self.cluster and number % 3 == 2:
                kill_postgresql(self.cluster)
                self.cluster.start(SERVER)
            wait_until(crowd, lambda s=starts: web.starts > s)
            wait_for_web(crowd.port)
        wait_until(crowd, lambda: len(kept) >= saves)
        crowd.stop()
        return kills


def wait_until(crowd: Crowd, happens: Any) -> None:
    deadline = time.monotonic() + 120
    while not happens():
        if crowd.broken or time.monotonic() > deadline:
            raise SystemExit(f"Nothing was saved for two minutes. {'; '.join(crowd.broken)} See {VAR}.")
        time.sleep(0.001)


def print_verdict(name: str, crowd: Crowd, kills: int, verdict: dict[str, Any], seconds: float) -> bool:
    """Print two sentences about a database, then each problem. Return whether there is none."""
    records = [crowd.record(kind) for kind in ("save", "move")]
    wrong = [f"answered: {one}" for record in records for one in record.wrong] + crowd.broken
    counts = {}
    for what in ("lost", "doubled", "half"):
        found = [f"{what}: {kind} {one}" for kind in ("save", "move") for one in verdict[kind][what]]
        counts[what], wrong = len(found), wrong + found
    wrong += [f"log: {problem}" for problem in verdict["problems"]]
    saves, moves = (len(record.acknowledged) for record in records)
    print(
        f"{name}: {saves} saves and {moves} moves acknowledged, {kills} kills of the server; "
        f"{verdict['cut']} saves were cut, {verdict['stored']} of them already stored and acknowledged when sent again.\n"
        f"{name}: lost {counts['lost']}, doubled {counts['doubled']}, half done {counts['half']}; "
        f"{verdict['steps']} steps of the log verified, {len(verdict['problems'])} problems. {seconds:.0f} s",
        flush=True,
    )
    for one in wrong[:20]:
        print(f"{name}: {one}")
    return not wrong


def judge_kills(record: dict[str, Any]) -> dict[str, Any]:
    """Return the verdicts on the saves and the moves, and the problems of the log."""
    from evaluation.models import AnswerVersion
    from portal.operations.verification import SealFile, find_problems, verify_log
    from tests.faults.judging import judge_moves, judge_saves

    saves, cut = record["save"], {}
    for one in saves:
        amid = [kill for kill in record["kills"] if one["sent_at"] < kill < one["answered_at"]]
        if one["tries"] > 1 and amid:
            cut[one["uid"]] = amid[0]
    stored = AnswerVersion.objects.filter(save_uid__in=cut).values_list("save_uid", "at")
    return {
        "save": judge_saves(saves),
        "move": judge_moves(record["move"]),
        "cut": len(cut),
        "stored": sum(at.timestamp() < cut[str(uid)] + AWAY for uid, at in stored),
        "problems": list(find_problems()),
        "steps": verify_log(SealFile((), ())).steps,
    }


def judge_in_this_process(record: Path) -> None:
    import django

    django.setup()
    print(json.dumps(judge_kills(json.loads(record.read_text()))))


def create_database(cluster: Cluster) -> str:
    """Create an empty database. Return its URL."""
    import psycopg

    with psycopg.connect(cluster.url("postgres"), autocommit=True) as admin:
        admin.execute("DROP DATABASE IF EXISTS kill WITH (FORCE)")
        admin.execute("CREATE DATABASE kill TEMPLATE template0 ENCODING UTF8")
    return cluster.url("kill")


def main() -> int:
    parser = argparse.ArgumentParser(prog="./go prove kill", description=__doc__.partition("\n\n")[0])
    parser.add_argument("saves", nargs="?", type=int, default=200, help="how many saves on each database: 200")
    parser.add_argument("--seed", type=int, default=random.randrange(10_000), help="of the moments of the kills")
    parser.add_argument("--judge", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.judge:
        judge_in_this_process(given.judge)
        return 0
    if given.saves < 2:
        parser.error("at least two saves")
    print(f"Seed {given.seed}", flush=True)
    sqlite = VAR / "sqlite"
    is_well = Place("SQLite", sqlite, f"sqlite:///{sqlite}/quality.sqlite3").prove(given.saves, given.seed)
    try:
        with running_cluster(VAR / "cluster", SERVER) as cluster:
            place = Place("PostgreSQL", VAR / "postgresql", create_database(cluster), cluster)
            is_well &= place.prove(given.saves, given.seed)
    except NoPostgreSQL as missing:
        print(missing, file=sys.stderr)
        return 1
    print("Every acknowledged save is there once." if is_well else "FAILED")
    return 0 if is_well else 1


if __name__ == "__main__":
    sys.exit(main())
