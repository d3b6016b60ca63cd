"""`./go prove faults [--quick] [FAULT …]`: cause one failure after the other while simulated users work with the site.

Prints what was acknowledged and what became of it, by kind of operation. Nothing may be lost, duplicated or half done,
and no user may get a server error other than 503.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import Any

from tests.cluster import NoPostgreSQL, running_cluster
from tests.faults.ground import LANGUAGES
from tests.faults.mail import MailServer
from tests.faults.people import Crowd, headers_of
from tests.faults.site import ROOT, SERVER, Disk, Site, children_of

VAR = Path(os.environ.get("VAR_DIR") or ROOT / "var") / "test" / "faults"
YEARS = range(2010, 2026)
PRINTERS = 3
"""The number of users who print reports at the same time."""
PRINT, READING = "reports.printing.print_report", "evaluation.figures.intake.worker.read_statistics"


class Proof:
    """The faults and how long each lasts. `back` holds the seconds from the database's return to the first page."""

    def __init__(self, site: Site, crowd: Crowd, mail: MailServer, ground: dict[str, Any], *, quick: bool) -> None:
        self.site, self.crowd, self.mail, self.ground = site, crowd, mail, ground
        self.lull, self.away, self.full, self.mute = (1.5, 10, 4, 5) if quick else (5, 60, 20, 60)
        self.back: list[tuple[str, float, int]] = []
        self.skipped: list[str] = []
        self.reader: dict[str, str] = {}

    # --- People ------------------------------------------------------------------------------------------------------

    def begin(self) -> None:
        ground, crowd = self.ground, self.crowd
        mce = headers_of(ground["mce"])
        signed_in = [crowd.sign_in(writer["email"], writer["password"]) for writer in ground["writers"]]
        self.reader = signed_in[0]
        for writer, headers in zip(ground["writers"], signed_in, strict=True):
            crowd.start(f"saves, {writer['name']}", lambda w=writer, h=headers: crowd.keep_saving(w, h))
        writer, headers = ground["writers"][0], signed_in[0]
        crowd.start("evidence", lambda: crowd.keep_attaching(writer, headers))
        for _file in islice(_years(ground["senders"][0]["hotline"], 0), 2):
            pass  # one file of each kind, so that the imports are done once and not by several threads
        for number, sender in enumerate(ground["senders"]):
            files = _years(sender["hotline"], number)
            crowd.start(f"figures, {number}", lambda s=sender, f=files: crowd.keep_sending_figures(s, f))
        for number in range(PRINTERS):  # each prints other reports
            own = ground["reports"][number::PRINTERS]
            crowd.start(f"reports, {number}", lambda reports=own: crowd.keep_printing(reports, LANGUAGES, mce))
        crowd.start("letters", lambda: crowd.keep_inviting(ground["invite"], ground["people"], mce))

    # --- Faults ------------------------------------------------------------------------------------------------------

    @contextmanager
    def _amid_a_release(self, *, task: str = "") -> Iterator[None]:
        """Hold an edition's release open during the block: its first row is written, and the next one waits for a lock.

        With a `task`, it also waits until the worker runs it.
        """
        edition, editor = self.ground["releases"].pop(), headers_of(self.ground["editor"])
        connection = self.site.connect()
        try:
            connection.execute("BEGIN")
            connection.execute("LOCK TABLE standards_editionwording IN SHARE MODE")
            release = lambda: self.crowd.release(edition["address"], edition["code"], edition["shown"], editor)  # noqa: E731
            self.crowd.start(f"release of {edition['code']}", release)
            asked = (
                "SELECT count(*) FROM pg_locks WHERE relation = 'standards_editionwording'::regclass AND NOT granted"
            )
            is_waiting = lambda: bool(connection.execute(asked).fetchone()[0])  # type: ignore[index] # noqa: E731
            self._wait(is_waiting, f"no release of {edition['code']} in which to break something")
            if task:
                self._wait_for_task(task)
            yield
        finally:
            connection.close()

    def kill_web(self) -> None:
        """Kill (-9) each web process, one after the other."""
        with self._amid_a_release():
            for process in children_of(self.site.web.process.pid):
                with suppress(ProcessLookupError):
                    os.kill(process, 9)
                time.sleep(self.lull)

    def kill_gunicorn(self) -> None:
        """Kill (-9) gunicorn's master and all its processes."""
        with self._amid_a_release():
            self.site.web.kill_with_children()

    def kill_worker(self) -> None:
        """Kill (-9) the worker during a print, while it reads a file, and while a letter has just arrived."""
        for task in (PRINT, READING):
            if self._wait_for_task(task):
                self.site.worker.kill()
            time.sleep(self.lull)
        self.crowd.rests.set()  # the worker sends letters after all tasks that a user waits for
        before = len(self.mail.taken)
        self.mail.answers_letters.clear()
        self._wait(lambda: len(self.mail.taken) > before, "no letter in which to kill the worker")
        self.site.worker.kill()
        self.mail.answers_letters.set()
        self.crowd.rests.clear()

    def _wait_for_task(self, task: str) -> bool:
        """Wait until the living worker runs the task. Return whether it does."""
        asked = (
            "SELECT count(*) FROM django_tasks_database_dbtaskresult WHERE status = 'RUNNING' AND task_path = %s "
            "AND worker_ids->>-1 = (SELECT name FROM portal_runningworker ORDER BY seen_at DESC LIMIT 1)"
        )
        with self.site.connect() as connection:
            is_running = lambda: bool(connection.execute(asked, [task]).fetchone()[0])  # type: ignore[index] # noqa: E731
            return self._wait(is_running, f"no {task} in which to break something")

    def _wait(self, happens: Callable[[], bool], else_say: str) -> bool:
        deadline = time.monotonic() + 300
        while time.monotonic() < deadline:
            if happens():
                return True
            time.sleep(0.005)
        self.skipped.append(else_say)
        return False

    def kill_postgresql(self) -> None:
        """Kill (-9) PostgreSQL during a print and everything else."""
        with self._amid_a_release(task=PRINT):
            self.site.kill_postgresql()
        time.sleep(1)
        self._bring_back("kill -9 of PostgreSQL")

    def stop_postgresql(self) -> None:
        """Stop the database for a while."""
        with self._amid_a_release(task=READING):
            self.site.cluster.halt()
        time.sleep(self.away)
        self._bring_back(f"{self.away} s without the database")

    def _bring_back(self, what: str) -> None:
        """Start PostgreSQL. Record the seconds and failed requests until a signed-in user gets the first page."""
        self.site.start_postgresql()
        began, failed, record = time.monotonic(), 0, self.crowd.record("read after a failure")
        while time.monotonic() - began < 60:
            record.tried += 1
            answer = self.crowd.ask(record, "GET", self.ground["writers"][0]["page"], b"", self.reader)
            if answer is not None and answer.status == 200:
                self.crowd.note(record)
                break
            failed += 1
            time.sleep(0.05)
        self.back.append((what, time.monotonic() - began, failed))

    def fill_disk(self) -> None:
        """Fill the disk of the tables and the files."""
        if self.site.disk.why_not:
            self.skipped.append(f"the full disk: {self.site.disk.why_not}")
            return
        with self._amid_a_release(task=PRINT):
            self.site.disk.fill()
        time.sleep(self.full)
        self.site.disk.empty()

    def mute_mail(self) -> None:
        """Let the mail server accept connections and send nothing."""
        self.mail.speaks.clear()
        time.sleep(self.mute)
        self.mail.speaks.set()

    FAULTS = {
        "web": kill_web,
        "gunicorn": kill_gunicorn,
        "worker": kill_worker,
        "postgresql": kill_postgresql,
        "away": stop_postgresql,
        "disk": fill_disk,
        "mail": mute_mail,
    }

    def run(self, faults: list[str]) -> None:
        self.begin()
        time.sleep(self.lull)
        for name in faults:
            fault, self.crowd.fault = self.FAULTS[name], name
            print(f"- {fault.__doc__}", file=sys.stderr, flush=True)
            fault(self)
            time.sleep(self.lull)
        self.crowd.stop()
        self._drain()

    def _drain(self) -> None:
        """Let the worker finish. Postponed tasks are run at once: how long they are postponed is not tested here."""
        deadline = time.monotonic() + 600
        while time.monotonic() < deadline:
            with suppress(OSError):
                self.site.query(
                    "UPDATE django_tasks_database_dbtaskresult SET run_after = now() "
                    "WHERE status = 'READY' AND run_after > now() AND run_after < '9000-01-01' AND task_path <> %s",
                    "evaluation.figures.intake.worker.follow_up_import",
                )
            (waiting,) = self.site.query(
                "SELECT (SELECT count(*) FROM django_tasks_database_dbtaskresult WHERE status = 'RUNNING' "
                "OR (status = 'READY' AND task_path <> %s))"
                " + (SELECT count(*) FROM evaluation_statisticsimport WHERE state = 'uploaded')"
                " + (SELECT count(*) FROM reports_printing WHERE state NOT IN ('done', 'failed'))",
                "evaluation.figures.intake.worker.follow_up_import",
            )[0]
            if not waiting:
                return
            time.sleep(0.5)
        self.skipped.append(f"after the faults {waiting} tasks, files or prints were still under way")


def _years(hotline: str, seed: int) -> Iterator[bytes]:
    """Yield different files of figures: totals and records in turns; the latter take a while to be read."""
    from portal.demonstration.exports import Exports, period

    for share in (0.9, 0.8, 0.7):
        for year in YEARS:
            exports = Exports(hotline, seed, share)
            yield exports.aggregate(*period(year)) if year % 2 else exports.records("contact", *period(year))


def print_verdicts(proof: Proof, verdicts: dict[str, Any]) -> bool:
    """Print the table. Return whether nothing was lost, duplicated, half done or answered with an error."""
    crowd, is_well = proof.crowd, True
    print(f"\n{'operation':22}{'tried':>8}{'acknowledged':>14}{'kept':>8}{'lost':>6}{'doubled':>9}{'half done':>11}"
          f"{'5xx not 503':>13}{'503':>6}{'unanswered':>12}")  # fmt: skip
    for kind, record in sorted(crowd.records.items()):
        verdict = verdicts.get(kind, {"kept": len(record.acknowledged), "lost": [], "doubled": [], "half": []})
        counts = [len(verdict[name]) for name in ("lost", "doubled", "half")] + [len(record.wrong)]
        is_well &= not any(counts)
        lost, doubled, half, wrong = counts
        print(f"{kind:22}{record.tried:>8,}{len(record.acknowledged):>14,}{verdict['kept']:>8,}{lost:>6}{doubled:>9}"
              f"{half:>11}{wrong:>13}{record.answers['503']:>6,}{record.answers['no answer']:>12,}")  # fmt: skip
    _print_by_fault(crowd, verdicts)
    for kind, verdict in verdicts.items():
        for name in ("lost", "doubled", "half"):
            for one in verdict[name][:10]:
                is_well = False
                print(f"{kind}, {name}: {one}")
        if verdict.get("removed"):
            print(
                f"{kind}: {verdict['removed']} files of what broke off, removed as `leftovers --remove` does when they are old"
            )
        if verdict.get("repeated"):
            print(f"{kind}: {verdict['repeated']} sent again under the same Message-ID")
    for kind, record in crowd.records.items():
        for wrong in record.wrong[:10]:
            print(f"{kind}, answered: {wrong}")
    for broken in crowd.broken:
        is_well = False
        print(f"broke off: {broken}")
    for what, seconds, failed in proof.back:
        print(f"after {what}: first page in {seconds:.2f} s, {failed} requests failed before it")
    for skipped in proof.skipped:
        print(f"NOT PROVED: {skipped}")
    print("Nothing is lost, doubled or half done." if is_well else "FAILED")
    return is_well


def _print_by_fault(crowd: Crowd, verdicts: dict[str, Any]) -> None:
    """Print the same counts by the fault that was last caused before something was acknowledged."""
    acknowledged, lost = Counter[str](), Counter[str]()
    for kind, record in crowd.records.items():
        acknowledged.update(one["fault"] for one in record.acknowledged)
        lost.update(record.acknowledged[place]["fault"] for place in verdicts.get(kind, {}).get("lost_at", ()))
    print(f"\n{'broken':22}{'acknowledged':>22}{'kept':>8}{'lost':>6}{'503':>39}{'unanswered':>12}")
    for fault, answers in crowd.faults.items():
        kept = acknowledged[fault] - lost[fault]
        print(f"{fault:22}{acknowledged[fault]:>22,}{kept:>8,}{lost[fault]:>6}{answers['503']:>39,}"
              f"{answers['no answer']:>12,}")  # fmt: skip
    print()


def main() -> int:
    parser = argparse.ArgumentParser(prog="./go prove faults", description=__doc__.partition("\n\n")[0])
    parser.add_argument("faults", nargs="*", metavar="FAULT", help=f"only these: {', '.join(Proof.FAULTS)}")
    parser.add_argument("--quick", action="store_true", help="each fault for a few seconds, with a less patient worker")
    given = parser.parse_args()
    if unknown := set(given.faults) - set(Proof.FAULTS):
        parser.error(f"there is no fault {', '.join(sorted(unknown))}")
    VAR.mkdir(parents=True, exist_ok=True)
    for log in VAR.glob("*.log"):
        log.unlink()
    place = Path(tempfile.mkdtemp(prefix="quality-faults-"))
    place.chmod(0o755)
    disk = Disk(place)
    try:
        with running_cluster(VAR / "postgresql", SERVER) as cluster:
            site = Site(cluster, VAR, disk, quick=given.quick)
            try:
                return prove(site, given.faults or list(Proof.FAULTS))
            finally:
                site.drop_database()
    except NoPostgreSQL as missing:
        print(missing, file=sys.stderr)
        return 1
    finally:
        disk.unmount()
        shutil.rmtree(place, ignore_errors=True)


def prove(site: Site, faults: list[str]) -> int:
    print("Laying the ground", file=sys.stderr, flush=True)
    ground = site.create_database()
    crowd = Crowd(site.port)
    with MailServer(site.mail_port) as mail:
        try:
            site.start()
            proof = Proof(site, crowd, mail, ground, quick=site.quick)
            proof.run(faults)
        finally:
            crowd.has_ended.set()
            site.end()
        acknowledged = {kind: record.acknowledged for kind, record in crowd.records.items()}
        judged = subprocess.run(
            [sys.executable, "-m", "tests.faults.judging"],
            input=json.dumps({"acknowledged": acknowledged, "taken": mail.taken}),
            check=False, cwd=ROOT, env=site.environment, capture_output=True, text=True,
        )  # fmt: skip
    if judged.returncode:
        print(judged.stderr, file=sys.stderr)
        return 1
    is_well = print_verdicts(proof, json.loads(judged.stdout.splitlines()[-1]))
    return 0 if is_well else 1


if __name__ == "__main__":
    sys.exit(main())
