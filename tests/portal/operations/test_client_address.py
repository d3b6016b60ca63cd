"""The client's address of a request: headers of trusted proxies are used, all others ignored."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from structlog.testing import capture_logs

from portal.operations.client_address import (
    UNKNOWN,
    ClientAddressMiddleware,
    client_network,
    find_client_address,
    parse_trusted_proxies,
)


@pytest.mark.parametrize(
    ("trusted", "peer", "forwarded_for", "address"),
    [
        ("", "192.0.2.1", "", "192.0.2.1"),
        ("", "192.0.2.1", "198.51.100.7", "192.0.2.1"),
        ("", "", "198.51.100.7", ""),
        ("0", "192.0.2.1", "198.51.100.7", "192.0.2.1"),
        # A number: so many last entries are from trusted proxies, whatever the peer.
        ("1", "10.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("1", "", "203.0.113.9, 198.51.100.7", "198.51.100.7"),
        ("2", "10.0.0.1", "203.0.113.9, 198.51.100.7, 10.0.0.2", "198.51.100.7"),
        ("2", "10.0.0.1", "198.51.100.7", "10.0.0.1"),
        ("1", "10.0.0.1", "", "10.0.0.1"),
        # Networks: entries are skipped from the right while they are proxies.
        ("10.0.0.0/8", "10.0.0.1", "203.0.113.9, 198.51.100.7", "198.51.100.7"),
        ("10.0.0.0/8", "10.0.0.1", "203.0.113.9, 198.51.100.7, 10.0.0.2", "198.51.100.7"),
        ("10.0.0.0/8", "192.0.2.1", "198.51.100.7", "192.0.2.1"),
        ("10.0.0.0/8", "", "198.51.100.7", ""),
        ("10.0.0.0/8, unix", "", "198.51.100.7, 10.0.0.3", "198.51.100.7"),
        ("unix", "", "", ""),
        ("10.0.0.0/8", "10.0.0.1", "198.51.100.7, <script>", "10.0.0.1"),
        # Different notations of the same address.
        ("1", "10.0.0.1", "198.51.100.7:4711", "198.51.100.7"),
        ("1", "10.0.0.1", "[2001:DB8::7]:4711", "2001:db8::7"),
        ("127.0.0.1", "::ffff:127.0.0.1", "198.51.100.7", "198.51.100.7"),
    ],
)
def test_the_address_of_a_client(trusted, peer, forwarded_for, address):
    assert find_client_address(peer, forwarded_for, parse_trusted_proxies(trusted)) == address


@pytest.mark.parametrize("text", ["proxy.example.org", "10.0.0.1/8", "1 2", "-1"])
def test_a_setting_that_cannot_be_read_stops_the_start_and_says_how_it_is_written(text, settings):
    settings.TRUSTED_PROXIES = text
    with pytest.raises(ImproperlyConfigured, match="Write how many proxies"):
        ClientAddressMiddleware(lambda request: HttpResponse())


@pytest.mark.parametrize(
    ("address", "network"),
    [("192.0.2.1", "192.0.2.1"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"), ("", UNKNOWN)],
)
def test_a_network_of_one_household_is_one_client(rf, address, network):
    assert client_network(rf.get("/", REMOTE_ADDR=address)) == network


def test_an_operator_is_told_once_that_the_setting_is_missing(rf, settings):
    settings.TRUSTED_PROXIES = ""
    serve = ClientAddressMiddleware(lambda request: HttpResponse(request.META["REMOTE_ADDR"]))
    with capture_logs() as records:
        for _ in range(2):
            assert serve(rf.get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="1.2.3.4")).content == b"10.0.0.1"
    assert [record["peer"] for record in records] == ["10.0.0.1"]
