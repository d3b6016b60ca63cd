import json
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from evaluation.engine.scoring import Evidence, score, write_scorecard
from evaluation.recomputation.explanation import describe_reasons
from evaluation.recomputation.figures import read_figures
from evaluation.recomputation.findings import Findings, find_unused, read_findings
from evaluation.recomputation.sentences import ResultFormatter, describe_plan, describe_result
from evaluation.recomputation.strict_json import Unreadable
from standards.drafts.fields import write_texts
from standards.drafts.frameworks import draft_framework
from standards.editions.files import read_edition
from standards.framework import Framework, MalformedEdition


class Command(BaseCommand):
    help = (
        "Score findings against the files of an edition. It asks no database, so that anybody can recompute a result."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "edition", type=Path, help="the folder of an edition, such as fixtures/practical_guide/2026"
        )
        parser.add_argument(
            "findings",
            type=Path,
            help="a JSON object: each code with a “level”, a “value”, “not_applicable” or “not_seen” (with the reason); "
            "what is absent is missing. Or an object with “answers” (the hotline’s) and “findings” (the assessors’), each such an object",
        )
        parser.add_argument("--figures", type=Path, help="the statistics: an export file (CSV), or JSON item: number")
        parser.add_argument("--on", type=_day, metavar="DAY", help="ask what is in force on this day, as 2026-03-02")
        parser.add_argument(
            "--trait",
            action="append",
            default=[],
            metavar="TRAIT",
            help="a trait that the hotline has; may be repeated",
        )
        parser.add_argument("--json", action="store_true", help="print the whole scorecard as JSON")
        parser.add_argument(
            "--why", metavar="CODE", help="print why an indicator, standard, domain, outcome or overall is so"
        )
        parser.add_argument(
            "--target", metavar="OUTCOME", help="print the smallest set of improvements that reaches it"
        )

    def handle(self, *args: Any, edition: Path, findings: Path, **options: Any) -> None:
        try:
            text = read_edition(edition)
            framework = draft_framework(text)
            found = read_findings(findings, framework)
            figures = options["figures"]
            totals = read_figures(figures, max_bytes=settings.STATISTICS_MAX_BYTES) if figures else {}
            traits = tuple(_find_traits(options["trait"], framework))
            evidence = Evidence(found.answers, found.findings, totals, on=options["on"], traits=traits)
            formatter = ResultFormatter(framework, write_texts(text), evidence, score(framework, evidence))
            lines = list(self._describe(formatter, **options))
        except (MalformedEdition, Unreadable) as malformed:
            raise CommandError("\n".join(malformed.problems), returncode=2) from malformed
        for line in lines:
            self.stdout.write(line)
        self._note(findings, found, framework)

    def _describe(
        self, formatter: ResultFormatter, *, json: bool, why: str | None, target: str | None, **options: Any
    ) -> Any:
        if target is not None and target not in formatter.framework.outcome_codes:
            codes = ", ".join(formatter.framework.outcome_codes)
            raise Unreadable([f"--target {target}: The edition has no such outcome. Write one of: {codes}."])
        if json and (why or target):
            raise Unreadable(["--json prints the whole scorecard. Ask for --why and --target without it."])
        if json:
            return [_as_json(formatter)]
        if why is None and target is None:
            return describe_result(formatter)
        return [
            *(describe_reasons(formatter, why) if why else ()),
            *(describe_plan(formatter.for_outcome(target), target) if target else ()),
        ]

    def _note(self, path: Path, found: Findings, framework: Framework) -> None:
        for note in (*found.notes, *(f"{path.name}, {note}" for note in find_unused(found, framework))):
            self.stderr.write(f"Note: {note}", self.style.WARNING)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"“{text}” is no day. Write one such as 2026-03-02.") from error


def _find_traits(codes: list[str], framework: Framework) -> list[str]:
    """Return the distinct traits of the options. Raises Unreadable for a trait that the edition does not have."""
    for code in codes:
        if code not in framework.traits:
            known = f"Write one of: {', '.join(framework.traits)}." if framework.traits else "It names none."
            raise Unreadable([f"--trait {code}: The edition has no such trait. {known}"])
    return list(dict.fromkeys(codes))


def _as_json(formatter: ResultFormatter) -> str:
    card = formatter.card
    whole = {"outcome": card.proposal.outcome, "months": card.proposal.months, **write_scorecard(card)}
    return json.dumps(whole, ensure_ascii=False, indent=2)
