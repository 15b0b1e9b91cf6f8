"""One article, one address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.text.urls import canonical_url, is_web_url, url_key

_PIECES = [
    "http://",
    "https://",
    "ftp:",
    "WWW.",
    "outlet",
    ".example",
    "сайт.бг",
    ":80",
    ":443",
    ":8080",
    ":x",
    "/",
    "//",
    "а",
]
_PIECES += [
    "?",
    "&",
    "=",
    "utm_source=rss",
    "ref=a",
    "p=5",
    "#",
    "%",
    "%41",
    "%d0%b0",
    "%2F",
    "%zz",
    "[",
    "]",
    "@",
    " ",
    "\n",
    "a",
]
_URLS = st.lists(st.sampled_from(_PIECES), max_size=10).map("".join)


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        pytest.param("HTTPS://Outlet.Example/A", "https://outlet.example/A", id="case of scheme and host"),
        pytest.param("https://outlet.example:443/a", "https://outlet.example/a", id="default port"),
        pytest.param("http://outlet.example:8080/a", "http://outlet.example:8080/a", id="other port"),
        pytest.param("https://outlet.example", "https://outlet.example/", id="no path"),
        pytest.param("https://outlet.example/a/", "https://outlet.example/a/", id="closing slash stays"),
        pytest.param("https://outlet.example/a#comments", "https://outlet.example/a", id="fragment"),
        pytest.param("https://outlet.example/a?utm_source=rss&UTM_Medium=x", "https://outlet.example/a", id="utm"),
        pytest.param("https://outlet.example/a?fbclid=1&gclid=2&yclid=3&mc_cid=4&ref=5", "https://outlet.example/a", id="clicks"),
        pytest.param("https://outlet.example/novini.php?n=7&ref=rss", "https://outlet.example/novini.php?n=7", id="identity query"),
        pytest.param("https://outlet.example/?p=44250", "https://outlet.example/?p=44250", id="page number"),
        pytest.param("https://outlet.example/a?referat=1", "https://outlet.example/a?referat=1", id="name that begins alike"),
        pytest.param("https://outlet.example/a?b=2&a=1", "https://outlet.example/a?b=2&a=1", id="order stays"),
        pytest.param("https://outlet.example/новини", "https://outlet.example/%D0%BD%D0%BE%D0%B2%D0%B8%D0%BD%D0%B8", id="bare Cyrillic"),
        pytest.param("https://outlet.example/%d0%bd%6F", "https://outlet.example/%D0%BDo", id="escapes"),
        pytest.param("https://outlet.example/a%2Fb", "https://outlet.example/a%2Fb", id="escaped slash is none"),
        pytest.param("https://outlet.example/100%", "https://outlet.example/100%25", id="stray percent"),
        pytest.param("https://новини.бг/a", "https://xn--b1amarcd.xn--90ae/a", id="Cyrillic host"),
        pytest.param("https://user:word@outlet.example/a", "https://outlet.example/a", id="user name"),
        pytest.param("http://[2001:DB8::1]/a", "http://[2001:db8::1]/a", id="IPv6"),
        pytest.param(" https://outlet.example/a\n", "https://outlet.example/a", id="outer spaces"),
        pytest.param("mailto:a@outlet.example", "mailto:a@outlet.example", id="not of the web"),
        pytest.param("http://[::1", "http://[::1", id="not an address"),
    ],
)  # fmt: skip
def test_address_has_one_spelling(url, canonical):
    assert canonical_url(url) == canonical


@pytest.mark.parametrize(
    "url",
    [
        "https://outlet.example/новини/5",
        "http://outlet.example/новини/5/",
        "https://www.outlet.example/%D0%BD%D0%BE%D0%B2%D0%B8%D0%BD%D0%B8/5?utm_campaign=a",
        "HTTP://WWW.OUTLET.EXAMPLE:80/%d0%bd%d0%be%d0%b2%d0%b8%d0%bd%d0%b8/5#part",
    ],
)
def test_spellings_of_one_article_share_a_key(url):
    assert url_key(url) == "outlet.example/%D0%BD%D0%BE%D0%B2%D0%B8%D0%BD%D0%B8/5"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://outlet.example/novini.php?n=1", "https://outlet.example/novini.php?n=2"),
        ("https://outlet.example/a", "https://outlet.example/A"),
        ("https://outlet.example/a/b", "https://outlet.example/a%2Fb"),
        ("https://sport.outlet.example/1", "https://outlet.example/1"),
    ],
)
def test_different_articles_have_different_keys(one, other):
    assert url_key(one) != url_key(other)


@given(_URLS)
def test_canonical_address_stays_as_it_is(url):
    canonical = canonical_url(url)

    assert canonical_url(canonical) == canonical
    assert url_key(canonical) == url_key(url)


@given(_URLS)
def test_canonical_address_of_the_web_is_plain_ascii(url):
    assert not is_web_url(url) or (canonical_url(url).isascii() and " " not in canonical_url(url))
