from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class StandardsConfig(AppConfig):
    name = "standards"
    verbose_name = "Practical Guide"

    def ready(self) -> None:
        from wagtail.signals import pre_page_move  # noqa: PLC0415 - imports models, which are not loaded before

        from standards import frozen  # noqa: PLC0415 - needs the loaded apps
        from standards.models.tree import refuse_to_move  # noqa: PLC0415 - imports models

        pre_migrate.connect(frozen.remove_before_migrate, sender=self, dispatch_uid="digests of frozen rows")
        post_migrate.connect(frozen.install_after_migrate, sender=self, dispatch_uid="frozen tables")
        pre_page_move.connect(refuse_to_move, dispatch_uid="parts of released editions")
