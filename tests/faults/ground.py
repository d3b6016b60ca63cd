"""The initial data of the proof in a migrated database; prints sessions and addresses as JSON."""

import json
import sys
from pathlib import Path
from typing import Any

import django

EDITIONS = Path(__file__).parents[1] / "standards" / "editions"
WRITERS, DECIDED, SENDERS = 4, 12, 4
LANGUAGES = ("en", "fr", "pl")
RELEASES = ("everything", "essential_gate", "partials", "stars", "tiers")
"""The editions of which one is released during each fault."""


def _sign_in(user: Any) -> str:
    from django.test import Client

    from tests.conftest import open_session

    return open_session(Client(), user).session.session_key


def _writer(number: int) -> dict[str, Any]:
    """Create a coordinator with a password and an evaluation to answer. Return the data that a simulated user needs."""
    from django.urls import reverse

    from evaluation.models import Role
    from tests import factories

    evaluation = factories.evaluation_of()
    user = factories.person(Role.COORDINATOR, hotline=evaluation.hotline, password=factories.PASSWORD)
    framework = evaluation.framework
    codes = [code for code, indicator in framework.indicators.items() if indicator.measure == "scale"]
    standards = {code: framework.standard_of[code].code for code in codes}
    return {
        "name": f"writer {number}",
        "email": user.email,
        "password": factories.PASSWORD,
        "evaluation": evaluation.pk,
        "page": reverse("workspace:answers", args=[evaluation.uid, standards[codes[0]]]),
        "save": {c: reverse("workspace:save_answer", args=[evaluation.uid, standards[c], c]) for c in codes},
        "attach": {c: reverse("workspace:add_evidence", args=[evaluation.uid, c]) for c in codes},
    }


def _mover() -> dict[str, Any]:
    """Create an evaluation that can be submitted.

    Return it with the sessions of the users who submit it and send it back.
    """
    from django.urls import reverse

    from tests.stage import Stage

    stage = Stage.minimal("self_assessment")
    moves = {"submit": stage.coordinator, "send_back": stage.people.mce}
    return {
        "uid": str(stage.evaluation.uid),
        "moves": [(name, _sign_in(user)) for name, user in moves.items()],
        "address": {
            "submit": reverse("workspace:declaration", args=[stage.evaluation.uid]),
            "send_back": reverse("workspace:move", args=[stage.evaluation.uid, "send_back"]),
        },
    }


def _sender(number: int) -> dict[str, Any]:
    from datetime import timedelta

    from django.utils import timezone

    from evaluation.figures.intake.api_keys import make_key
    from evaluation.models import Role
    from tests import factories

    hotline = factories.HotlineFactory()
    user = factories.person(Role.COORDINATOR, hotline=hotline)
    _key, token = make_key(hotline, f"system {number}", timezone.localdate() + timedelta(days=30), by=user)
    return {"hotline": hotline.code, "token": token}


def _report(evaluation: Any) -> str:
    from django.urls import reverse

    return reverse("workspace:report", args=[evaluation.uid])


def create_all() -> dict[str, Any]:
    from django.core.management import call_command
    from django.urls import reverse

    from evaluation.models import Role
    from standards.editions.page_loader import load_guide
    from standards.editions.release import prepare
    from standards.models import EditionWording
    from tests import factories
    from tests.stage import Stage

    call_command("createcachetable", verbosity=0)
    to_release = [load_guide(EDITIONS / name).page for name in RELEASES]
    editor, mce = factories.person(Role.GUIDE_EDITOR), factories.person(Role.MCE_COORDINATOR)
    decided = [Stage.minimal("decided").evaluation for _ in range(DECIDED)]
    source = EditionWording.objects.get(edition=decided[0].round.edition, language="en")
    for language in LANGUAGES[1:]:
        EditionWording.objects.create(
            edition=source.edition, language=language, payload=source.payload, sha256=source.sha256
        )
    return {
        "writers": [_writer(number) for number in range(WRITERS)],
        "senders": [_sender(number) for number in range(SENDERS)],
        "mce": _sign_in(mce),
        "editor": _sign_in(editor),
        "reports": [_report(evaluation) for evaluation in decided],
        "releases": [
            {
                "code": page.code,
                "address": reverse("release_edition", args=[page.pk]),
                "shown": prepare(page).previewed.as_text(),
            }
            for page in to_release
        ],
        "invite": reverse("workspace:invite"),
        "people": reverse("workspace:people"),
    }


def create_writers() -> dict[str, Any]:
    """Create the data of `./go prove kill`: two users who save answers, and an evaluation to submit and send back."""
    from django.core.management import call_command

    call_command("createcachetable", verbosity=0)
    return {"writers": [_writer(number) for number in range(2)], "mover": _mover()}


if __name__ == "__main__":
    django.setup()
    print(json.dumps(create_writers() if "writers" in sys.argv else create_all()))
