"""A further result on pages, in the report and in the files: next to the decision, which it does not change."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from evaluation.engine.scoring import score
from evaluation.scorecards import read_result
from reports.document import compose
from reports.fact_reader import read_rule_texts
from reports.language import GettextLocale
from reports.result.export import publish_result, write_file
from reports.result.recomputation import recompute
from standards.framework import Condition, Outcome, Result, Test, Wording, find_problems
from standards.framework.asking import read_askings
from standards.models import Texts
from tests.evaluation.edition_results import GATE, run
from tests.factories import released_edition
from tests.reports.small_report import EVIDENCE, small_facts
from tests.small_edition import SMALL, wording_of
from tests.stage import Stage

SEAL = Result(
    "seal",
    (Outcome("sealed", 12, (Condition(Test.EVERY, codes=("9.1.2",), level=3),)), Outcome("unsealed", 0)),
)
SEALED = replace(SMALL, code="T8", results=(SEAL,))


def words_of(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def test_the_edition_of_these_tests_is_sound() -> None:
    assert list(find_problems(SEALED)) == []


@pytest.mark.django_db
def test_the_scorecard_shows_it_beside_the_proposal(client: Client, sign_in: Callable[..., Client]) -> None:
    stage = Stage("response", framework=SEALED)
    card = read_result(stage.scorecard)
    assert card.by_result["seal"].proposal.outcome == "sealed"
    mce, uid = sign_in(client, stage.people.mce), stage.evaluation.uid
    page = words_of(mce.get(reverse("workspace:scorecard", args=[uid])).content.decode())
    assert "seal (en)" in page
    assert "Why “sealed (en)”" in page
    assert "Found from the same answers, beside the decision, which it does not change." in page
    why = words_of(mce.get(reverse("workspace:why", args=[uid, "outcome/unsealed"])).content.decode())
    assert "sealed (en)" in why
    assert "Accredited with conditions (en)" not in why, "only the outcomes of the same result are tested with it"
    assert mce.get(reverse("workspace:why", args=[uid, "outcome/nothing"])).status_code == 404
    number = words_of(mce.get(reverse("workspace:why", args=[uid, "9.1.2"])).content.decode())
    assert "sealed (en)" in number, "its conditions are among those that the number decides"


@pytest.mark.django_db
def test_the_panel_is_offered_the_outcomes_of_the_decision_only(client: Client, sign_in: Callable[..., Client]) -> None:
    stage = Stage("decision", framework=SEALED, votes=0)
    page = sign_in(client, stage.people.panel).get(reverse("workspace:deliberation", args=[stage.evaluation.uid]))
    assert 'value="accredited"' in page.content.decode()
    assert 'value="sealed"' not in page.content.decode()


@pytest.mark.django_db
def test_what_is_published_shows_it_and_is_recomputed_with_it(client: Client) -> None:
    stage = Stage("published", framework=SEALED)
    page = words_of(client.get(reverse("pages:hotline", args=[stage.hotline.country])).content.decode())
    assert "seal (en) sealed (en)" in page
    data = json.loads(write_file(publish_result(stage.decision)))
    assert data["scorecard"]["results"][0]["code"] == "seal"
    assert recompute(data).differences == ()
    data["scorecard"]["results"][0]["outcomes"][0]["checks"][0]["holds"] = False
    assert [found.path for found in recompute(data).differences][:1] == [
        "scorecard.results[0].outcomes[0].checks[0].holds"
    ]


@pytest.mark.django_db
def test_the_guide_shows_its_rule_and_of_whom_indicators_are_asked(client: Client) -> None:
    framework = replace(
        SEALED,
        traits=("own_number",),
        domains=(
            replace(
                SEALED.domains[0],
                standards=(
                    replace(
                        SEALED.domains[0].standards[0],
                        indicators=(
                            replace(SEALED.domains[0].standards[0].indicators[0], asked_if=read_askings("own_number")),
                        ),
                    ),
                ),
            ),
            *SEALED.domains[1:],
        ),
    )
    released_edition(framework)
    page = words_of(client.get(reverse("pages:guide_whole", args=["T8"])).content.decode())
    assert "seal (en) Found from the same answers, beside the decision, which it does not change. sealed (en)" in page
    assert "9.1.2: Every indicator reaches level 3 (3 (en)) or better." in page
    assert "Asked only if the hotline has the trait “own_number (en)”." in page


def test_the_report_has_its_outcome_its_conditions_and_its_rule() -> None:
    card = score(SEALED, EVIDENCE)
    source = Wording(wording_of(SEALED))
    texts = Texts("en", source, "en", source)
    facts = small_facts()
    facts = replace(
        facts,
        framework=SEALED,
        scorecard=replace(facts.scorecard, card=card),
        rule_texts=read_rule_texts(SEALED, card, texts, "en"),
    )
    (shown,) = compose(facts, texts, GettextLocale("en")).appendix.results
    assert (str(shown.name), str(shown.outcome), shown.outcome_kind) == ("seal (en)", "unsealed (en)", "not_accredited")
    assert [gate.is_met for gate in shown.gates] == [False]
    assert [str(outcome.name) for outcome in shown.rule] == ["sealed (en)", "unsealed (en)"]


def test_the_command_prints_and_explains_it(tmp_path: Path) -> None:
    edition = tmp_path / "edition"
    (edition / "domains").mkdir(parents=True)
    for path in [GATE / "edition.toml", *(GATE / "domains").iterdir()]:
        (edition / path.relative_to(GATE)).write_text(path.read_text("utf-8"), "utf-8")
    with (edition / "edition.toml").open("a", encoding="utf-8") as title:
        title.write('\n[[outcomes]]\ncode = "sealed"\nname = "Sealed"\nmonths = 12\nresult = "seal"\n')
        title.write('conditions = [{ test = "every", codes = ["1.1.1"], level = 3 }]\n')
        title.write(
            '\n[[outcomes]]\ncode = "unsealed"\nname = "Not sealed"\nmonths = 0\nresult = "seal"\nconditions = []\n'
        )
        title.write('\n[[results]]\ncode = "seal"\nname = "Seal of safety"\n')
    found = tmp_path / "found.json"
    found.write_text(json.dumps({"1.1.1": {"level": 2}}), "utf-8")
    lines, _notes = run(edition, found)
    assert "Seal of safety (seal): unsealed (Not sealed)" in lines
    assert "  sealed (Sealed, 12 months): does not hold" in lines
    assert run(edition, found, "--why", "sealed")[0][0] == "Outcome sealed (Sealed, 12 months)"
    assert any("1.1.1" in line for line in run(edition, found, "--target", "sealed")[0])
    checked = StringIO()
    call_command("check_edition", str(edition), stdout=checked)
    assert "Outcome sealed, for example:" in checked.getvalue()
