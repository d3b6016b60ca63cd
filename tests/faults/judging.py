"""Checks the fate of everything acknowledged, in database and storage. Reads and prints JSON."""

import hashlib
import json
import sys
from collections import Counter
from datetime import timedelta
from typing import Any

import django

Acknowledged = list[dict[str, Any]]
Verdict = dict[str, Any]


def _verdict(wanted: list[Any], found: Counter[Any], half: list[str], **more: Any) -> Verdict:
    """Return the verdict on the acknowledged things.

    `found` is how often each is stored, `lost_at` the places of lost ones.
    """
    return {
        "kept": sum(found[one] > 0 for one in wanted),
        "lost": [str(one) for one in wanted if not found[one]],
        "doubled": [str(one) for one, count in found.items() if count > 1],
        "lost_at": [number for number, one in enumerate(wanted) if not found[one]],
        "half": half,
        **more,
    }


def judge_saves(acknowledged: Acknowledged) -> Verdict:
    from evaluation.models import Answer, AnswerVersion

    histories: dict[tuple[int, str], list[int]] = {}
    found: Counter[tuple[str, int]] = Counter()
    uids: Counter[str] = Counter()
    for kept in AnswerVersion.objects.exclude(save_uid=None):
        histories.setdefault((kept.evaluation_id, kept.code), []).append(kept.version)
        found[str(kept.save_uid), kept.version] += 1
        uids[str(kept.save_uid)] += 1
    half = []
    for answer in Answer.objects.exclude(save_uid=None):
        if sorted(histories.get((answer.evaluation_id, answer.code), [])) != list(range(1, answer.version + 1)):
            half.append(f"{answer.evaluation_id} {answer.code}: its history has gaps")
        if answer.words != str(answer.save_uid):
            half.append(f"{answer.evaluation_id} {answer.code}: words of another save")
    verdict = _verdict([(save["uid"], save["version"]) for save in acknowledged], found, half)
    return verdict | {"doubled": [uid for uid, count in uids.items() if count > 1]}


def judge_moves(acknowledged: Acknowledged) -> Verdict:
    """Check that each acknowledged move is one step, that there are no others, and that moves alternate."""
    from evaluation.models import Evaluation, Step

    wanted = Counter((one["uid"], one["move"]) for one in acknowledged)
    found: Counter[tuple[str, str]] = Counter()
    half, last = [], ("", "")
    steps = Step.objects.filter(kind=Evaluation.kind, uid__in={uid for uid, _move in wanted}).order_by("uid", "seq")
    for step in steps:
        made = str(step.uid), step.move
        if made == last:
            half.append(f"{step.uid}: {step.move} twice in a row")
        found[made] += 1
        last = made
    return {
        "kept": sum((wanted & found).values()),
        "lost": [" ".join(one) for one in (wanted - found).elements()],
        "doubled": [" ".join(one) for one in (found - wanted).elements()],
        "half": half,
    }


def judge_evidence(acknowledged: Acknowledged) -> Verdict:
    from django.core.files.storage import storages

    from evaluation.models import Document, Evidence

    found = Counter(Evidence.objects.exclude(document=None).values_list("document__name", flat=True))
    half, named = [], set()
    for document in Document.objects.all():
        named.add(document.file.name)
        half += _broken_file(document.file, document.digest)
    half += [f"{document} belongs to no answer" for document in Document.objects.filter(links=None)]
    half += [f"{name} is named by no row" for name in _files(storages["private"], "evidence") - named]
    return _verdict([one["name"] for one in acknowledged], found, half)


def judge_prints(acknowledged: Acknowledged) -> Verdict:
    from django.core.files.storage import storages
    from django.urls import reverse

    from reports.models import Issue, Printing

    found: Counter[tuple[str, str]] = Counter()
    half = []
    asked = Printing.objects.exclude(issue=None).values("issue")
    for issue in Issue.objects.filter(pk__in=asked).select_related("decision__evaluation"):
        path = reverse("workspace:report", args=[issue.decision.evaluation.uid])
        found[path, issue.language] += 1
        half += _broken_file(issue.pdf, issue.pdf_sha256)
    named = set(Issue.objects.values_list("pdf", flat=True))
    half += [
        f"printing {printing.uid} is {printing.state}" for printing in Printing.objects.all() if printing.is_running
    ]
    half += [f"{name} is named by no row" for name in _files(storages["private"], "reports") - named]
    return _verdict([(one["path"], one["language"]) for one in acknowledged], found, half)


def judge_imports(acknowledged: Acknowledged) -> Verdict:
    from django.conf import settings

    from evaluation.models import SpooledFile, StatisticsImport

    found = Counter(str(uid) for uid in StatisticsImport.objects.values_list("uid", flat=True))
    same = Counter(StatisticsImport.objects.values_list("hotline", "file_digest"))
    half = []
    for sent in StatisticsImport.objects.filter(uid__in=[one["uid"] for one in acknowledged]):
        if sent.state == StatisticsImport.State.UPLOADED:
            half.append(f"{sent.uid} waits for ever")
        elif sent.problems or not sent.draft:
            half.append(f"{sent.uid} is {sent.state}: {sent.problems}")
    rows = SpooledFile.objects.count()
    if rows:
        half.append(f"{rows} files wait in the spool for ever")
    half += [f"{path.name} in the spool has no row" for path in settings.STATISTICS_SPOOL_ROOT.iterdir()]
    verdict = _verdict([one["uid"] for one in acknowledged], found, half)
    return verdict | {"doubled": [str(one) for one, count in same.items() if count > 1]}


def judge_letters(acknowledged: Acknowledged, taken: list[tuple[str, str]]) -> Verdict:
    """Check the letters.

    One that the worker could not mark as sent is sent again with the same Message-ID, by design.
    """
    from portal.letters.models import Letter

    arrived: dict[str, set[str]] = {}
    for message, address in taken:
        arrived.setdefault(address, set()).add(message)
    found = Counter({address: len(messages) for address, messages in arrived.items()})
    half = [f"{letter.uid} is not sent" for letter in Letter.objects.filter(sent_at=None)]
    verdict = _verdict([one["address"] for one in acknowledged], found, half)
    return verdict | {"repeated": len(taken) - sum(len(messages) for messages in arrived.values())}


def judge_release(acknowledged: Acknowledged) -> Verdict:
    from standards.framework import digest
    from standards.models import Edition

    found: Counter[str] = Counter()
    half = []
    for edition in Edition.objects.filter(code__in=[one["code"] for one in acknowledged]):
        found[edition.code] += 1
        wordings = list(edition.wordings.all())
        if len(wordings) != 1 or any(digest(wording.payload) != wording.sha256 for wording in wordings):
            half.append(f"{edition.code} has no whole wording")
    return _verdict([one["code"] for one in acknowledged], found, half)


def _broken_file(file: Any, sha256: str) -> list[str]:
    try:
        with file.open("rb") as stored:
            is_whole = hashlib.sha256(stored.read()).hexdigest() == sha256
    except FileNotFoundError:
        return [f"{file.name} is not there"]
    return [] if is_whole else [f"{file.name} is not whole"]


def _files(storage: Any, folder: str) -> set[str]:
    from pathlib import Path

    root = Path(storage.location)
    return {path.relative_to(root).as_posix() for path in (root / folder).rglob("*") if path.is_file()}


def _remove_what_broke_off() -> dict[str, int]:
    """Remove leftovers of aborted operations and count them.

    Their age does not matter, since nothing is under way any more.
    """
    from evaluation.figures.intake import spool
    from portal.operations import leftovers

    leftovers.KEPT_FOR = spool.ORPHANED_AFTER = timedelta(0)
    found = leftovers.find_leftovers()
    for storage, name in found:
        storage.delete(name)
    removed = Counter(name.partition("/")[0] for _storage, name in found)
    return {"evidence": removed["evidence"], "print": removed["reports"], "import": spool.sweep()}


def judge(record: dict[str, Any]) -> dict[str, Verdict]:
    from portal.operations.verification import find_problems

    removed = _remove_what_broke_off()
    acknowledged = record["acknowledged"]
    verdicts = {
        "save": judge_saves(acknowledged.get("save", [])),
        "move": judge_moves(acknowledged.get("move", [])),
        "evidence": judge_evidence(acknowledged.get("evidence", [])),
        "import": judge_imports(acknowledged.get("import", [])),
        "print": judge_prints(acknowledged.get("print", [])),
        "letter": judge_letters(acknowledged.get("letter", []), record["taken"]),
        "release": judge_release(acknowledged.get("release", [])),
    }
    for kind, number in removed.items():
        verdicts[kind]["removed"] = number
    # The initial reports have no files. Those that were printed are checked above.
    faults = [fault for fault in find_problems() if not fault.startswith("reports.Issue names")]
    verdicts["installation"] = _verdict([], Counter(), faults)
    return verdicts


if __name__ == "__main__":
    django.setup()
    print(json.dumps(judge(json.load(sys.stdin))))
