"""What a panel member's rights depend on: ties, declarations, awaited replies. Cached on the user for one request."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from django.db.models import Prefetch, prefetch_related_objects
from django.utils import timezone

from evaluation.models.people.roles import Role
from evaluation.models.reasons import Reason

if TYPE_CHECKING:
    from evaluation.models.evaluation import Evaluation
    from evaluation.models.hotlines import Hotline
    from evaluation.models.people.user import User

_STAKES, _DECLARED_STAKES, _DECLARED, _ASSESSED, _UNTIED, _WAITS = (
    "stakes",
    "declared_stakes",
    "declared",
    "assessed",
    "untied",
    "waits",
)


def stakes_of(user: "User", hotline: "Hotline | None") -> list[str]:
    """Return a user's ties to a hotline, as codes: `country`, `role`, `declared`. Empty if there are none.

    Cached per hotline on the user instance, which lives for one request. A declaration clears the cache.
    """
    if hotline is None:
        return []
    cache_ties([user], [hotline])
    stakes: list[str] = user.known_ties[_STAKES, hotline.pk]
    return stakes


def clear_cached_ties(user: "User") -> None:
    """Clear what is cached on a user, so that it is read again."""
    user.known_ties.clear()


def cache_stakes(user: "User") -> None:
    """Cache all stakes that a user has declared, so that no tie of this user takes a query. One query."""
    user.known_ties[_DECLARED_STAKES, 0] = set(user.stakes.values_list("hotline", flat=True))


def find_cached_ties(user: "User") -> set[int] | None:
    """Return the keys of the hotlines in which a user has or had a role, or a declared stake; None before they are cached.

    Read by `cache_stakes`. A tie by country is not among them.
    """
    stakes: set[int] | None = user.known_ties.get((_DECLARED_STAKES, 0))
    if stakes is None:
        return None
    today = timezone.localdate()
    return stakes | {one.hotline_id for one in user.all_memberships if one.hotline_id and one.since <= today}


def cache_ties(people: Iterable["User"], hotlines: Iterable["Hotline"]) -> None:
    """Cache the ties of all of these users to all of these hotlines. At most two queries."""
    hotlines = list(hotlines)
    unknown = [
        (user, hotline)
        for user, known in [(user, user.known_ties) for user in people]
        for hotline in hotlines
        if (_STAKES, hotline.pk) not in known
    ]
    if not unknown:
        return
    users, keys = {user.pk: user for user, _ in unknown}, {hotline.pk for _, hotline in unknown}
    if len(users) > 1:
        prefetch_related_objects([*users.values()], Prefetch("memberships", to_attr="all_memberships"))
    own = {key: user.known_ties.get((_DECLARED_STAKES, 0)) for key, user in users.items()}
    declared = {(key, hotline) for key, stakes in own.items() for hotline in stakes or ()}
    if unread := [key for key, stakes in own.items() if stakes is None]:
        user_model = unknown[0][0].__class__  # type() of `request.user`, which is lazy, is another
        with_stakes = user_model.objects.filter(pk__in=unread, stakes__hotline__in=keys)
        declared |= set(with_stakes.values_list("pk", "stakes__hotline"))
    today = timezone.localdate()
    of_users = {  # read once, as `request.user` is lazy
        id(user): (
            user.country,
            {one.hotline_id for one in user.all_memberships if one.since <= today},
            user.known_ties,
        )
        for user in {id(user): user for user, _ in unknown}.values()
    }
    for user, hotline in unknown:
        country, begun, known_ties = of_users[id(user)]
        ties = {
            "country": bool(country) and country == hotline.country,
            "role": hotline.pk in begun,
            "declared": (user.pk, hotline.pk) in declared,
        }
        known_ties[_STAKES, hotline.pk] = [tie for tie, is_tied in ties.items() if is_tied]


def cache_declared_members(user: "User", declared: Mapping[int, bool]) -> None:
    """Cache for `declared_no_tie` whether a member declared to have no tie, by evaluation key."""
    user.known_ties.update({(_DECLARED, key): is_declared for key, is_declared in declared.items()})


def declared_no_tie(user: "User", evaluation: "Evaluation") -> bool:
    """Whether a member declared to have no tie, on the evaluation or on an appeal. Cached."""
    known = user.known_ties
    if (_DECLARED, evaluation.pk) not in known:
        known[_DECLARED, evaluation.pk] = (
            user.declarations.filter(evaluation=evaluation.pk, has_stake=False).exists()
            or evaluation.appeals.filter(declarations__user=user, declarations__has_stake=False).exists()
        )
    has_declared: bool = known[_DECLARED, evaluation.pk]
    return has_declared


def cache_waiting(user: "User", waiting: Mapping[int, bool]) -> None:
    """Cache for `waits_for_replies` whether the panel waits for the assessors' replies, by evaluation key."""
    user.known_ties.update({(_WAITS, key): is_waiting for key, is_waiting in waiting.items()})


def waits_for_replies(user: "User", evaluation: "Evaluation") -> bool:
    """Whether the panel waits for the assessors' replies, as in `Evaluation.awaits_replies`. Cached."""
    if evaluation.state != evaluation.State.DECISION:
        return False
    known = user.known_ties
    if (_WAITS, evaluation.pk) not in known:
        known[_WAITS, evaluation.pk] = evaluation.awaits_replies
    waits: bool = known[_WAITS, evaluation.pk]
    return waits


def has_assessed_before(user: "User", evaluation: "Evaluation") -> bool:
    """Whether a user was on the team of an earlier visit of this evaluation. Cached."""
    known = user.known_ties
    if (_ASSESSED, 0) not in known:
        known[_ASSESSED, 0] = set(user.earlier_visits.values_list("evaluation", flat=True))
    assessed: set[int] = known[_ASSESSED, 0]
    return evaluation.pk in assessed


def other_coordinators(user: "User") -> list["User"]:
    """Return the other coordinators of Missing Children Europe, by name."""
    people = user.__class__.objects.filter(is_active=True, memberships__role=Role.MCE_COORDINATOR).exclude(pk=user.pk)
    return [one for one in people.distinct().order_by("name", "pk") if one.has_role(Role.MCE_COORDINATOR)]


def untied_coordinators(user: "User", hotline: "Hotline") -> list["User"]:
    """Return the other coordinators of Missing Children Europe without a tie to the hotline. Cached on `user`."""
    known = user.known_ties
    if (_UNTIED, hotline.pk) not in known:
        coordinators = other_coordinators(user)
        cache_ties(coordinators, [hotline])
        known[_UNTIED, hotline.pk] = [one for one in coordinators if not stakes_of(one, hotline)]
    found: list[User] = known[_UNTIED, hotline.pk]
    return found


def tied_people(people: Iterable["User"], hotline: "Hotline") -> dict[str, tuple[str, ...]]:
    """Return the names of the users with a tie to the hotline, by the code of the tie. Unused codes are left out."""
    people = list(people)
    found: defaultdict[str, list[str]] = defaultdict(list)
    cache_ties(people, [hotline])
    for person in people:
        for tie in stakes_of(person, hotline):
            found[tie].append(person.name)
    return {tie: tuple(names) for tie, names in found.items()}


def ties_of_team(team: "Iterable[User]", hotline: "Hotline") -> Iterator[Reason]:
    """Yield a reason for each kind of tie in the team, and one for members whose country is unknown."""
    team = list(team)
    for tie, names in tied_people(team, hotline).items():
        yield Reason(f"team_tied_by_{tie}", names=names)
    if unknown := tuple(person.name for person in team if not person.country):
        yield Reason("country_unknown", names=unknown)
