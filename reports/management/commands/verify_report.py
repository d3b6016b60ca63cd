from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from evaluation.engine.scoring import ENGINE
from evaluation.recomputation.strict_json import Unreadable, read_canonical
from reports.result.recomputation import NotAResult, Recomputed, recompute

UNUSABLE = 2


class Command(BaseCommand):
    help = (
        "Compute a published result again from its file and compare. It asks no database. "
        "Ends with 0 when everything is equal, 1 when something differs, 2 when the file cannot be used."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the JSON file from the hotline’s public page")
        parser.add_argument("--sha256", metavar="DIGEST", help="the digest that stands beside the file on that page")

    def handle(self, *args: Any, file: Path, sha256: str | None, **options: Any) -> None:
        try:
            data = read_canonical(file)
            found = recompute(data)
        except Unreadable as unreadable:
            raise CommandError("\n".join(unreadable.problems), returncode=UNUSABLE) from unreadable
        except NotAResult as unusable:
            raise CommandError(f"{file.name}: {unusable}", returncode=UNUSABLE) from unusable
        self._describe(data, found)
        differing = [f"{d.path}: published {d.published}, recomputed {d.recomputed}" for d in found.differences]
        if sha256 is not None and sha256.strip().lower() != found.sha256:
            differing.append(f"sha256: on the page {sha256}, in the file {found.sha256}")
        if differing:
            raise CommandError("\n".join([*differing, _how_many(len(differing))]), returncode=1)
        self.stdout.write(_conclude(len(found.taken)), self.style.SUCCESS)

    def _describe(self, data: dict[str, Any], found: Recomputed) -> None:
        decision = data["decision"]
        self.stdout.write(
            f"{data['hotline'].get('code')}, {data['round'].get('name')}, edition {data['edition'].get('code')}"
        )
        self.stdout.write(f"decision: {decision.get('outcome')}, proposed: {decision.get('proposal')}")
        for part, count in found.compared.items():
            self.stdout.write(f"compared {part}: {count} {'value' if count == 1 else 'values'}")
        if not found.is_by_this_engine:
            self.stdout.write(
                f"The file was made by engine {found.engine}, this is engine {ENGINE}: "
                "where they differ, ask for the program of that day."
            )
        for taken in found.taken:
            reason = "the count is not published" if len(taken.codes) == 1 else "the counts are not published"
            self.stdout.write(f"{taken.path} ({', '.join(taken.codes)}): cannot be recomputed: {reason}")


def _conclude(taken: int) -> str:
    if not taken:
        return "recomputed: equal"
    return f"recomputed: equal, with {taken} {'value' if taken == 1 else 'values'} that cannot be recomputed"


def _how_many(count: int) -> str:
    return "recomputed: 1 difference" if count == 1 else f"recomputed: {count} differences"
