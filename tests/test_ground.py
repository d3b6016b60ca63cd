"""The ground itself: what the fixtures promise."""

import socket
import threading

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connection, transaction
from pytest_socket import SocketConnectBlockedError
from wagtail.models import Locale, Page, Site

from evaluation.models import Operator
from standards.frozen import present_triggers, trigger_names
from tests import factories
from tests.bystander import new


@pytest.mark.everywhere
@pytest.mark.django_db
def test_every_trigger_is_laid_with_the_database():
    assert present_triggers(connection) == trigger_names(connection.vendor)


@pytest.mark.usefixtures("empty")
@pytest.mark.parametrize("again", [1, 2])
@pytest.mark.django_db(transaction=True)
def test_a_test_that_commits_leaves_nothing_behind(again):
    assert Operator.objects.count() == 0
    Operator.objects.create(name="Somebody")
    assert (Page.objects.filter(depth=1).count(), Site.objects.count()) == (1, 1)
    assert Locale.objects.filter(language_code="en").exists()


@pytest.mark.django_db(transaction=True)
def test_threads_write_to_one_database():
    def add(number):
        with transaction.atomic():
            Operator.objects.create(name=f"Operator {number}")
        connection.close()

    threads = [threading.Thread(target=add, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert new(Operator).count() == 4


@pytest.mark.filterwarnings("ignore:A test tried to use")
def test_the_network_is_shut():
    with pytest.raises(SocketConnectBlockedError), socket.socket() as plug:
        plug.connect(("192.0.2.1", 80))


def test_private_files_stay_in_the_test(settings):
    name = storages["private"].save("evidence/one", ContentFile(b"one"))
    assert (settings.PRIVATE_ROOT / name).read_bytes() == b"one"


@pytest.mark.everywhere
def test_a_browser_meets_the_test_database(browser_page, as_user):
    user = factories.person(name="Somebody Invented")
    as_user(browser_page, user).goto("/work/account/")
    assert browser_page.get_by_label("Name", exact=True).input_value() == "Somebody Invented"


def test_whatever_a_page_complains_of_is_heard(browser_page, complaints):
    browser_page.goto("/accounts/login/")
    assert complaints == []
    browser_page.evaluate("console.error('a bad word')")
    with browser_page.context.expect_event("weberror"):
        browser_page.evaluate("setTimeout(() => { throw new Error('thrown') })")
    with browser_page.expect_console_message(lambda message: "connect-src" in message.text):
        browser_page.evaluate("fetch('http://example.org/').catch(() => null)")
    with browser_page.expect_console_message(lambda message: "style-src" in message.text):
        browser_page.evaluate("document.body.setAttribute('style', 'color: red')")
    with pytest.raises(Exception, match="ERR_NAME_NOT_RESOLVED"):
        browser_page.goto("http://example.org/")
    sorts = ("a bad word", "thrown", "connect-src", "style-src", "asked another host: http://example.org/")
    heard = " ".join(complaints)
    complaints.clear()
    missed = [sort for sort in sorts if sort not in heard]
    assert missed == [], heard


def test_axe_tells_what_breaks_wcag_and_looks_anew_each_time(browser_page, axe):
    page = '<!doctype html><html lang="en"><title>x</title><main><h1>x</h1><img src="data:,"></main>'
    browser_page.set_content(page)
    with pytest.raises(pytest.fail.Exception, match="image-alt"):
        axe(browser_page)
    browser_page.evaluate("document.querySelector('img').alt = 'A house'")
    axe(browser_page)
    browser_page.set_content(page)
    with pytest.raises(pytest.fail.Exception, match="image-alt"):
        axe(browser_page)
