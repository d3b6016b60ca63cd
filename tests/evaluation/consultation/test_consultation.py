"""A consultation: prepared, opened on a copy of the draft, commented on, answered, counted, closed."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evaluation.answers.judgements import Closed, Saved
from evaluation.consultation.comments import InvalidComment, StaleVersion, answer_comment, save_comment
from evaluation.consultation.draft_text import find_changes, read_data, read_draft
from evaluation.consultation.moves import invited_people, prepare_consultation
from evaluation.consultation.overview import (
    Counts,
    count_by_indicator,
    count_resolutions,
    find_participation,
    read_text,
    sum_of,
    visible_comments,
)
from evaluation.models import (
    CommentAnswer,
    CommentVersion,
    Consultation,
    ConsultationComment,
    ConsultationText,
    Hotline,
    Membership,
    Role,
    Step,
    User,
)
from evaluation.models.people.permissions import is_allowed
from evaluation.workflow import Refusal, perform
from standards.editions.release import release
from standards.models import EditionPage, IndicatorPage
from tests.bystander import new
from tests.factories import ConsultationFactory, HotlineFactory, consultation_on, person
from tests.frozen_rows import assert_frozen

pytestmark = pytest.mark.django_db
Resolution = CommentAnswer.Resolution


@pytest.fixture
def loaded(db: None) -> EditionPage:
    """Return the pages of the small edition, a draft: a scene."""
    return EditionPage.objects.get()


@pytest.fixture
def hotline() -> Hotline:
    return HotlineFactory(country="XA")


@pytest.fixture
def somebody(hotline: Hotline) -> User:
    return person(Role.CONTRIBUTOR, hotline=hotline)


@pytest.fixture
def opened(loaded: EditionPage, hotline: Hotline) -> Consultation:
    return consultation_on(loaded, hotlines=[hotline])


def say(consultation: Consultation, by: User, words: str = "Too long.", urgency: int | None = None, **more: Any) -> Any:
    return save_comment(consultation, "1.1.1", "1.1.1", words=words, urgency=urgency, by=by, **more)


def only_comment() -> ConsultationComment:
    return ConsultationComment.objects.get()


def rewrite(loaded: EditionPage, code: str, **texts: Any) -> None:
    page = IndicatorPage.objects.descendant_of(loaded).get(code=code).get_latest_revision_as_object()
    for name, text in texts.items():
        setattr(page, name, text)
    page.save_revision(clean=False)


def reasons(consultation: Consultation, name: str, by: User | None = None, **needs: Any) -> list[str]:
    with pytest.raises(Refusal) as caught:
        perform(consultation, name, by=by, **needs)
    return [reason.code for reason in caught.value.reasons]


# --- Preparing and opening -------------------------------------------------------------------------------------------


def test_what_is_prepared_has_the_code_of_its_draft_and_who_is_to_be_invited(loaded, hotline):
    assessor = person(Role.ASSESSOR)
    prepared = prepare_consultation(
        ConsultationFactory.build(page=loaded, edition_code=""), [hotline], [assessor], by=person(Role.GUIDE_EDITOR)
    )
    assert (prepared.edition_code, [*prepared.hotlines.all()], [*prepared.assessors.all()]) == (
        loaded.code,
        [hotline],
        [assessor],
    )


def test_nothing_is_prepared_without_a_right_people_days_or_a_draft(loaded, somebody):
    release(loaded)
    over = ConsultationFactory.build(page=loaded, closes_on=timezone.localdate() - timedelta(days=2))
    with pytest.raises(Refusal) as caught:
        prepare_consultation(over, [], [], by=somebody)
    assert [reason.code for reason in caught.value.reasons] == [
        *("not_permitted", "nobody_invited", "consultation_is_over", "edition_is_no_draft")
    ]
    assert not Consultation.objects.exists()


def test_what_has_opened_is_not_prepared_again(opened, hotline):
    with pytest.raises(Refusal) as caught:
        prepare_consultation(opened, [hotline], [], by=person(Role.MCE_COORDINATOR))
    assert [reason.code for reason in caught.value.reasons] == ["wrong_state"]


def test_what_was_discarded_meanwhile_is_not_prepared_again(loaded, hotline):
    planned, mce = ConsultationFactory(page=loaded), person(Role.MCE_COORDINATOR)
    stale = Consultation.objects.get()
    perform(planned, "discard", by=mce, note="Too soon.")
    with pytest.raises(Refusal) as caught:
        prepare_consultation(stale, [hotline], [], by=mce)
    assert [reason.code for reason in caught.value.reasons] == ["consultation_is_gone"]
    assert not Consultation.objects.exists()


def test_its_days_are_those_on_which_it_opened_and_closed(loaded, hotline):
    today = timezone.localdate()
    late = ConsultationFactory(page=loaded, opens_on=today - timedelta(days=5))
    late.hotlines.add(hotline)
    perform(late, "open", by=None)
    perform(late, "close", by=None)
    late.refresh_from_db()
    assert (late.opens_on, late.closes_on) == (late.today, late.today)


def test_closed_after_its_last_day_it_keeps_that_day(opened):
    last = opened.today - timedelta(days=2)
    Consultation.objects.update(closes_on=last)
    opened.refresh_from_db()
    perform(opened, "close", by=None)
    opened.refresh_from_db()
    assert opened.closes_on == last


def test_it_opens_on_its_day_with_somebody_invited_on_a_draft_and_not_else(loaded, hotline):
    tomorrow = timezone.localdate() + timedelta(days=1)
    early = ConsultationFactory(opens_on=tomorrow, closes_on=tomorrow)
    assert reasons(early, "open") == ["consultation_opens_later", "nobody_invited", "edition_is_no_draft"]
    ready = ConsultationFactory(page=loaded)
    ready.hotlines.add(hotline)
    assert perform(ready, "open", by=None).target == "open"


def test_a_released_edition_is_not_consulted_on(loaded, hotline):
    release(loaded)
    late = ConsultationFactory(page=loaded)
    late.hotlines.add(hotline)
    assert reasons(late, "open") == ["edition_is_no_draft"]


def test_the_text_is_copied_as_it_reads_when_it_opens(loaded, opened):
    before = read_draft(loaded)
    rewrite(loaded, "1.1.1", wording="Now it reads otherwise.")
    text = read_text(opened)
    assert text == before == read_data(before.as_data())
    assert text.indicators["1.1.1"].wording != read_draft(loaded).indicators["1.1.1"].wording


def test_the_copied_text_says_what_the_draft_asks(opened):
    text = read_text(opened)
    assert (text.language, [domain.code for domain in text.domains]) == ("en", ["D1", "D2"])
    levels = {code: [(one.key, one.meaning) for one in text.indicators[code].levels] for code in text.indicators}
    assert levels == {
        "1.1.1": [
            *(("3", "at least 90\xa0%"), ("2", "at least 80\xa0%")),
            *(("1", "at least 60\xa0%"), ("0", "everything else")),
        ],
        "1.1.2": [],
        "1.2.1": [("yes", "The rota has no gap"), ("no", "The rota has gaps")],
        "2.1.1": [("3", "Held every month"), ("2", "Held now and then"), ("1", "Planned"), ("0", "None")],
    }
    assert (text.standard_of["2.1.1"].code, text.domain_of["2.1"].code) == ("2.1", "D2")


@pytest.mark.everywhere
@pytest.mark.parametrize("table", [ConsultationText, CommentVersion])
def test_the_copied_text_and_the_versions_are_frozen(opened, somebody, table):
    say(opened, somebody)
    assert_frozen(table)


def test_what_has_not_opened_is_discarded_with_a_reason_and_the_step_stays(loaded):
    mce, planned = person(Role.MCE_COORDINATOR), ConsultationFactory(page=loaded)
    assert reasons(planned, "discard", by=mce) == ["needs_note"]
    perform(planned, "discard", by=mce, note="Too soon.")
    assert not Consultation.objects.exists()
    assert Step.objects.get(kind="consultation").move == "discard"


def test_who_is_invited_later_comes_besides_and_the_day_moves(opened, hotline):
    mce, other, assessor = person(Role.MCE_COORDINATOR), HotlineFactory(), person(Role.ASSESSOR)
    until = timezone.localdate() + timedelta(days=90)
    perform(opened, "extend", by=mce, until=until, hotlines=[other], assessors=[assessor])
    assert (opened.closes_on, {*opened.hotlines.all()}, [*opened.assessors.all()]) == (
        until,
        {hotline, other},
        [assessor],
    )
    yesterday = timezone.localdate() - timedelta(days=2)
    needs = {"until": yesterday, "hotlines": [], "assessors": []}
    assert reasons(opened, "extend", by=mce, **needs) == ["consultation_is_over"]


def test_one_that_ran_out_is_extended(opened):
    Consultation.objects.update(closes_on=timezone.localdate() - timedelta(days=2))
    opened.refresh_from_db()
    assert not opened.takes_comments
    until = timezone.localdate() + timedelta(days=1)
    perform(opened, "extend", by=person(Role.MCE_COORDINATOR), until=until, hotlines=[], assessors=[])
    assert opened.takes_comments


# --- Permissions -----------------------------------------------------------------------------------------------------


def test_the_rights_by_state_and_role(loaded, hotline):
    assessor, uninvited = person(Role.ASSESSOR), person(Role.ASSESSOR)
    people = {
        "contributor": person(Role.CONTRIBUTOR, hotline=hotline),
        "coordinator": person(Role.COORDINATOR, hotline=hotline),
        "other hotline": person(Role.COORDINATOR, hotline=HotlineFactory()),
        "assessor": assessor,
        "assessor not invited": uninvited,
        "panel": person(Role.PANEL_MEMBER),
        "mce": person(Role.MCE_COORDINATOR),
        "editor": person(Role.GUIDE_EDITOR),
        "superuser": person(is_superuser=True),
    }
    planned = ConsultationFactory(page=loaded)
    planned.hotlines.add(hotline)
    planned.assessors.add(assessor)

    def rights() -> dict[str, str]:
        return {
            name: "".join(
                letter
                for letter in "vcr"
                if is_allowed(
                    {"v": "consultation.view", "c": "consultation.comment", "r": "consultation.run"}[letter],
                    user,
                    planned,
                )
            )
            for name, user in people.items()
        }

    nobody = dict.fromkeys(people, "") | {"mce": "vr", "editor": "vr"}
    invited = {"contributor": "vc", "coordinator": "vc", "assessor": "vc"}
    assert rights() == nobody
    perform(planned, "open", by=None)
    assert rights() == nobody | invited
    perform(planned, "close", by=None)
    assert rights() == nobody | invited


def test_who_is_no_assessor_any_more_is_not_invited(loaded):
    assessor = person(Role.ASSESSOR)
    consultation = consultation_on(loaded, assessors=[assessor])
    assert invited_people(consultation) == [assessor]
    new(Membership).update(until=timezone.localdate() - timedelta(days=1))
    left = User.objects.get(pk=assessor.pk)
    assert invited_people(consultation) == []
    assert not is_allowed("consultation.comment", left, consultation)


# --- Commenting ------------------------------------------------------------------------------------------------------


def test_each_person_has_one_comment_on_an_indicator_and_every_version_is_kept(opened, somebody, hotline):
    colleague = person(Role.COORDINATOR, hotline=hotline)
    assert [say(opened, somebody), say(opened, somebody, "Shorter.", 3), say(opened, colleague, "Fine.")] == [
        Saved(1),
        Saved(2),
        Saved(1),
    ]
    mine = opened.comments.get(by=somebody)
    assert (mine.words, mine.urgency, mine.hotline, opened.comments.count()) == ("Shorter.", 3, hotline, 2)
    assert [(one.version, one.words, one.urgency) for one in mine.versions.all()] == [
        (2, "Shorter.", 3),
        (1, "Too long.", None),
    ]


def test_the_same_again_and_a_repeated_save_add_no_version(opened, somebody):
    uid = uuid4()
    assert say(opened, somebody, "One.", save_uid=uid) == say(opened, somebody, "One.") == Saved(1)
    assert say(opened, somebody, "Two.") == Saved(2)
    assert say(opened, somebody, "One.", save_uid=uid) == Saved(1)
    assert only_comment().words == "Two."


def test_nothing_said_makes_no_row_and_what_was_said_can_be_taken_back(opened, somebody):
    assert say(opened, somebody, "  ") == Saved(0)
    assert not ConsultationComment.objects.exists()
    say(opened, somebody, "", 2)
    say(opened, somebody, "")
    assert (opened.comments.count(), opened.comments.given().count()) == (1, 0)


def test_there_are_three_urgencies(opened, somebody):
    with pytest.raises(InvalidComment, match="no_such_urgency"):
        say(opened, somebody, urgency=4)


@pytest.mark.parametrize("how", ["closed", "over", "not invited"])
def test_nothing_is_saved_too_late_or_by_somebody_else(opened, somebody, how):
    if how == "closed":
        perform(opened, "close", by=None)
    elif how == "over":
        Consultation.objects.update(closes_on=timezone.localdate() - timedelta(days=2))
    else:
        opened.hotlines.clear()
    assert say(opened, somebody) == Closed()
    assert not ConsultationComment.objects.exists()


def test_an_assessor_comments_for_no_hotline(loaded):
    assessor = person(Role.ASSESSOR)
    say(consultation_on(loaded, assessors=[assessor]), assessor)
    assert only_comment().hotline is None


# --- Who reads which comments ----------------------------------------------------------------------------------------


def test_until_it_closes_people_read_their_own_and_their_hotlines(loaded, hotline):
    other, assessor = HotlineFactory(), person(Role.ASSESSOR)
    mine, colleague = person(Role.CONTRIBUTOR, hotline=hotline), person(Role.COORDINATOR, hotline=hotline)
    theirs, mce = person(Role.COORDINATOR, hotline=other), person(Role.MCE_COORDINATOR)
    consultation = consultation_on(loaded, hotlines=[hotline, other], assessors=[assessor])
    everybody = {"mine": mine, "colleague": colleague, "theirs": theirs, "assessor": assessor}
    for user in everybody.values():
        say(consultation, user)
    names = {user.pk: name for name, user in everybody.items()}

    def read_by(user: User) -> set[str]:
        return {names[comment.by_id] for comment in visible_comments(consultation, user)}

    assert read_by(mine) == read_by(colleague) == {"mine", "colleague"}
    assert (read_by(theirs), read_by(assessor), read_by(mce)) == ({"theirs"}, {"assessor"}, set(everybody))
    assert read_by(person(Role.PANEL_MEMBER)) == set()
    perform(consultation, "close", by=None)
    assert read_by(mine) == read_by(assessor) == set(everybody)
    assert read_by(person(Role.COORDINATOR, hotline=HotlineFactory())) == set()


def test_words_for_a_new_hotline_are_read_by_that_hotline(loaded, hotline):
    other, author = HotlineFactory(), person(Role.CONTRIBUTOR, hotline=hotline)
    former, colleague = person(Role.COORDINATOR, hotline=hotline), person(Role.COORDINATOR, hotline=other)
    consultation = consultation_on(loaded, hotlines=[hotline, other])
    say(consultation, author)
    Membership.objects.filter(user=author).update(hotline=other)
    say(consultation, User.objects.get(pk=author.pk), "Other words.")
    assert [visible_comments(consultation, user).count() for user in (former, colleague)] == [0, 1]


def test_who_is_of_two_invited_hotlines_reads_the_comments_of_both(loaded, hotline):
    other, both = HotlineFactory(), person(Role.CONTRIBUTOR, hotline=hotline)
    Membership.objects.create(user=both, role=Role.CONTRIBUTOR, hotline=other)
    consultation = consultation_on(loaded, hotlines=[hotline, other])
    for one in (hotline, other):
        say(consultation, person(Role.COORDINATOR, hotline=one))
    assert visible_comments(consultation, both).count() == 2


# --- Answering -------------------------------------------------------------------------------------------------------


def answer(comment: ConsultationComment, resolution: str = "noted", words: str = "", **more: Any) -> CommentAnswer:
    needs = {"comment_version": comment.version, "version": 0, "by": person(Role.MCE_COORDINATOR)} | more
    return answer_comment(comment, resolution=resolution, words=words, **needs)


def test_an_answer_says_what_becomes_of_it_and_a_rejection_why(opened, somebody):
    say(opened, somebody)
    comment = only_comment()
    for resolution, words, code in (("", "", "no_resolution"), ("rejected", " ", "no_reason")):
        with pytest.raises(InvalidComment, match=code):
            answer(comment, resolution, words)
    given = answer(comment, "rejected", "It is the law.")
    assert (given.resolution, given.words, given.comment_version) == ("rejected", "It is the law.", 1)
    assert not only_comment().is_unresolved


def test_of_two_answers_at_once_and_of_changed_words_nothing_is_overwritten(opened, somebody):
    say(opened, somebody)
    comment = only_comment()
    answer(comment, "accepted")
    with pytest.raises(StaleVersion):
        answer(comment, "noted")
    say(opened, somebody, "Other words.")
    with pytest.raises(StaleVersion):
        answer(comment, "noted", version=1)
    assert CommentAnswer.objects.get().resolution == "accepted"


def test_changed_words_are_unresolved_again(opened, somebody):
    say(opened, somebody)
    answer(only_comment())
    say(opened, somebody, "Other words.")
    changed = only_comment()
    assert (changed.is_unresolved, changed.present_answer, changed.any_answer.resolution) == (True, None, "noted")
    assert [*opened.comments.unresolved()] == [changed]
    answer(changed, "accepted", version=1)
    assert [*opened.comments.unresolved()] == []


def test_another_vote_leaves_the_words_answered(opened, somebody):
    say(opened, somebody)
    answer(only_comment())
    say(opened, somebody, urgency=3)
    voted = only_comment()
    assert (voted.version, voted.is_unresolved, [*opened.comments.unresolved()]) == (2, False, [])


def test_another_vote_does_not_answer_changed_words(opened, somebody):
    say(opened, somebody)
    answer(only_comment())
    say(opened, somebody, "Other words.")
    say(opened, somebody, "Other words.", 3)
    assert only_comment().is_unresolved


# --- Counting --------------------------------------------------------------------------------------------------------


def test_comments_and_votes_are_counted_by_indicator_and_resolution(opened, hotline):
    first, second, third = (person(Role.CONTRIBUTOR, hotline=hotline) for _ in range(3))
    say(opened, first, "One.", 3)
    say(opened, second, "Two.", 1)
    say(opened, third, "", 3)
    save_comment(opened, "1.1.2", "1.1.2", words="", urgency=2, by=third)
    answer(opened.comments.get(by=first), "accepted")
    counts = count_by_indicator(opened)
    assert counts == {"1.1.1": Counts(2, 1, (1, 0, 2)), "1.1.2": Counts(0, 0, (0, 1, 0))}
    total = sum_of(counts, ["1.1.1", "1.1.2", "2.1.1"])
    assert (total, total.voters, total.for_change) == (Counts(2, 1, (1, 1, 2)), 4, 3)
    assert count_resolutions(opened) == {Resolution.ACCEPTED: 1, Resolution.REJECTED: 0, Resolution.NOTED: 0}
    say(opened, first, "Changed.")
    assert sum(count_resolutions(opened).values()) == 0


def test_who_took_part_is_counted(loaded, hotline):
    silent, assessor = HotlineFactory(), person(Role.ASSESSOR)
    consultation = consultation_on(loaded, hotlines=[hotline, silent], assessors=[assessor])
    for _ in range(2):
        say(consultation, person(Role.CONTRIBUTOR, hotline=hotline))
    say(consultation, assessor)
    hotlines, assessors = find_participation(consultation)
    assert {one.name: one.indicators for one in hotlines} == {hotline.name: 1, silent.name: 0}
    assert [(one.name, one.indicators) for one in assessors] == [(assessor.name, 1)]


def test_the_queries_of_the_counts_do_not_grow(opened, hotline):
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            count_by_indicator(opened)
            count_resolutions(opened)
            find_participation(opened)
        return len(asked)

    say(opened, person(Role.CONTRIBUTOR, hotline=hotline))
    before = queries()
    for _ in range(3):
        say(opened, person(Role.CONTRIBUTOR, hotline=hotline))
    assert queries() == before


# --- What has changed since ------------------------------------------------------------------------------------------


def test_what_has_changed_in_the_draft_since_is_found(loaded, opened):
    rewrite(loaded, "1.1.1", wording="Is it so, by day and by night?")
    IndicatorPage.objects.descendant_of(loaded).get(code="1.1.2").delete()
    read = read_text(opened)
    changes = find_changes(read, read_draft(loaded), read.indicators)
    assert {key: (change.is_removed, [text.name for text in change.texts]) for key, change in changes.items()} == {
        "1.1.1": (False, ["wording"]),
        "1.1.2": (True, []),
    }
    assert "".join(piece.text for piece in changes["1.1.1"].texts[0].pieces if not piece.is_removed) == (
        "Is it so, by day and by night?"
    )
    assert find_changes(read, read, read.indicators) == find_changes(read, None, read.indicators) == {}


def test_the_comments_stay_when_the_pages_of_the_draft_are_deleted(loaded, opened, somebody):
    say(opened, somebody)
    loaded.delete()
    left = Consultation.objects.get()
    assert (left.page, left.edition_code, left.comments.count()) == (None, "small", 1)
    assert read_text(left).indicators["1.1.1"].wording
