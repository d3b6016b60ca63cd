"""Measures saving an answer where very many are stored, with the history of each."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from tests.bench.timing import timed

if TYPE_CHECKING:
    from tests.bench.measuring import Ground


def measure_among_many(ground: "Ground", measure_saving: Callable[..., None]) -> None:
    """Measure the same saves among many answers. The seconds that storing the others took are printed, too."""
    seconds = timed(lambda: store_answers(ground, ground.scale.many_answers))
    measure_saving(ground, f"save one answer among {ground.scale.many_answers:,}", stored_in_s=round(seconds, 1))


def store_answers(ground: "Ground", wanted: int) -> None:
    """Store answers, each with a former version, until there are so many, in closed rounds of all hotlines."""
    from django.db import connection, transaction

    from evaluation.models import Answer, AnswerVersion, Evaluation

    missing = wanted - Answer.objects.count()
    source = ground.evaluations[0]
    each = source.answers.count()
    with transaction.atomic():
        if connection.vendor == "postgresql":  # otherwise two keys are looked up for each row, for minutes
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL session_replication_role = replica")
        last = Evaluation.objects.latest("pk").pk
        made = list(_past_evaluations(ground, -(-missing // each)))
        Evaluation.objects.bulk_create(made, batch_size=2000)
        for model, columns in ((Answer, _columns(Answer)), (AnswerVersion, _columns(AnswerVersion, Answer))):
            names, values = ", ".join(columns), ", ".join(f"answer.{name}" for name in columns)
            with connection.cursor() as cursor:
                cursor.execute(
                    f"INSERT INTO {model._meta.db_table} (evaluation_id, {names}) "
                    f"SELECT evaluation.id, {values} FROM {Evaluation._meta.db_table} AS evaluation "
                    f"CROSS JOIN {Answer._meta.db_table} AS answer "
                    "WHERE evaluation.id > %s AND answer.evaluation_id = %s",
                    [last, source.pk],
                )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _columns(*models: Any) -> list[str]:
    """Return the columns that all these tables have, except the key and the evaluation."""
    first, *others = [[field.column for field in model._meta.concrete_fields] for model in models]
    return [name for name in first if name not in ("id", "evaluation_id") and all(name in other for other in others)]


def _past_evaluations(ground: "Ground", count: int) -> Iterator[Any]:
    from evaluation.models import Evaluation, Round
    from tests import factories

    rounds = -(-count // len(ground.hotlines))
    made = Round.objects.bulk_create(
        factories.RoundFactory.build(edition=ground.edition, state=Round.State.CLOSED, name=f"Past round {number}")
        for number in range(rounds)
    )
    pairs = ((round_, hotline) for round_ in made for hotline in ground.hotlines)
    for _, (round_, hotline) in zip(range(count), pairs, strict=False):
        yield Evaluation(round=round_, hotline=hotline, state=Evaluation.State.PUBLISHED)
