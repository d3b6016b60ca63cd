"""Validate the groups of domains: every domain is in one of them, and their method is one that groups can have."""

from collections import Counter
from collections.abc import Iterator

from standards.framework.condition import Method
from standards.framework.problem import ValidationProblem, gettext_noop
from standards.framework.structure import Framework, Group


def find_group_problems(framework: Framework) -> Iterator[ValidationProblem]:
    yield from _find_code_problems(framework)
    taken: dict[str, str] = {}
    for group in framework.groups:
        yield from _find_domain_problems(framework, group, taken)
    for domain in framework.domains if framework.groups else ():
        if domain.code not in taken:
            yield ValidationProblem(
                gettext_noop("Domain %(code)s is in no group. Choose it in one of them: %(known)s."),
                "groups",
                code=domain.code,
                known=", ".join(group.code for group in framework.groups),
            )
    yield from _find_scoring_problems(framework)


def _find_code_problems(framework: Framework) -> Iterator[ValidationProblem]:
    others = {*framework.indicators, *(part.code for part in framework.parts)}
    for code, times in Counter(group.code for group in framework.groups).items():
        if times > 1:
            message = gettext_noop("The group %(code)s stands twice. Each may stand once.")
            yield ValidationProblem(message, f"group/{code}", "code", code=code)
        elif code in others:
            yield ValidationProblem(
                gettext_noop("The code %(code)s stands twice. Each code may stand once in an edition."),
                f"group/{code}",
                "code",
                code=code,
            )


def _find_domain_problems(framework: Framework, group: Group, taken: dict[str, str]) -> Iterator[ValidationProblem]:
    """Yield the problems of the domains of a group; `taken` has the group of each domain so far."""
    where, known = f"group/{group.code}", {domain.code for domain in framework.domains}
    if group.weight < 1:
        yield ValidationProblem(
            gettext_noop("%(code)s weighs %(weight)s. Give it a weight of at least 1."),
            where,
            "weight",
            code=group.code,
            weight=group.weight,
        )
    if not group.domains:
        yield ValidationProblem(
            gettext_noop("The group %(code)s has no domain. Choose its domains, or remove it."),
            where,
            "domains",
            code=group.code,
        )
    for code in group.domains:
        if code not in known:
            yield ValidationProblem(
                gettext_noop("The group %(group)s names the domain %(code)s, which the edition does not have."),
                where,
                "domains",
                group=group.code,
                code=code,
            )
        elif code in taken:
            yield ValidationProblem(
                gettext_noop("Domain %(code)s is in the group %(first)s already. Each domain is in one group, once."),
                where,
                "domains",
                code=code,
                first=taken[code],
            )
        taken.setdefault(code, group.code)


def _find_scoring_problems(framework: Framework) -> Iterator[ValidationProblem]:
    aggregation = framework.rule.aggregation
    if aggregation.group not in (Method.MEAN, Method.LOWEST):
        yield ValidationProblem(
            gettext_noop("The score of a group is the mean of its domains or the lowest of them. Choose one of these."),
            "aggregation",
            "group",
        )
    if aggregation.of_groups and not (framework.groups and aggregation.overall is Method.MEAN):
        yield ValidationProblem(
            gettext_noop(
                "The whole can be made of groups only where there are groups and it is the mean of its parts. Choose "
                "that, or make it of domains."
            ),
            "aggregation",
            "of_groups",
        )
