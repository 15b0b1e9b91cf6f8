"""Courtesy against real servers: robots.txt, distance, one visit at a time, and no network at all."""

from dataclasses import replace
from datetime import timedelta

import pytest
from aiohttp import web

from tests.fetch.adversary import NONE, START, Street
from worker.errors import FetchError, FetchReason, Pause, PutOffError
from worker.fetch.client import NotModified, Response
from worker.models.feed import Validators
from worker.models.hosts import Network

DAY = timedelta(days=1)


@pytest.fixture
def street(server, client) -> Street:
    server.answer("/rss", b"<rss/>")
    server.answer("/robots.txt", b"", status=404)
    return Street(server, client)


def refused(street: Street, url: str) -> FetchError:
    with pytest.raises(FetchError) as caught:
        street.read(url)
    return caught.value


def put_off(street: Street, url: str, **options) -> PutOffError:
    with pytest.raises(PutOffError) as caught:
        street.ask(url, **options)
    return caught.value


def test_robots_is_asked_first_and_the_feed_five_seconds_later(street):
    error = put_off(street, street.url("bnt.bg"))
    first = street.paths("bnt.bg")
    street.now += timedelta(seconds=error.wait_s)
    answer = street.ask(street.url("bnt.bg"))

    assert (error.pause, error.wait_s, error.host) == (Pause.ROBOTS, 5, "bnt.bg")
    assert first == ["/robots.txt"]
    assert isinstance(answer, Response)
    assert street.paths("bnt.bg") == ["/robots.txt", "/rss"]


def test_robots_is_asked_once_a_day_by_all_processes_together(street):
    other_process = replace(street.polite, client=street.client)
    for _ in range(30):
        street.read(street.url("bnt.bg"))
        street.now += timedelta(minutes=30)
        street.ask(street.url("bnt.bg"), polite=other_process)
        street.now += timedelta(minutes=30)

    assert street.paths("bnt.bg").count("/robots.txt") == 2


@pytest.mark.parametrize(
    ("rules", "is_allowed"),
    [
        pytest.param("User-agent: *\nDisallow: /\n", False, id="everybody"),
        pytest.param("User-agent: vestitel\nDisallow: /rss\n", False, id="us by name"),
        pytest.param("User-agent: Vestitel\nAllow: /rss\n\nUser-agent: *\nDisallow: /\n", True, id="all but us"),
        pytest.param("User-agent: GPTBot\nDisallow: /\n", True, id="somebody else"),
        pytest.param("User-agent: *\nDisallow: /*?rubrid=\n", True, id="another address"),
        pytest.param("User-agent: *\nDisallow: /\nAllow: /rss$\n", True, id="the longest rule wins"),
        pytest.param("\ufeffUser-agent: *\r\nDisallow: /rss\r\n", False, id="byte order mark"),
        pytest.param("<!doctype html><html><title>Новини</title></html>", True, id="a page for an answer"),
        pytest.param("", True, id="empty"),
    ],
)
def test_rules_of_robots_hold(street, rules, is_allowed):
    street.server.answer("/robots.txt", rules.encode())

    if is_allowed:
        assert isinstance(street.read(street.url("bnt.bg")), Response)
        return
    error = refused(street, street.url("bnt.bg"))

    assert error.reason is FetchReason.ROBOTS
    assert error.cause == "robots.txt forbids /rss to Vestitel"
    assert error.retry_after_s == DAY.total_seconds()
    assert street.paths("bnt.bg") == ["/robots.txt"]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 429, 451])
def test_site_without_robots_allows_everything(street, status):
    street.server.answer("/robots.txt", status=status)

    assert isinstance(street.read(street.url("bnt.bg")), Response)


@pytest.mark.parametrize("status", [500, 502, 503])
def test_site_that_does_not_say_is_not_asked_and_the_question_repeated_later(street, status):
    street.server.answer("/robots.txt", status=status)
    error = refused(street, street.url("bnt.bg"))
    again = refused(street, street.url("bnt.bg"))
    street.server.answer("/robots.txt", b"")
    street.now += timedelta(seconds=error.retry_after_s or 0)
    answer = street.read(street.url("bnt.bg"))

    assert (error.reason, again.reason) == (FetchReason.ROBOTS, FetchReason.ROBOTS)
    assert error.retry_after_s == 3600
    assert street.paths("bnt.bg") == ["/robots.txt", "/robots.txt", "/rss"]
    assert isinstance(answer, Response)


def test_retry_after_of_robots_is_waited_for(street):
    street.server.answer("/robots.txt", status=503, Retry_After="7200")

    assert refused(street, street.url("bnt.bg")).retry_after_s == 7200


def test_site_that_cannot_be_reached_is_not_asked_and_nothing_is_remembered(street):
    street.has_network = False

    error = refused(street, street.url("bnt.bg"))

    assert error.reason is FetchReason.DNS
    assert street.hosts.records == {}


def test_redirects_of_robots_are_followed_and_too_many_mean_none(street):
    street.server.answer("/robots.txt", status=301, Location="/r")
    street.server.answer("/r", b"User-agent: *\nDisallow: /rss\n")
    forbidden = refused(street, street.url("bnt.bg"))
    for number in range(7):
        street.server.answer(f"/r{number}", status=302, Location=f"/r{number + 1}")
    street.server.answer("/robots.txt", status=302, Location="/r0")
    allowed = street.read(street.url("dnes.bg"))

    assert forbidden.reason is FetchReason.ROBOTS
    assert isinstance(allowed, Response)


def test_crawl_delay_holds_and_five_seconds_are_the_least(street):
    street.server.answer("/robots.txt", b"User-agent: *\nCrawl-delay: 10\n")
    for _ in range(4):
        street.read(street.url("bnt.bg"))
    street.server.answer("/robots.txt", b"User-agent: *\nCrawl-delay: 1\n")
    for _ in range(4):
        street.read(street.url("dnes.bg"))

    assert set(street.gaps("bnt.bg")) == {10}
    assert set(street.gaps("dnes.bg")) == {5}


def test_hosts_of_one_domain_are_one_publisher(street):
    for host in ("news.bnt.bg", "bnt.bg", "www.bnt.bg"):
        street.read(street.url(host))

    assert min(street.gaps("news.bnt.bg", "bnt.bg", "www.bnt.bg")) >= 5


def test_group_of_the_configuration_is_one_publisher(street):
    polite = street.with_(groups={"dnevnik.bg": "economedia", "capital.bg": "economedia"})
    put_off(street, street.url("www.dnevnik.bg"), polite=polite)

    error = put_off(street, street.url("www.capital.bg"), polite=polite)

    assert (error.pause, error.host) == (Pause.HOST, "economedia")


def test_other_publishers_do_not_wait(street):
    for host in ("bta.bg", "bnt.bg", "nova.bg"):
        assert put_off(street, street.url(host)).pause is Pause.ROBOTS

    assert [path for _, _, path, _ in street.seen] == ["/robots.txt"] * 3


def test_publisher_who_is_being_asked_is_left_alone(street):
    street.read(street.url("bnt.bg"))
    street.now += timedelta(minutes=1)
    errors: list[PutOffError] = []

    async def ask_meanwhile(_: web.Request) -> web.StreamResponse:
        held = street.hosts.take(
            "bnt.bg", "other", street.now, lease=timedelta(seconds=9), spacing=timedelta(seconds=5), most=6
        )
        errors.append(PutOffError("x", Pause.HOST, held.total_seconds() if held else 0.0, "bnt.bg"))
        return web.Response(body=b"<rss/>")

    street.server.handle("/rss", ask_meanwhile)
    street.ask(street.url("bnt.bg"))

    assert errors[0].wait_s >= 2


def test_redirect_within_a_publisher_is_followed_at_once_and_to_another_by_his_rules(street):
    street.server.answer("/old", status=301, Location="/rss")
    within = street.read(street.url("bnt.bg", "/old"))
    street.server.answer("/away", status=302, Location=street.url("capital.bg"))
    street.server.answer("/robots.txt", b"User-agent: *\nDisallow: /rss\n")

    error = refused(street, street.url("bnt.bg", "/away"))

    assert isinstance(within, Response)
    assert street.paths("bnt.bg")[:3] == ["/robots.txt", "/old", "/rss"]
    assert error.reason is FetchReason.ROBOTS
    assert street.paths("capital.bg") == ["/robots.txt"]


def test_everything_is_given_back_after_a_failure(street):
    street.server.answer("/rss", status=500)
    refused(street, street.url("bnt.bg"))
    street.server.answer("/rss", b"<rss/>")
    street.now += timedelta(seconds=5)

    assert isinstance(street.ask(street.url("bnt.bg")), Response)


def test_own_machine_is_asked_without_ceremony(street):
    url = street.server.url("/rss")

    for _ in range(3):
        street.ask(url)

    assert [path for _, _, path, _ in street.seen] == ["/rss"] * 3


def test_without_a_network_it_is_told_once_and_nobody_is_blamed(street):
    sites = [f"site{number}.bg" for number in range(6)]
    for site in sites:
        street.read(street.url(site))
    street.has_network = False
    street.now += timedelta(minutes=10)
    outcomes = []
    for site in sites * 3:
        street.now += timedelta(seconds=20)
        try:
            street.ask(street.url(site))
        except (FetchError, PutOffError) as error:
            outcomes.append(error)
    lost_for_s = [error.wait_s for error in outcomes if isinstance(error, PutOffError)]
    street.has_network = True
    street.now += timedelta(minutes=1)
    street.read(street.url(sites[0]))
    street.read(street.url(sites[1]))

    assert [type(error) for error in outcomes] == [FetchError] * 2 + [PutOffError] * 16
    assert {error.pause for error in outcomes if isinstance(error, PutOffError)} == {Pause.NETWORK}
    assert [state.network for state in street.told] == [Network.LOST, Network.FOUND]
    assert min(lost_for_s) == 30
    assert max(lost_for_s) <= 300


def test_start_without_a_network_is_told_and_recovers(street):
    street.has_network = False
    for number in range(5):
        with pytest.raises((FetchError, PutOffError)):
            street.ask(street.url(f"site{number}.bg"))
    street.has_network = True
    street.now += timedelta(minutes=1)

    answers = [street.read(street.url(f"site{number}.bg")) for number in range(5)]

    assert [state.network for state in street.told] == [Network.LOST, Network.FOUND]
    assert all(isinstance(answer, Response) for answer in answers)


def test_week_of_polls_passes_the_tests_for_polite_readers(street):
    """Kroll's criteria (rachelbythebay.com/w/2024/05/27/feed/): interval, share of unconditional requests,
    validators byte for byte, nothing else in the request."""
    versions = [('W/"α-1"', "Tue, 24 Nov 2026 06:00:00 GMT"), ('"2 ,x"', "Wed, 25 Nov 2026 06:00:00 GMT")]

    async def feed(request: web.Request) -> web.StreamResponse:
        etag, modified = versions[street.now >= START + 3 * DAY]
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=304, headers={"ETag": etag})
        return web.Response(body=b"<rss/>", headers={"ETag": etag, "Last-Modified": modified})

    street.server.handle("/rss", feed)
    url, validators, bodies = street.url("bnt.bg"), NONE, 0
    while street.now < START + 7 * DAY:
        answer = street.read(url, validators)
        if not isinstance(answer, NotModified):
            bodies += 1
            headers = answer.headers
            validators = Validators(etag=headers["etag"], last_modified=headers["last-modified"], url=answer.final_url)
        street.now += timedelta(minutes=10)
    polls = [headers for _, _, path, headers in street.seen if path == "/rss"]

    assert min(street.gaps("bnt.bg")) >= 5
    assert bodies == 2
    assert sum("if-none-match" not in headers for headers in polls) == 1
    assert {(h["if-none-match"], h["if-modified-since"]) for h in polls[1:]} == set(versions)
    assert all(("a-im" in headers) == ("if-none-match" in headers) for headers in polls)
    conditions = {"if-none-match", "if-modified-since", "a-im"}
    usual = {"host", "user-agent", "accept", "accept-encoding", "connection"}
    assert all(set(headers) - conditions == usual for headers in polls)
    assert len({headers["user-agent"] for headers in polls}) == 1
    assert street.paths("bnt.bg").count("/robots.txt") == 7
