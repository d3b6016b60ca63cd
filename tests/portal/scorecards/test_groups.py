"""Groups of domains on pages, in the report and in the files: headings above their domains, each with its score."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from evaluation.engine.improvement.hypothetical import apply_changes
from evaluation.engine.scoring import score
from evaluation.recomputation.explanation import codes_of
from evaluation.scorecards import read_result
from portal.scorecards.sandbox import Sandbox, compare
from reports.document import Document, compose, write_document
from reports.fact_reader import read_rule_texts
from reports.language import GettextLocale
from reports.preview import reduce_framework
from reports.result.export import publish_result, write_file
from reports.result.recomputation import recompute
from standards.framework import (
    Aggregation,
    Condition,
    Framework,
    Group,
    Method,
    Test,
    Wording,
    find_problems,
)
from standards.models import Texts
from tests.evaluation.edition_results import GATE, run
from tests.factories import released_edition
from tests.reports.small_report import EVIDENCE, small_facts
from tests.small_edition import SMALL, wording_of
from tests.stage import Stage

GROUPED = replace(SMALL, code="T9", groups=(Group("G1", ("D1", "D3")), Group("G2", ("D9",), 2)))
LOWEST = replace(GROUPED, rule=replace(GROUPED.rule, aggregation=Aggregation(group=Method.LOWEST, of_groups=True)))


def words_of(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


@pytest.mark.parametrize("framework", [GROUPED, LOWEST])
def test_the_editions_of_these_tests_are_sound(framework: Framework) -> None:
    assert list(find_problems(framework)) == []


@pytest.mark.django_db
def test_the_scorecard_has_a_heading_with_a_score_above_the_domains_of_a_group(
    client: Client, sign_in: Callable[..., Client]
) -> None:
    stage = Stage("response", framework=LOWEST)
    mce, uid = sign_in(client, stage.people.mce), stage.evaluation.uid
    page = words_of(mce.get(reverse("workspace:scorecard", args=[uid])).content.decode())
    places = [page.index(f" {code} {code} ") for code in ("G1", "D1")] + [page.index(" G2 G2 (en) ")]
    assert places == sorted(places)
    overview = words_of(mce.get(reverse("workspace:evaluation", args=[uid])).content.decode())
    assert "G1 (en) D1 D1 title (en)" in overview
    answers = words_of(mce.get(reverse("workspace:answers", args=[uid, "3.1"])).content.decode())
    assert "G1 (en) D3 D3 title (en)" in answers
    why = words_of(mce.get(reverse("workspace:why", args=[uid, "G1"])).content.decode())
    assert "A group stands where the lowest of its domains stands." in why
    assert "The lowest of them" in why
    assert "Score times weight" not in why
    whole = words_of(mce.get(reverse("workspace:why", args=[uid, "overall"])).content.decode())
    assert "The overall score is the mean of the groups of domains, each by its own weight." in whole
    domain = words_of(mce.get(reverse("workspace:why", args=[uid, "D3"])).content.decode())
    assert "Part of G1 G1 (en) Overall" in domain
    assert mce.get(reverse("workspace:why", args=[uid, "G3"])).status_code == 404


@pytest.mark.django_db
def test_a_group_whose_domains_stand_apart_has_one_anchor_and_is_no_part_of_the_whole(
    client: Client, sign_in: Callable[..., Client]
) -> None:
    apart = replace(SMALL, code="T8", groups=(Group("G1", ("D1", "D9")), Group("G2", ("D3",))))
    stage = Stage("response", framework=apart)
    mce, uid = sign_in(client, stage.people.mce), stage.evaluation.uid
    page = mce.get(reverse("workspace:scorecard", args=[uid])).content.decode()
    assert (page.count('class="domain-group"'), page.count('id="why-G1"')) == (3, 1)
    why = words_of(mce.get(reverse("workspace:why", args=[uid, "G1"])).content.decode())
    assert "No condition of the rule looks at it." in why
    assert "Part of" not in why


@pytest.mark.django_db
def test_what_if_compares_the_scores_of_groups_once_each() -> None:
    apart = replace(SMALL, code="T8", groups=(Group("G1", ("D1", "D9")), Group("G2", ("D3",))))
    source = Wording(wording_of(apart))
    before = score(apart, EVIDENCE)
    after = apply_changes(apart, before, {"1.1.2": 3})
    sandbox = Sandbox(apart, Texts("en", source, "en", source), before, after, {"1.1.2": 3}, str)
    pairs = compare(sandbox, "").domains
    assert [(pair.code, pair.is_group) for pair in pairs] == [
        ("G1", True),
        ("D1", False),
        ("G2", True),
        ("D3", False),
        ("D9", False),
    ]
    assert [pair.code for pair in pairs if pair.is_changed] == ["G1", "D1"]


@pytest.mark.django_db
def test_what_is_published_has_them_and_is_recomputed_with_them(client: Client) -> None:
    stage = Stage("published", framework=GROUPED)
    country = stage.hotline.country
    page = words_of(client.get(reverse("pages:hotline", args=[country])).content.decode())
    assert re.search(r"G1 \(en\) [\d.]+ % D1 title \(en\)", page)
    why = words_of(client.get(reverse("pages:why", args=[country, "G2"])).content.decode())
    assert "A group is the mean of its domains." in why
    data = json.loads(write_file(publish_result(stage.decision)))
    assert [group["code"] for group in data["scorecard"]["groups"]] == ["G1", "G2"]
    assert recompute(data).differences == ()
    data["scorecard"]["groups"][0]["ratio"] = "1/7"
    assert [found.path for found in recompute(data).differences][:1] == ["scorecard.groups[0].ratio"]
    assert read_result(stage.scorecard).groups[0].ratio is not None


@pytest.mark.django_db
def test_the_contents_of_the_guide_have_a_heading_for_each_group(client: Client) -> None:
    released_edition(GROUPED)
    for name in ("guide_edition", "guide_whole"):
        page = client.get(reverse(f"pages:{name}", args=["T9"])).content.decode()
        plain = words_of(page)
        assert plain.index("G1 (en)") < plain.index("D1 D1 title (en)") < plain.index("G2 (en)")
        assert plain.index("G2 (en)") < plain.index("D9 D9 title (en)")
        assert page.count('class="domain-group"') >= 2


# --- The report -------------------------------------------------------------------------------------------------------


def document_of(framework: Framework) -> Document:
    card = score(framework, EVIDENCE)
    source = Wording(wording_of(framework))
    texts = Texts("en", source, "en", source)
    facts = small_facts()
    facts = replace(
        facts,
        framework=framework,
        scorecard=replace(facts.scorecard, card=card),
        rule_texts=read_rule_texts(framework, card, texts, "en"),
    )
    return compose(facts, texts, GettextLocale("en"))


def test_the_report_has_their_scores_above_those_of_their_domains() -> None:
    domains = document_of(GROUPED).domains
    card = score(GROUPED, EVIDENCE)
    rows = [(part.code, part.group and (part.group.code, str(part.group.title))) for part in domains]
    assert rows == [("D1", ("G1", "G1 (en)")), ("D3", None), ("D9", ("G2", "G2 (en)"))]
    assert domains[2].group
    assert domains[2].group.score == domains[2].score
    assert card.groups[1].ratio == card.domains[2].ratio
    written = write_document(document_of(GROUPED))
    assert [("group" in part) for part in written["domains"]] == [True, False, True]
    assert not any("group" in part for part in write_document(document_of(SMALL))["domains"])


def with_conditions(*conditions: Condition) -> Framework:
    deferred, accredited, *others = GROUPED.rule.outcomes
    outcomes = (deferred, replace(accredited, conditions=conditions), *others)
    return replace(GROUPED, rule=replace(GROUPED.rule, outcomes=outcomes))


def test_the_report_names_the_group_that_is_short() -> None:
    each = document_of(with_conditions(Condition(Test.GROUPS, percent=95))).summary
    assert [(one.code, str(one.text)) for one in each.unmet_conditions] == [("G1", "G1 (en)"), ("G2", "G2 (en)")]
    assert each.unmet_conditions[0].reason.endswith("Each group of domains needs 95\u00a0%.")
    assert str(each.finding) == "2 groups of domains are short of what the Guide asks"
    one = document_of(with_conditions(Condition(Test.SCORE, percent=95, group="G2"))).summary
    assert [(found.code, str(found.text)) for found in one.unmet_conditions] == [("G2", "G2 (en)")]
    some = document_of(with_conditions(Condition(Test.GROUPS, percent=95, count=2))).summary
    assert [found.code for found in some.unmet_conditions] == ["All"]


def test_a_preview_of_one_domain_leaves_the_groups_out() -> None:
    reduced = reduce_framework(LOWEST, {"1.1.1"})
    assert (reduced.groups, reduced.rule.aggregation.of_groups) == ((), False)
    assert score(reduced, EVIDENCE).overall is not None


# --- The command ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "sentence", "term"),
    [
        ("mean", "A group is the mean of its domains.", ", weight 1, brings 0 of 1"),
        ("lowest", "A group stands where the lowest of its domains stands.", ", the lowest"),
    ],
)
def test_the_command_prints_and_explains_a_group(tmp_path: Path, method: str, sentence: str, term: str) -> None:
    edition = tmp_path / "edition"
    (edition / "domains").mkdir(parents=True)
    for path in [GATE / "edition.toml", *(GATE / "domains").iterdir()]:
        (edition / path.relative_to(GATE)).write_text(path.read_text("utf-8"), "utf-8")
    title = edition / "edition.toml"
    words = title.read_text("utf-8")
    assert "[aggregation]" in words
    words = words.replace("[aggregation]", f'[aggregation]\ngroup = "{method}"')
    codes = ", ".join(f'"{code}"' for code in re.findall(r'^code = "(D\d)"', _domains(edition), re.MULTILINE))
    title.write_text(f'{words}\n[[groups]]\ncode = "G1"\nname = "Safety first"\ndomains = [{codes}]\n', "utf-8")
    found = tmp_path / "found.json"
    found.write_text(json.dumps({"1.1.1": {"level": 2}}), "utf-8")
    printed, _notes = run(edition, found)
    assert "Groups of domains" in printed
    why = run(edition, found, "--why", "G1")[0]
    assert why[0].startswith("Group G1 Safety first: ")
    assert why[1].startswith(f"  {sentence}")
    assert sum(line.endswith(term) for line in why) == (1 if method == "lowest" else 2)
    assert "G1" in codes_of(GROUPED)


def _domains(edition: Path) -> str:
    return "\n".join(path.read_text("utf-8") for path in (edition / "domains").iterdir())
