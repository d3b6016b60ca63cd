"""A release: complete or refused, with the same digest for the same content, and rows that nobody changes."""

import json
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone, translation
from wagtail.models import PageLogEntry

from evaluation.models import User
from standards.drafts import frameworks
from standards.editions.next_edition import begin_edition
from standards.editions.page_loader import load_guide
from standards.editions.previewed import content_digest
from standards.editions.release import AlreadyReleased, prepare, release
from standards.framework import Framework, MalformedEdition, canonical, digest, parse_wording, write_framework
from standards.models import (
    DomainPage,
    Edition,
    EditionPage,
    EditionWording,
    GuideCondition,
    GuideObligation,
    GuidePassing,
    IndicatorPage,
    StandardPage,
)
from tests.bystander import new
from tests.standards.conftest import SAMPLE, is_as_released

pytestmark = [pytest.mark.django_db, pytest.mark.everywhere]


def problems_of(page: EditionPage) -> list[str]:
    with pytest.raises(MalformedEdition) as caught:
        release(page)
    assert new(Edition).count() == new(EditionWording).count() == 0
    return caught.value.problems


# --- What is frozen -------------------------------------------------------------------------------------------------


def test_a_release_freezes_structure_and_source_wording_with_their_digests(released: Edition) -> None:
    wording = released.wordings.get()
    assert (released.code, released.source_language, released.is_sample) == ("small", "en", True)
    assert released.sha256 == digest(released.structure)
    assert (wording.language, wording.sha256) == ("en", digest(wording.payload))
    assert released.structure == canonical(write_framework(released.framework))
    assert list(released.framework.indicators) == ["1.1.1", "1.1.2", "1.2.1", "2.1.1"]


def test_the_wording_has_every_text_and_the_extra_ones(released: Edition) -> None:
    texts = parse_wording(released.wordings.get().payload)
    extra = {"introduction", "sample_notice"}
    extra |= {f"domain/{code}/introduction" for code in ("D1", "D2")}
    extra |= {f"standard/{code}/introduction" for code in ("1.1", "1.2", "2.1")}
    assert set(texts) == set(released.framework.text_paths()) | extra
    assert texts["indicator/1.2.1/level/no"] == "The rota has gaps"
    assert texts["outcome/not_accredited"] == "Not accredited"


def test_the_digest_is_the_same_whenever_and_wherever_the_edition_is_loaded(
    loaded: EditionPage, folder: object
) -> None:
    first = prepare(loaded).sha256
    for page in DomainPage.objects.descendant_of(loaded):
        page.delete()
    assert prepare(load_guide(folder).page).sha256 == first


def test_the_digest_of_the_sample_is_known() -> None:
    draft = prepare(load_guide(SAMPLE).page)
    assert len(draft.framework.indicators) == 124
    assert draft.sha256 == digest(canonical(json.loads(draft.structure)))
    assert draft.sha256.startswith("9d14aceebe7a7b50")


def test_who_released_it_stands_in_the_log(loaded: EditionPage) -> None:
    user = User.objects.create(email="editor@example.org", name="An editor")
    edition = release(loaded, user=user)
    entry = PageLogEntry.objects.get(action="standards.release")
    content = content_digest(edition.sha256, edition.wordings.get().sha256)
    data = {"sha256": edition.sha256, "content_sha256": content}
    assert (entry.page_id, entry.user_id, entry.data) == (loaded.pk, user.pk, data)


# --- Reasons against a release --------------------------------------------------------------------------------------


def test_a_code_is_released_once(loaded: EditionPage, released: Edition) -> None:
    with pytest.raises(AlreadyReleased) as caught:
        release(loaded)
    assert caught.value.problems == ["Edition small is released already. Begin the next edition to change the Guide."]
    assert new(Edition).count() == 1


def test_a_missing_text_is_named(loaded: EditionPage) -> None:
    IndicatorPage.objects.filter(code="2.1.1").update(level_2=" ", recommendation_text="")
    IndicatorPage.objects.filter(code="1.2.1").update(guidance="")
    assert problems_of(loaded) == [
        "“1.2.1 Open day and night”, guidance: This text is missing. Write it.",
        "“2.1.1 Supervision is held”, level 2: This text is missing. Write it.",
        "“2.1.1 Supervision is held”, text of the recommendation: This text is missing. Write it.",
    ]


def test_a_release_asks_for_no_page_to_be_published_first(loaded: EditionPage, released: Edition) -> None:
    """Unpublished drafts are released as they were last saved, and published on their pages."""
    begun = begin_edition(loaded, code="next", title="The next one")
    domain = DomainPage.objects.child_of(begun).get(code="D2")
    domain.title = "People"
    domain.save_revision()
    standard = StandardPage.objects.descendant_of(begun).get(code="1.2")
    standard.save_revision().publish()
    indicator = IndicatorPage.objects.child_of(standard).get()
    indicator.save_revision().publish()
    indicator.wording = "Open at any hour"
    indicator.save_revision()
    edition = release(begun)
    assert [str(edition.texts("en")[path]) for path in ("title", "domain/D2/title", "indicator/1.2.1/wording")] == [
        "The next one",
        "People",
        "Open at any hour",
    ]
    pages = begun.get_descendants(inclusive=True)
    assert [(page.live, page.has_unpublished_changes) for page in pages] == [(True, False)] * 10
    assert DomainPage.objects.get(pk=domain.pk).title == "People"
    indicator = IndicatorPage.objects.get(pk=indicator.pk)
    assert (indicator.wording, indicator.title) == ("Open at any hour", "Open at any hour")
    assert is_as_released(begun, edition)
    assert is_as_released(loaded, released)


def test_a_release_builds_its_framework_once(loaded: EditionPage, monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[Framework] = []

    def build(**parts: Any) -> Framework:
        built.append(Framework(**parts))
        return built[-1]

    monkeypatch.setattr(frameworks, "Framework", build)
    edition = release(loaded)
    assert [framework.digest for framework in built] == [edition.sha256]


def test_the_drafts_of_the_rule_are_released(loaded: EditionPage) -> None:
    outcomes = list(loaded.outcomes.all())
    outcomes[0].name = "Wait"
    loaded.outcomes, loaded.passing = outcomes, [GuidePassing(test="score", percent="51")]
    loaded.save_revision()
    edition = release(EditionPage.objects.get(pk=loaded.pk))
    assert str(edition.texts("en")[f"outcome/{outcomes[0].code}"]) == "Wait"
    assert [condition.percent for condition in edition.framework.rule.passing] == [51]


def test_a_page_of_a_draft_that_waits_for_a_day_is_released_at_once(loaded: EditionPage) -> None:
    domain = DomainPage.objects.get(code="D2")
    domain.title, domain.go_live_at = "People", timezone.now() + timedelta(days=9)
    domain.save_revision().publish()
    edition = release(EditionPage.objects.get(pk=loaded.pk))
    assert str(edition.texts("en")["domain/D2/title"]) == DomainPage.objects.get(code="D2").title == "People"


def test_a_contradiction_in_the_structure_is_named(loaded: EditionPage) -> None:
    IndicatorPage.objects.filter(code="1.1.2").update(code="1.1.1")
    IndicatorPage.objects.filter(code="2.1.1").update(obligation="essential")
    assert problems_of(loaded) == [
        "“1.1.1 Share of calls given up”, code: The code 1.1.1 stands twice. Each code may stand once in an edition.",
        "“2.1.1 Supervision is held”, may be not applicable: 2.1.1 is essential and may not allow “not applicable”.",
    ]


def test_a_contradiction_in_the_rule_is_named(loaded: EditionPage) -> None:
    GuideObligation.objects.filter(code="core").update(wanted=7)
    GuideCondition.objects.filter(test="domains").update(percent="")
    EditionPage.objects.update(scale_points="1, 0", quorum=0, sample_notice="")
    assert problems_of(loaded) == [
        "“small A small edition”, points: The scale needs 4 points, one for each level from 0 to 3, "
        "never fewer for a better level, and more than 0 for the best.",
        "“small A small edition”, obligation core, level asked for: "
        "The obligation core asks for level 7, which the scale does not have.",
        "“small A small edition”, outcome accredited, condition 2, percentage: The test “domains” needs percent.",
        "“small A small edition”, quorum: The procedure’s “quorum” is 0. Write a number of at least 1.",
        "“small A small edition”, notice on the sample: A sample says that it is one. Write the notice.",
    ]


def test_an_obstacle_knows_the_page_on_which_it_is_mended(loaded: EditionPage) -> None:
    IndicatorPage.objects.filter(code="1.2.1").update(guidance="")
    EditionPage.objects.update(level_1="")
    with pytest.raises(MalformedEdition) as caught:
        prepare(loaded)
    assert [problem.page_id for problem in caught.value.problems] == [
        loaded.pk,
        IndicatorPage.objects.get(code="1.2.1").pk,
    ]


def test_the_problems_are_told_in_the_language_of_the_editor(
    loaded: EditionPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    IndicatorPage.objects.filter(code="2.1.1").update(obligation="essential")
    with translation.override("fr"):
        sentence = "%(code)s est %(obligation)s et doit s’appliquer."
        message = "%(code)s is %(obligation)s and may not allow “not applicable”."
        monkeypatch.setitem(translation.trans_real.catalog()._catalog._catalogs[0], message, sentence)
        (problem,) = problems_of(loaded)
    assert problem.endswith("2.1.1 est essential et doit s’appliquer.")


def test_a_sample_without_a_notice_is_refused(loaded: EditionPage) -> None:
    EditionPage.objects.update(sample_notice="")
    assert problems_of(loaded) == [
        "“small A small edition”, notice on the sample: A sample says that it is one. Write the notice."
    ]


def test_the_commands_release_and_refuse(loaded: EditionPage) -> None:
    output, errors = StringIO(), StringIO()
    call_command("release_guide", "small", stdout=output)
    edition = new(Edition).get()
    assert output.getvalue() == f"Edition small is released: 4 indicators, sha256 {edition.sha256}.\n"
    with pytest.raises(CommandError, match=r"^Edition 2099 was not released\.$"):
        call_command("release_guide", "2099", stderr=errors)
    assert errors.getvalue() == "There is no edition 2099 among the pages. Load or write it first.\n"


# --- Frozen ---------------------------------------------------------------------------------------------------------


def _save_edition(edition: Edition) -> None:
    edition.is_sample = False
    edition.save()


def _save_wording(edition: Edition) -> None:
    wording = edition.wordings.get()
    wording.payload = "{}"
    wording.save()


def _sql(statement: str) -> Callable[[Edition], None]:
    def run(edition: Edition) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, [edition.pk] if "%s" in statement else None)

    return run


_REPLACE = (
    "INSERT OR REPLACE INTO standards_edition (id, code, structure, sha256, source_language, is_sample, released_at) "
    "SELECT {id}, code, '{{}}', sha256, source_language, is_sample, released_at FROM standards_edition WHERE id = %s"
)
ON_SQLITE = {
    "replace an edition by its id": _sql(_REPLACE.format(id="id")),
    "replace an edition by its code": _sql(_REPLACE.format(id="id + 1000")),
    "replace a wording": _sql(
        "INSERT OR REPLACE INTO standards_editionwording (id, edition_id, language, payload, sha256, published_at) "
        "SELECT id, edition_id, language, '{}', sha256, published_at FROM standards_editionwording WHERE edition_id = %s"
    ),
    "replace a wording by its language": _sql(
        "INSERT OR REPLACE INTO standards_editionwording (id, edition_id, language, payload, sha256, published_at) "
        "SELECT id + 1000, edition_id, language, '{}', sha256, published_at FROM standards_editionwording "
        "WHERE edition_id = %s"
    ),
}
ON_POSTGRESQL = {
    "truncate the editions": _sql("TRUNCATE standards_edition CASCADE"),
    "truncate the wordings": _sql("TRUNCATE standards_editionwording CASCADE"),
    "overwrite on conflict": _sql(
        "INSERT INTO standards_edition (id, code, structure, sha256, source_language, is_sample, released_at) "
        "SELECT id, code, '{}', sha256, source_language, is_sample, released_at FROM standards_edition WHERE id = %s "
        "ON CONFLICT (id) DO UPDATE SET structure = EXCLUDED.structure"
    ),
}
EVERYWHERE = {
    "save an edition": _save_edition,
    "save a wording": _save_wording,
    "update the editions": lambda edition: new(Edition).update(structure="{}"),
    "update the wordings": lambda edition: new(EditionWording).update(payload="{}"),
    "delete a wording": lambda edition: edition.wordings.get().delete(),
    "delete the wordings": lambda edition: new(EditionWording).delete(),
    "delete an edition in SQL": _sql("DELETE FROM standards_edition WHERE id = %s"),
    "delete a wording in SQL": _sql("DELETE FROM standards_editionwording WHERE edition_id = %s"),
    "update an edition in SQL": _sql("UPDATE standards_edition SET structure = '{}' WHERE id = %s"),
    "update a wording in SQL": _sql("UPDATE standards_editionwording SET payload = '{}' WHERE edition_id = %s"),
    "update without changing anything": _sql("UPDATE standards_edition SET code = code WHERE id = %s"),
}
STATEMENTS = EVERYWHERE | (ON_SQLITE if connection.vendor == "sqlite" else ON_POSTGRESQL)


@pytest.mark.parametrize("way", STATEMENTS)
def test_a_released_edition_refuses_every_way_of_change(released: Edition, way: str) -> None:
    connection.check_constraints()  # PostgreSQL does not truncate a table while a check of the release is still open
    before = (list(new(Edition).values()), list(new(EditionWording).values()))
    refused = r"a released edition is frozen|a published wording is frozen"
    with pytest.raises(IntegrityError, match=refused), transaction.atomic():
        STATEMENTS[way](released)
    assert (list(new(Edition).values()), list(new(EditionWording).values())) == before
