from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    name = "evaluation"
    verbose_name = "Evaluation"

    def ready(self) -> None:
        import evaluation.assessment.pinned_figures  # noqa: PLC0415 - registers the acts of its moves
        import evaluation.assessment.replies  # noqa: F401, PLC0415 - the same
        from evaluation.crm.validation.asked_figures import check_asked_figures  # noqa: PLC0415 - applications are loaded only now
        from evaluation.reachability import check_reachability  # noqa: PLC0415 - applications are loaded only now
        from standards.checks import register  # noqa: PLC0415 - the same

        register("reachability", check_reachability)
        register("asked figures", check_asked_figures)
