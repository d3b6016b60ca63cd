from importlib import import_module

from django.apps import AppConfig

WITH_ACTS = (
    "evaluation.accreditation.publication",
    "evaluation.accreditation.withdrawals",
    "evaluation.answers.deadline.extension",
    "evaluation.answers.pinned_figures",
    "evaluation.response.replies",
    "evaluation.response.response",
    "evaluation.answers.returned_answers",
    "evaluation.rounds.planning",
    "evaluation.answers.submission",
    "evaluation.answers.traits",
    "evaluation.consultation.moves",
    "evaluation.figures.intake.confirmation",
    "evaluation.figures.intake.imports",
    "evaluation.figures.intake.spool",
    "evaluation.figures.publishing.release",
    "evaluation.exchanges.visits",
    "evaluation.practices",
    "evaluation.judging.evidence",
    "evaluation.panel.appeals",
    "evaluation.panel.corrections",
    "evaluation.panel.decisions",
    "evaluation.panel.fulfilments",
    "evaluation.judging.revision",
    "evaluation.people",
    "evaluation.visits.agendas",
    "evaluation.visits.dates",
    "evaluation.visits.follow_ups",
    "evaluation.visits.interests",
    "evaluation.visits.planning",
    "evaluation.visits.recording",
    "evaluation.visits.sheets.late_rows",
)
"""The modules that register acts of moves. They are imported so that every move has its act."""


class EvaluationConfig(AppConfig):
    name = "evaluation"
    verbose_name = "Evaluation"

    def ready(self) -> None:
        for name in WITH_ACTS:
            import_module(name)
        from evaluation.engine.reachability import check_reachability  # noqa: PLC0415 - applications are loaded only now
        from evaluation.figures.validation.asked_figures import check_asked_figures  # noqa: PLC0415 - applications are loaded only now
        from standards.checks import register  # noqa: PLC0415 - the same

        register("reachability", check_reachability)
        register("asked figures", check_asked_figures)
