"""Who answers for the service is named before anybody else's server is asked."""

import pytest

from worker.models.feed import Feed
from worker.models.news import FeedId
from worker.settings.contact import known_contact, missing_contact, user_agent


def feed(url: str) -> Feed:
    return Feed(id=FeedId("a"), outlet="А", url=url, every_s=600)


@pytest.mark.parametrize(
    ("contact", "named"),
    [
        pytest.param("", "", id="nobody"),
        pytest.param("desk@desk.example", " (mailto:desk@desk.example)", id="mail"),
        pytest.param("https://desk.example/bot", " (+https://desk.example/bot)", id="page"),
        pytest.param(
            "https://desk.example/bot, desk@desk.example",
            " (+https://desk.example/bot; mailto:desk@desk.example)",
            id="both",
        ),
    ],
)
def test_user_agent_names_us_and_whom_to_ask(contact, named):
    agent = user_agent(known_contact(contact))

    assert agent.partition(" ")[0].startswith("Vestitel/")
    assert agent.removeprefix(agent.partition(" ")[0]) == named
    assert "Mozilla" not in agent


@pytest.mark.parametrize(
    "contact",
    ["редакция", "desk", "https://", "ftp://desk.example", "https://desk.example/)x", "a@b\r\nX: y", "https://бюро.бг"],
)
def test_contact_that_publishers_could_not_use_is_refused(contact):
    with pytest.raises(ValueError, match="e-mail address"):
        known_contact(contact)


@pytest.mark.parametrize(
    ("contact", "urls", "is_missing"),
    [
        pytest.param("", ["https://bnt.bg/rss"], True, id="other people's feeds"),
        pytest.param("", ["http://127.0.0.1:8/rss", "https://10.0.0.1/rss"], True, id="another machine of ours"),
        pytest.param(
            "", ["http://127.0.0.1:8/rss", "http://localhost/rss", "http://[::1]/a"], False, id="this machine"
        ),
        pytest.param("a@b.example", ["https://bnt.bg/rss"], False, id="contact is set"),
    ],
)
def test_contact_is_needed_for_feeds_of_others(contact, urls, is_missing):
    assert bool(missing_contact(contact, [feed(url) for url in urls])) is is_missing
