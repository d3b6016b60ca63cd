"""Receivers for sign-ins, changed roles, removed devices and migrations."""

import time
from typing import Any

from allauth.account.signals import password_reset
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed
from django.apps import AppConfig, apps
from django.contrib.auth.models import Group, Permission
from django.contrib.auth.signals import user_logged_in
from django.db import connection
from django.db.models.signals import post_delete, post_migrate, post_save
from django.dispatch import receiver
from django.http import HttpRequest
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from evaluation.models import Membership, Role, User
from portal.accounts import adapters, known_devices
from portal.approval.models import IndependentApprovalTask
from portal.approval.workflow import prepare_workflow
from portal.figures.letters import end_keys

PAGE_RIGHTS = ("add_page", "change_page", "publish_page", "bulk_delete_page", "lock_page", "unlock_page")
FILE_RIGHTS = ("add_image", "change_image", "choose_image", "add_document", "change_document", "choose_document")
OTHER_RIGHTS = ("wagtailadmin.access_admin", "wagtail_localize.submit_translation")
"""Permissions of Guide editors and MCE coordinators in the CMS. Released pages are protected by the Guide itself."""


@receiver(user_logged_in)
def signed_in(request: HttpRequest | None, user: User, **_: Any) -> None:
    adapters.sync_groups(user)
    if request is not None:
        request.session["signed_in_at"] = time.time()
        known_devices.remember_device(request, user.email)


@receiver(password_reset)
def password_was_reset(request: HttpRequest, user: User, **_: Any) -> None:
    """Remember this browser as known, so that limits of strangers do not apply: the letter proves the identity."""
    known_devices.remember_device(request, user.email)


@receiver([post_save, post_delete], sender=Membership)
def role_changed(instance: Membership, raw: bool = False, **_: Any) -> None:
    if not raw:
        adapters.sync_groups(instance.user)
        end_keys(made_by=instance.user)


@receiver(authenticator_added)
def device_added(request: HttpRequest, authenticator: Authenticator, **_: Any) -> None:
    if authenticator.type == Authenticator.Type.TOTP:
        adapters.remember_second_factor(request, authenticator)


@receiver(authenticator_removed)
def device_removed(request: HttpRequest, **_: Any) -> None:
    adapters.forget_second_factor(request)


@receiver(post_migrate)
def give_rights(app_config: AppConfig, **_: Any) -> None:
    """Create the CMS's groups with their permissions. Runs after each migrate, repeatably."""
    if app_config is not [app for app in apps.get_app_configs() if app.models_module][-1]:
        return  # the permissions of later apps do not exist yet
    tables = set(connection.introspection.table_names())
    if not {Page._meta.db_table, Group._meta.db_table} <= tables:
        return
    root = Page.objects.filter(depth=1).first()
    folder = Collection.objects.filter(depth=1).first()
    if root is None or folder is None:
        return
    for name in adapters.CMS_GROUPS.values():
        group, _created = Group.objects.get_or_create(name=name)
        for permission in _permissions("wagtailcore", PAGE_RIGHTS):
            GroupPagePermission.objects.get_or_create(group=group, page=root, permission=permission)
        for permission in _permissions(None, FILE_RIGHTS):
            GroupCollectionPermission.objects.get_or_create(group=group, collection=folder, permission=permission)
        others = [p for right in OTHER_RIGHTS for p in _permissions(*_split(right))]
        group.permissions.add(*others, *Permission.objects.filter(content_type__app_label="standards"))
    if IndependentApprovalTask._meta.db_table not in tables:
        return
    groups = {name: Group.objects.get(name=name) for name in adapters.CMS_GROUPS.values()}
    prepare_workflow(
        root, groups[adapters.CMS_GROUPS[Role.GUIDE_EDITOR]], groups[adapters.CMS_GROUPS[Role.MCE_COORDINATOR]]
    )


def _split(right: str) -> tuple[str, tuple[str]]:
    app, codename = right.split(".")
    return app, (codename,)


def _permissions(app: str | None, codenames: tuple[str, ...]) -> list[Permission]:
    found = Permission.objects.filter(codename__in=codenames)
    return list(found.filter(content_type__app_label=app) if app else found)
