"""The step log: append a step to a chain, and verify a chain."""

from collections.abc import Iterable

from django.utils import timezone

from evaluation.models import Step, StepWords, User
from evaluation.models.states import Stateful
from evaluation.models.step import GENESIS


def write_step(thing: Stateful, name: str, source: str, *, by: User | None, note: str = "") -> Step:
    """Append a step to the object's chain. The row of the object must be locked."""
    last = Step.objects.filter(kind=thing.kind, uid=thing.uid).order_by("-seq").first()
    salt = StepWords.new_salt()
    who = by.name if by else ""
    step = Step(
        kind=thing.kind,
        uid=thing.uid,
        seq=last.seq + 1 if last else 1,
        move=name,
        source=source,
        target=thing.state,
        at=timezone.now(),
        by_seal=StepWords.seal(salt, f"{by.uid if by else ''}\n{who}"),
        note_seal=StepWords.seal(salt, note),
        previous=last.digest if last else GENESIS,
    )
    step.digest = step.own_digest
    step.save(force_insert=True)
    StepWords.objects.create(step=step, salt=salt, by=by, name=who, note=note)
    return step


def verify_chain(steps: Iterable[Step]) -> list[str]:
    """Return the problems of one object's steps, which are given in the order of their numbers.

    Each problem is a sentence with codes and numbers only. A break of the chain is reported where it first appears. A
    chain that was rewritten, or truncated at its end, is consistent: this is detected by the seal, which is stored
    outside the database.
    """
    problems, number = [], 0
    before, last = {GENESIS}, {GENESIS}  # digests of the steps with the second-last and the last number
    for step in steps:
        place, named = f"{step.kind} {step.uid}", f"step {step.seq} ({step.move})"
        has_gap = step.seq > number + 1
        if has_gap:
            problems += [f"{place}: step {missing} is missing." for missing in range(number + 1, step.seq)]
        if step.digest != step.own_digest:
            problems.append(f"{place}: {named} was changed after it was written.")
        elif step.seq > number and not has_gap and step.previous not in last:
            if step.previous in before:
                problems.append(f"{place}: step {number} was inserted between the steps on both sides of it.")
            else:
                problems.append(
                    f"{place}: step {number}, before {named}, was changed after it was written, with its digest."
                )
        if number and step.seq == number:
            problems.append(f"{place}: {named} has a number that another step has; one of them was inserted.")
            last = last | {step.digest}
        else:
            before, last, number = last, {step.digest}, step.seq
        if not _words_match(step):
            problems.append(f"{place}: who made {named}, or why, was changed after it was written.")
    return problems


def _words_match(step: Step) -> bool:
    """Whether the words of a step match its seals. Erased words are valid."""
    words = getattr(step, "words", None)
    if words is None:
        return True
    by = f"{words.by.uid if words.by else ''}\n{words.name}"
    return step.by_seal == StepWords.seal(words.salt, by) and step.note_seal == StepWords.seal(words.salt, words.note)
