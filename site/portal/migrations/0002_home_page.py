"""Wagtail's welcome page becomes our home page, and every language of the site gets its locale."""

from typing import Any

from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

WELCOME = "Welcome to your new Wagtail site!"
HOME = "116 000 Quality"


def _first_page(apps: Apps) -> Any:
    """The page under Wagtail's root, which Wagtail's own first migrations make. Its children stay where they are."""
    return apps.get_model("wagtailcore", "Page").objects.filter(depth=2).order_by("path").first()


def _type(apps: Apps, app_label: str, model: str) -> Any:
    return apps.get_model("contenttypes", "ContentType").objects.get_or_create(app_label=app_label, model=model)[0]


def make_home(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    locales = apps.get_model("wagtailcore", "Locale").objects
    for code, _name in settings.LANGUAGES:
        locales.get_or_create(language_code=code)
    page = _first_page(apps)
    if page is None or page.content_type.model != "page":
        return
    page.content_type = _type(apps, "portal", "homepage")
    if page.title == WELCOME:
        page.title = page.draft_title = HOME
    home = apps.get_model("portal", "HomePage")(page_ptr=page)
    home.__dict__.update({name: value for name, value in page.__dict__.items() if not name.startswith("_")})
    home.save()


def make_welcome(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    page = _first_page(apps)
    if page is not None and page.content_type.model == "homepage":
        homes = apps.get_model("portal", "HomePage").objects.filter(pk=page.pk)
        homes._raw_delete(homes.db)  # the child row alone; the page stays, and so does what lies under it
        page.content_type = _type(apps, "wagtailcore", "page")
        if page.title == HOME:
            page.title = page.draft_title = WELCOME
        page.save()
    used = apps.get_model("wagtailcore", "Page").objects.values("locale")
    locales = apps.get_model("wagtailcore", "Locale").objects
    locales.exclude(language_code=settings.LANGUAGE_CODE).exclude(pk__in=used).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0001_home_and_letters"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
    ]
    operations = [migrations.RunPython(make_home, make_welcome)]
