"""Pages that tell people from machines and stand where a document should.

We never pass them, we only call them by their name: the operator can then ask the publisher for admission.
The marks are those of the page itself, not of scripts that the same services put into every page they carry.
"""

import re
from collections.abc import Mapping

_LOOKED_AT = 65536
#: the service says so in a header: Cloudflare, AWS WAF, Vercel
_HEADERS = {
    "cf-mitigated": frozenset({"challenge"}),
    "x-amzn-waf-action": frozenset({"challenge", "captcha"}),
    "x-vercel-mitigated": frozenset({"challenge"}),
}
_MARKS = re.compile(
    rb"""
      _cf_chl_opt | __cf_chl_ | cf-browser-verification | id="challenge-(?:form|running|stage)"
    | <title>\s*just\ a\ moment | challenge-platform/h/[a-z]/orchestrate
    | _incapsula_resource | /\.well-known/sgcaptcha/ | sucuri_cloudproxy_js | ddos-guard/js-challenge
    | geo\.captcha-delivery\.com | \.awswaf\.com/[^"'\s]{0,300}?/challenge | px-captcha | /_vercel/security/
    | <title>\s*(?:checking\ your\ browser|ddos-guard|verify\ you\ are\ human|attention\ required!\ \|\ cloudflare)
    """,
    re.IGNORECASE | re.VERBOSE,
)
#: a feed that reports about such pages is none
_DOCUMENT = re.compile(rb"^(?:\xef\xbb\xbf)?\s*<(?:\?xml|rss|feed|rdf:rdf|urlset|sitemapindex)\b", re.IGNORECASE)


def is_challenge(headers: Mapping[str, str], body: bytes) -> bool:
    """Whether an answer asks its reader to prove that it is a person; header names are lower-case."""
    if any(headers.get(name, "").strip().lower() in values for name, values in _HEADERS.items()):
        return True
    start = body[:_LOOKED_AT]
    return not _DOCUMENT.match(start) and _MARKS.search(start) is not None
