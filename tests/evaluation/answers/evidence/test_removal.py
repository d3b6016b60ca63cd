"""Evidence is removed, and restored as it was."""

import pytest

from evaluation.answers.evidence.removal import put_back, remove_evidence
from evaluation.answers.evidence.validity import set_force
from evaluation.files.documents import attach_document
from evaluation.files.kinds import Unacceptable
from evaluation.models import Evaluation, Evidence
from tests.bystander import new
from tests.evaluation.answers.evidence.test_validity import FIRST, LAST
from tests.factories import evaluation_of, person
from tests.stage import Stage
from tests.uploads import PDF

pytestmark = pytest.mark.django_db

FIELDS = ("uid", "code", "document", "address", "begins_on", "ends_on", "added_by", "added_at")


def attached(evaluation: Evaluation, code: str = "1.1.1") -> Evidence:
    return attach_document(evaluation, code, content=PDF, name="a.pdf", limit=10_000, by=person())


def rows() -> list[tuple[object, ...]]:
    return list(new(Evidence).values_list(*FIELDS))


def test_what_is_put_back_is_as_it_was():
    evaluation = evaluation_of()
    link = attached(evaluation)
    set_force(link, begins_on=FIRST, ends_on=LAST)
    link.refresh_from_db()
    before = rows()
    removed = remove_evidence(link, by=person())
    assert rows() == []
    put_back(evaluation, removed)
    assert rows() == before


def test_it_is_in_force_as_the_document_is_now_at_other_answers():
    evaluation = evaluation_of()
    removed = remove_evidence(attached(evaluation), by=person())
    set_force(attached(evaluation, "1.1.2"), begins_on=FIRST, ends_on=LAST)
    put_back(evaluation, removed)
    assert set(new(Evidence).values_list("begins_on", "ends_on")) == {(FIRST, LAST)}


def test_it_is_not_put_back_twice_or_beside_the_same_document():
    evaluation = evaluation_of()
    removed = remove_evidence(attached(evaluation), by=person())
    attached(evaluation)
    before = rows()
    for _time in range(2):
        with pytest.raises(Unacceptable) as refused:
            put_back(evaluation, removed)
        assert (refused.value.code, rows()) == ("already_there", before)


def test_nothing_is_removed_or_put_back_after_the_submission():
    stage = Stage.minimal("self_assessment")
    link = stage.evaluation.evidence.first()
    removed = remove_evidence(link, by=stage.coordinator)
    Evaluation.objects.filter(pk=stage.evaluation.pk).update(state="desk_review")
    with pytest.raises(Unacceptable) as refused:
        put_back(stage.evaluation, removed)
    assert (refused.value.code, refused.value.name) == ("not_open", removed.name)
    other = stage.evaluation.evidence.first() or Evidence(evaluation=stage.evaluation, address="https://example.org/")
    with pytest.raises(Unacceptable):
        remove_evidence(other, by=stage.coordinator)
