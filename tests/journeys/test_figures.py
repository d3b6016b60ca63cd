"""A hotline's own export, from its columns to the network's public figures: coordinator, MCE and everybody, in a browser."""

from collections.abc import Callable
from typing import Any

import pytest

from evaluation.models import Figure, Hotline, Matching, SpooledFile, StatisticsImport, Step
from evaluation.workflow import verify_chain
from portal.demonstration.exports import generate
from tests.browsing import follow
from tests.bystander import new
from tests.evaluation.figures.accepted_years import accepted
from tests.evaluation.figures.own_exports import GERMAN, long
from tests.stage import Stage

pytestmark = pytest.mark.browser


def send(page: Any, name: str, content: bytes) -> None:
    page.goto("/work/figures/")
    page.locator("input[name=file]").set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})
    follow(page.get_by_role("button", name="Read and check"))


def expect_notice(page: Any, words: str) -> None:
    page.locator(".notice", has_text=words).first.wait_for()


def test_an_own_export_is_understood_once_and_becomes_part_of_the_networks_figures(
    page_of: Callable[..., Any], axe: Callable[[Any], None]
):
    stage = Stage("self_assessment", is_counted=False)
    new(StatisticsImport).all().delete()
    new(Hotline).update(is_invented=False)  # the pages of a network that is not invented
    hotline, mce = page_of(stage.coordinator), page_of(stage.people.mce)

    # The meaning of these columns is not known yet: a user states it once, and checks the result.
    send(hotline, "auszug-2024.csv", long(generate("116000-XA", 2024, seed=7), GERMAN, "2024"))
    expect_notice(hotline, "This export has columns of its own.")
    axe(hotline)
    follow(hotline.get_by_role("link", name="Match the columns"))
    axe(hotline)
    follow(hotline.get_by_role("button", name="Confirm and read the file"))
    expect_notice(hotline, "A dry run: nothing is written yet.")
    assert (new(Figure).count(), SpooledFile.objects.count(), Matching.objects.count()) == (0, 0, 1)
    axe(hotline)
    follow(hotline.get_by_role("button", name="Confirm the figures").first)
    expect_notice(hotline, "Figures confirmed.")

    # The next file of the same system asks nothing about columns; the warnings require an explanation.
    later = generate("116000-XA", 2025, seed=7, quality=0.35)
    send(hotline, "auszug-2025.csv", long(later, GERMAN, "2025"))
    expect_notice(hotline, "A dry run: nothing is written yet.")
    for field in hotline.locator("#explain textarea").all():
        field.fill("The night shift had no staff from May on.")
    follow(hotline.get_by_role("button", name="Save the explanations"))
    follow(hotline.get_by_role("button", name="Confirm the figures").first)
    expect_notice(hotline, "Figures confirmed.")

    # MCE finds both waiting and accepts them.
    for _ in range(2):
        mce.goto("/work/figures/network/")
        follow(mce.get_by_role("link", name="Land XA: auszug").first)
        follow(mce.get_by_role("button", name="Accept the figures"))
        expect_notice(mce, "Figures accepted.")
    axe(mce)

    # The hotline sees its years. One hotline alone is no network; of three MCE makes the year public, and everybody sees it.
    hotline.goto("/work/figures/of/XA/trends/")
    assert hotline.get_by_role("heading", level=1).inner_text() == "Figures of Land XA over time"
    follow(mce.get_by_role("link", name="Network figures"))
    follow(mce.get_by_role("link", name="What the public sees"))
    axe(mce)
    follow(mce.get_by_role("link", name="2025"))
    mce.get_by_text("Too few hotlines for any table").wait_for()
    axe(mce)
    for country in ("BE", "NL"):
        accepted(country)
    follow(mce.get_by_role("link", name="What the public sees"))
    follow(mce.get_by_role("link", name="2025"))
    follow(mce.get_by_role("button", name="Make it public"))
    expect_notice(mce, "Year made public.")
    axe(mce)
    hotline.goto("/en/figures/")
    hotline.get_by_text("Release 1 of").wait_for()
    hotline.get_by_role("heading", name="New cases by category").wait_for()
    axe(hotline)
    assert {s.state for s in new(StatisticsImport).all()} == {"accepted"}
    for statistics in new(StatisticsImport).all():
        steps = Step.objects.filter(kind="statistics", uid=statistics.uid).order_by("seq")
        assert verify_chain(steps) == []
