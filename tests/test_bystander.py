"""The hotline that stands in the database of every test, and the tests that need a database without it."""

from datetime import date
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command

from evaluation.due_dates import find_due
from evaluation.models import Hotline
from tests.bystander import COUNTRY, LARGEST, new
from tests.factories import HotlineFactory

WITHOUT_IT = {
    "test_bench.py": "what pages cost on a database without hotlines, at two sizes",
    "test_ground.py": "what the fixtures promise of a database",
    "test_faults.py": "what is lost or left over in a whole installation",
    "portal/operations/test_move_files.py": "all files of an installation, which are moved to another storage",
    "portal/operations/test_leftovers.py": "all files of an installation, also in a storage that has none of its files",
    "portal/operations/test_sealed_rows.py": "the seal over all rows of every table",
    "portal/operations/test_verify_log.py": "the step log of a whole installation, with rows written around the triggers",
    "portal/public/test_network.py": "the recommendations of the whole network, counted by indicator",
    "portal/public/test_pages.py": "whether a refusal can be inferred where all editions publish refusals, or none does",
    "portal/rounds/test_rounds.py": "an installation without a released edition",
    "portal/figures/series/test_comparison.py": "the medians and places of the whole network",
    "portal/figures/series/test_network.py": "the sums of the whole network",
    "portal/figures/series/test_provenance.py": "the files of figures of the whole network",
    "portal/figures/series/test_recording.py": "how many hotlines of the whole network record an item",
    "portal/test_growth.py": "the rows and queries of networks of given sizes",
    "portal/test_paging.py": "which row of the whole network is on which page",
}
"""The files with tests of a database without it, with what they state: the whole of something."""

HAS_NO_ROW_OF = """
    Absence Agenda AssessorProfile Assignment AssignmentLetter CalendarSubscription CommentAnswer CommentVersion Consultation
    ConsultationComment ConsultationText Correction DiscussionCommentVersion DraftAcceptance DraftRemarkVersion
    EvidenceChange Exchange FulfilmentProof GoodPractice HostOffer Invitation LastLook LateRow Matching Mention
    NetworkRelease NetworkYear PartialUpload PersonChange PracticeConsent PracticeQuestion PracticeThanks
    RecordedFile RecordingDevice RemarkProof Reminder ReturnedAnswer Ruling SheetRow SheetRowVersion SpooledFile
    Stake SuggestedDates SystemKey UnresolvedText UploadPart VisitSheet Withdrawal
"""
"""The models of which the bystander has no row. The fewer, the better."""


def test_a_test_sees_the_hotline_and_tells_its_own_rows(db: None) -> None:
    own = HotlineFactory()
    assert {hotline.country for hotline in Hotline.objects.all()} == {own.country, COUNTRY}
    assert list(new(Hotline)) == [own]


def test_the_scene_without_it_has_no_hotline(empty: None, db: None) -> None:
    own = HotlineFactory()
    assert list(Hotline.objects.all()) == list(new(Hotline)) == [own]


def test_nothing_about_it_is_ever_due(db: None) -> None:
    assert [find_due(date(year, month, 1)) for year in range(2019, 2041) for month in (1, 5, 9)] == [[]] * 66


def test_its_steps_and_histories_are_whole(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("verify_log")
    assert capsys.readouterr().out.endswith("Problems: 0.\n")


def test_the_tests_without_it_are_listed_with_their_reason() -> None:
    here = Path(__file__)
    found = {
        str(path.relative_to(here.parent))
        for path in here.parent.rglob("test_*.py")
        if path != here and 'usefixtures("empty")' in path.read_text()
    }
    assert found == WITHOUT_IT.keys()


def test_it_has_a_row_of_each_other_model(db: None) -> None:
    missing = {model.__name__ for model in apps.get_app_config("evaluation").get_models() if model not in LARGEST}
    assert missing == set(HAS_NO_ROW_OF.split())
