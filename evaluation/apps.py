from importlib import import_module

from django.apps import AppConfig

WITH_ACTS = (
    "evaluation.accreditation.publication",
    "evaluation.accreditation.withdrawals",
    "evaluation.assessment.deadline.extension",
    "evaluation.assessment.pinned_figures",
    "evaluation.assessment.replies",
    "evaluation.assessment.response",
    "evaluation.assessment.returned_answers",
    "evaluation.assessment.rounds",
    "evaluation.assessment.submission",
    "evaluation.assessment.traits",
    "evaluation.consultation.moves",
    "evaluation.crm.intake.confirmation",
    "evaluation.crm.intake.imports",
    "evaluation.crm.intake.spool",
    "evaluation.crm.publishing.release",
    "evaluation.follow_up.exchanges",
    "evaluation.follow_up.good_practice",
    "evaluation.judging",
    "evaluation.panel.appeals",
    "evaluation.panel.corrections",
    "evaluation.panel.decisions",
    "evaluation.panel.fulfilments",
    "evaluation.revision",
    "evaluation.roles",
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
        from evaluation.crm.validation.asked_figures import check_asked_figures  # noqa: PLC0415 - applications are loaded only now
        from evaluation.reachability import check_reachability  # noqa: PLC0415 - applications are loaded only now
        from standards.checks import register  # noqa: PLC0415 - the same

        register("reachability", check_reachability)
        register("asked figures", check_asked_figures)
