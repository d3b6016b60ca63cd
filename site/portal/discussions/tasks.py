"""What is to be done next about comments: those that mention a user are answered."""

from collections.abc import Iterable, Iterator

from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from evaluation.discussions.discussions import find_open_mentions
from evaluation.models import Audience, Evaluation, User
from portal.tasks import Line, Task, TaskKind, TaskSearch, Waiting

ANSWER = Task("discussion.review", "discussion", gettext_lazy("Answer"))


def _find_mentions(search: TaskSearch) -> Iterator[Waiting]:
    """Yield the comments of review discussions that mention the user; hotlines have theirs on their own pages."""
    mentions = [one for one in find_open_mentions(search.user) if one.comment.discussion.audience == Audience.REVIEW]
    prefetch_related_objects(mentions, "comment__discussion__evaluation__visit__team")
    for mention in mentions:
        comment, discussion = mention.comment, mention.comment.discussion
        args = [discussion.evaluation.uid, discussion.audience, discussion.code]
        title = f"{discussion.evaluation.hotline.name}, {discussion.code}"
        yield Waiting(discussion, title, reverse("workspace:discussion", args=args), comment.written_at)


TASKS = (TaskKind("asked", gettext_lazy("Comments that ask you"), ANSWER, _find_mentions),)


def lines_of_mentions(evaluations: Iterable[Evaluation], user: User) -> Iterator[Line]:
    """Yield one line with links to the comments that mention the user; nothing if there are none."""
    places: dict[str, str] = {}
    count = 0
    for mention in find_open_mentions(user, evaluations):
        discussion = mention.comment.discussion
        args = [discussion.evaluation.uid, discussion.audience, discussion.code]
        address = reverse("workspace:discussion", args=args)
        places.setdefault(address, f"{discussion.code}, {discussion.evaluation.hotline.name}")
        count += 1
    if count:
        yield Line(
            what=ngettext("%(count)d comment asks you", "%(count)d comments ask you", count) % {"count": count},
            places=[(name, address) for address, name in places.items()],
            act=_("Answer"),
            act_url=next(iter(places)),
            icon="comment",
        )
