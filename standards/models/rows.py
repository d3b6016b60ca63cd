"""Rows that belong to one page. Copying, restoring or translating a page never moves a row to another page."""

from collections.abc import Mapping
from typing import Any

from django.db import models
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel, get_all_child_relations
from wagtail.models import Orderable

Content = dict[str, Any]
"""The content of a page or a row in a revision: its fields, `pk`, and a list of rows for each child relation."""


class Row(Orderable):
    """A row of a page. If its parent is not the one in the database, it is saved as a new row."""

    pk: Any

    class Meta(Orderable.Meta):
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            parents = [field.attname for field in self._meta.fields if isinstance(field, ParentalKey)]
            stored = type(self)._base_manager.filter(pk=self.pk).values(*parents).first()
            if stored and stored != {name: getattr(self, name) for name in parents}:
                self.pk = None
                self._state.adding = True
        super().save(*args, **kwargs)


class WithRows(ClusterableModel):
    """A page whose revisions are loaded so that each row is either one of the page's own or a new one.

    In the revisions of a copied page, Wagtail gives new keys to the rows, but not to the rows below them. A row whose
    parent has been deleted since is new, too; Wagtail alone would omit it.
    """

    class Meta:
        abstract = True

    @classmethod
    def from_serializable_data(cls, data: Content, check_fks: bool = True, strict_fks: bool = False) -> Any:
        return super().from_serializable_data(own_rows(cls, data), check_fks=check_fks, strict_fks=strict_fks)


def own_rows(model: type[models.Model], content: Content) -> Content:
    """Return the content of a page with the keys of its own rows only. Runs one query per child model."""
    content = dict(content)
    _keep_own_keys([content], model)
    return content


def _keep_own_keys(parents: list[Content], model: type[models.Model]) -> None:
    for relation in get_all_child_relations(model):
        name, row_model, key = relation.get_accessor_name(), relation.related_model, relation.field
        below = []
        for parent in parents:
            if name in parent:
                parent[name] = [{**row, key.name: parent["pk"]} for row in parent[name]]
                below += parent[name]
        owners = _owners(row_model, key.attname, below)
        for row in below:
            if row["pk"] is not None and (row[key.name] is None or owners.get(row["pk"]) != row[key.name]):
                row["pk"] = None
        _keep_own_keys(below, row_model)


def _owners(model: type[models.Model], key: str, rows: list[Content]) -> Mapping[Any, Any]:
    """Return the stored parents of rows by the keys of the rows."""
    known = [row["pk"] for row in rows if row["pk"] is not None]
    return dict(model._base_manager.filter(pk__in=known).values_list("pk", key)) if known else {}
