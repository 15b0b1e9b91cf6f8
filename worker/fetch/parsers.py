"""What reads documents of every kind: here, or in a process that can be killed."""

from dataclasses import dataclass

from worker.fetch.feeds import Parser
from worker.fetch.parser_process import ParserProcess
from worker.fetch.parsing import parse_feed
from worker.fetch.sitemap_source import SitemapParser
from worker.fetch.sitemaps import parse_sitemap


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsers:
    """One for each kind of document; by default those that run here, for who trusts the document."""

    feed: Parser = parse_feed
    sitemap: SitemapParser = parse_sitemap


def parsers_of(process: ParserProcess) -> Parsers:
    """Those that run in the process."""
    return Parsers(feed=process.parse, sitemap=process.parse_sitemap)
