"""The published file of a decision, from stored data. It is the same until the state of a condition changes."""

import json
from typing import Any

from evaluation.models import Decision
from evaluation.scorecards import read_payload
from reports.public_version import conditions_for_public
from reports.result.published_file import Condition, Decided, Examined, Hotline, Result, write_result
from standards.framework import canonical, write_framework
from standards.models import Edition


def publish_result(decision: Decision) -> dict[str, Any]:
    """Return the content of a decision's file. The caller checks whether it may be published."""
    evaluation, stored = decision.evaluation, decision.scorecard
    payload, round_ = read_payload(stored), evaluation.round
    return write_result(
        Result(
            hotline=Hotline(evaluation.hotline.code, evaluation.hotline.is_invented),
            examined=Examined(round_.name, round_.figures_from, round_.figures_until),
            framework=round_.edition.framework,
            structure=_structure(round_.edition),
            evidence=payload.evidence,
            card=payload.card,
            decided=Decided(
                kind=decision.kind,
                outcome=decision.outcome,
                departs=decision.departs,
                decided_on=decision.decided_on,
                valid_until=decision.valid_until,
                conditions=tuple(
                    Condition(one.text, one.due_on, one.state)
                    for one in conditions_for_public(decision, round_.edition.source_language)
                ),
            ),
            scorecard_sha256=stored.sha256,
            inputs_sha256=stored.input_digest,
        )
    )


def _structure(edition: Edition) -> dict[str, Any]:
    """Return the structure as it was released. It is read from the database only if it has an older canonical form."""
    framework = edition.framework
    return write_framework(framework) if framework.digest == edition.sha256 else json.loads(edition.structure)


def write_file(data: dict[str, Any]) -> str:
    """Return the text of the file: canonical JSON and an end of line."""
    return f"{canonical(data)}\n"
