"""What an article says of its source: cues around publishers' names, joined to chains within a sentence; pure.

`O, цитиран от R` and `предаде R, като цитира O` both make O the origin and R the relay. What stands under a picture
is no source of the text, and an interview is the source of a quotation only.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from worker.attribution.agencies import Named, agency_of, named_in
from worker.models.attribution import UNSTATED, Attribution, Cue, SourceSpan
from worker.models.news import Article, Field
from worker.text.fold import Folded, tidy

_QUOTES = str.maketrans(dict.fromkeys("„“”«»‟″", '"'))
#: cues are looked for so far before and behind a name
_REACH = 90
#: sources stand at the start or the end of very long texts too; nobody reads the middle of a book for them
_LONGEST = 60_000
_REPORTING = (
    r"(?:съобщ(?:и|иха|ава|ават|ил[аи]?)|информира(?:т|ха)?|извести|осведоми|осведомява|разпространи|разпространява)"
)
_TELLING = (
    r"(?:каза|заяви|обясни|потвърди|съобщи|коментира|посочи|разказа|допълни|уточни|добави|подчерта|разкри|изтъкна|"
    r"сподели|декларира|отговори|информира|говори|казва|заявява|обяснява|коментират|твърди)(?:ха|л[аи]?)?"
)
_WRITING = (
    r"(?:отбеляз(?:ва|ват|а|аха)|посочва(?:т)?|пиш(?:е|ат)|писа|написа|припомня|уточнява|допълва|добавя|коментира|твърди|"
    r"изтъква|подчертава|публикува|обобщава|разкрива|разкри)"
)
_LEFT: tuple[tuple[Cue, re.Pattern[str]], ...] = tuple(
    (cue, re.compile(rf"(?<!\w)(?:{pattern})\s*\Z", re.IGNORECASE))
    for cue, pattern in (
        (Cue.SOURCE_LINE, r"(?<!\w)източник(?:ът|ци|ците)?\s*:"),
        (Cue.PASSED_ON, r"преда(?:де|доха|ва|ват|дено от|ли|ла)(?:\s+(?:и|днес|вчера|още|по-рано))*"),
        (
            Cue.CITED,
            (
                r"цитиран[аои]?(?:\s+(?:днес|вчера|също|и))?\s+(?:от|в)|препредаден[аои]?\s+от|"
                r"на\s+ко(?:ято|йто|ито|ето)\s+се\s+позовават?"
            ),
        ),
        (Cue.REFERRED, (
            r"позова(?:вайки|ва|ват|ха|л)\s+се\s+на|се\s+позова(?:ва|ват|ха|л)?\s+на|със?\s+(?:позоваване|препратка)\s+(?:на|към)|"
            r"(?:като\s+)?цитира(?:т|йки|ха)?(?:\s+(?:информация|съобщение|публикация)\s+на)?"
        )),
        (Cue.REPORTED, rf"{_REPORTING}(?:\s+(?:и|днес|вчера|от|още))*"),
        (Cue.TOLD, (
            rf"{_TELLING}(?:\s+(?:[^\s,.;:\"]+)){{0,5}}?\s+(?:за|пред|в\s+ефира\s+на|по|в\s+предаването\s+\"[^\"]{{2,40}}\"\s+на)|"
            r"(?:каза|заяви|съобщи|разказа|потвърди|обясни)(?:ха)?\s+на"
        )),
        (Cue.SECONDARY, rf"{_WRITING}(?:\s+(?:и|още))?"),
        (Cue.ACCORDING, (
            r"според|по\s+(?:данни|информация|сведения|съобщение)\s+на|(?:публикация|материал|репортаж|разследване|информация|съобщени(?:е|ето))\s+"
            r"(?:на|в)"
        )),
    )
)  # fmt: skip
_INTERVIEW = re.compile(r"(?<!\w)(?:интервю|разговор)(?:\s+\w+){0,2}?\s+(?:за|пред|с|на|по)\s*\Z", re.IGNORECASE)
_RIGHT: tuple[tuple[Cue, re.Pattern[str]], ...] = tuple(
    (cue, re.compile(rf"\s+(?:(?:днес|вчера|също|вече|по-рано)\s+)?(?:{pattern})(?!\w)"))
    for cue, pattern in (
        (Cue.PASSED_ON, r"предаде|предава|предадоха|предават"),
        (Cue.REPORTED, _REPORTING),
        (Cue.REFERRED, r"като\s+източник"),
        (Cue.SECONDARY, _WRITING),
    )
)
_PHOTO = re.compile(
    r"(?<!\w)(?:снимк(?:а|и|ата|ите)|фото(?:графия|графии|колаж)?|фотограф|photo|колаж|кадър)(?!\w)\s*(?:[:©|/–-]|на|от|е\s+на)?"
    r"[^\n.!?]{0,80}",
    re.IGNORECASE,
)
#: „в. “ and initials end no sentence
_SENTENCE_END = re.compile(
    r"(?<!\bв)(?<!\bсп)(?<!\bг)(?<!\bгр)(?<!\bул)(?<!\b[A-ZА-Я])[.!?…]+[\")\]]*\s+(?=[\"(A-ZА-Я])|\n+"
)
_DATELINE = re.compile(r"\A[^\n/(]{2,70}[/(]\s*\Z")
_MARK_BEFORE = re.compile(r"[/(\[]\s*\Z")
_BESIDE = re.compile(r"\s*(?:,|/|и|-)\s*\Z")
_END_OF_TEXT = re.compile(r"[\s/)\].]*\Z")
_NAME_BEFORE_CUE = re.compile(r"\"?\s*,?\s*(?:[^\s,.;:]+\s+){0,4}\Z")
_STRONG = frozenset({
    Cue.SOURCE_LINE, Cue.PASSED_ON, Cue.CITED, Cue.REPORTED, Cue.REFERRED, Cue.TOLD, Cue.DATELINE, Cue.COPY_MARK,
})  # fmt: skip
_MARKS = frozenset({Cue.DATELINE, Cue.COPY_MARK})
_ORDER = {cue: number for number, cue in enumerate(Cue)}
#: cues that say the same with the same force
_KINDS = (
    (Cue.DATELINE, Cue.COPY_MARK, Cue.SOURCE_LINE),
    (Cue.PASSED_ON, Cue.CITED, Cue.REPORTED),
    (Cue.REFERRED, Cue.TOLD),
    (Cue.OWN,),
    (Cue.SECONDARY, Cue.ACCORDING),
)
_RANKS = {cue: rank for rank, kind in enumerate(_KINDS) for cue in kind}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mention:
    """A name with what its surroundings make of it."""

    named: Named
    cue: Cue | None
    #: where the cue begins, or the name
    start: int
    end: int
    is_interview: bool = False


def attribution_of(article: Article) -> Attribution:
    """The origin and the relay that the article states, with the words that say so; `UNSTATED` where it does not.

    The publisher's own agency, or the one whose mark the text bears, is the origin of what names no other, and the
    relay of what does.
    """
    stated = [
        one
        for field in (Field.BODY, Field.SUMMARY, Field.TITLE)
        for one in _stated_in(field, article.text_of(field)[:_LONGEST])
    ]
    best = min(stated, key=_rank, default=UNSTATED)
    own = agency_of(article.outlet)
    marked = next((one for one in stated if one.cue in _MARKS), None)
    house = own or (marked.origin if marked else None)
    if house is None:
        return best
    foreign = [one for one in stated if one.cue in _STRONG and one.origin != house]
    if foreign:
        return replace(min(foreign, key=_rank), relay=house)
    if best.origin == house:
        return best
    return marked or Attribution(origin=house, cue=Cue.OWN)


def _rank(one: Attribution) -> int:
    """What is surer first; of the same kind what comes first (`min` is stable)."""
    return _RANKS[one.cue] if one.cue else len(Cue)


def _stated_in(field: Field, text: str) -> Iterator[Attribution]:
    """Every chain of sources in one field, in reading order."""
    tidied = tidy(text)
    plain = tidied.text.translate(_QUOTES)
    photos = [found.span() for found in _PHOTO.finditer(plain)]
    start = 0
    for end in [*(found.end() for found in _SENTENCE_END.finditer(plain)), len(plain)]:
        mentions = list(_mentions(plain, start, end, photos))
        marks = [one for one in mentions if one.cue in _MARKS]
        if marks:
            yield _attribution(field, text, tidied, marks)
        chain = _chain(plain, [one for one in mentions if one.cue not in _MARKS])
        if chain:
            yield _attribution(field, text, tidied, chain)
        start = end
    if field is Field.TITLE and (headed := _headed(plain)):
        yield _attribution(field, text, tidied, [headed])


def _mentions(plain: str, start: int, end: int, photos: Sequence[tuple[int, int]]) -> Iterator[_Mention]:
    for named in named_in(plain[start:end]):
        moved = replace(named, start=named.start + start, end=named.end + start, name_start=named.name_start + start)
        if any(first <= moved.name_start < last for first, last in photos):
            continue
        mention = _mention(plain, moved, start, end)
        if named.is_certain or (mention.cue and _reads_as_name(plain, mention, start)):
            yield mention


def _mention(plain: str, named: Named, start: int, end: int) -> _Mention:
    before = plain[max(start, named.start - _REACH) : named.start]
    offset = named.start - len(before)
    if marked := _copy_mark(plain, named):
        return _Mention(named=named, cue=marked, start=named.start, end=named.end)
    if found := _INTERVIEW.search(before):
        return _Mention(named=named, cue=Cue.TOLD, start=offset + found.start(), end=named.end, is_interview=True)
    for cue, pattern in _LEFT:
        if found := pattern.search(before):
            return _Mention(named=named, cue=cue, start=offset + found.start(), end=named.end)
    for cue, pattern in _RIGHT:
        if found := pattern.match(plain, named.end, end):
            return _Mention(named=named, cue=cue, start=named.start, end=found.end())
    return _Mention(named=named, cue=None, start=named.start, end=named.end)


def _copy_mark(plain: str, named: Named) -> Cue | None:
    """„… /БТА/“ at the very end or in the opening; names beside each other share the mark."""
    before = plain[max(0, named.start - _REACH) : named.start]
    if _BESIDE.search(before):
        beside = re.search(r"[/(\[]\s*(?:\"?[\w ]{2,25}\"?\s*(?:,|/|и|-)\s*){1,3}\Z", before)
        before = before[: beside.start() + 1] if beside else before
    if not _MARK_BEFORE.search(before) or not named.is_agency:
        return None
    closed = re.compile(r"(?:\s*(?:,|/|и|-)\s*\"?[\w ]{2,25}\"?){0,3}\s*[/)\]]").match(plain, named.end)
    if closed and _DATELINE.match(plain[: named.start]):
        return Cue.DATELINE
    behind = closed.end() if closed else named.end
    return Cue.COPY_MARK if _END_OF_TEXT.match(plain, behind) else None


def _reads_as_name(plain: str, mention: _Mention, start: int) -> bool:
    """A common word is a publisher's name behind a verb of reporting, or as the subject of one.

    „Нова Загора“ is none, nor is „в рамките на 24 часа съобщи“.
    """
    named = mention.named
    if re.match(r"\s+(?:[A-ZА-Я]|\d)", plain[named.end : named.end + 3]):
        return False
    is_subject = mention.start == named.start
    return not is_subject or named.name.isupper() or plain[start : named.start].rstrip()[-1:] in {"", ",", ";", "-"}


def _chain(plain: str, mentions: Sequence[_Mention]) -> list[_Mention]:
    """Who took it from whom in one sentence, the origin first."""
    chain: list[_Mention] = []
    loose: _Mention | None = None
    for one in mentions:
        match one.cue:
            case None:
                loose = one
                continue
            case Cue.CITED if not chain and loose and _NAME_BEFORE_CUE.match(plain[loose.end : one.start]):
                chain = [loose, one]
            case Cue.CITED | Cue.PASSED_ON | Cue.REPORTED:
                chain.append(one)
            case Cue.REFERRED | Cue.TOLD:
                chain.insert(0, one)
            case _ if not chain:
                chain = [one]
            case _:
                pass
    return [] if all(one.is_interview for one in chain) else chain


def _headed(plain: str) -> _Mention | None:
    """„Ройтерс: …“ as a headline."""
    first = next(named_in(plain[:_REACH]), None)
    if first is None or first.start > 0 or not plain[first.end :].startswith(":"):
        return None
    return _Mention(named=first, cue=Cue.SECONDARY, start=0, end=first.end)


def _attribution(field: Field, text: str, tidied: Folded, chain: Sequence[_Mention]) -> Attribution:
    start, end = tidied.original_span(min(one.start for one in chain), max(one.end for one in chain))
    origin, relay = chain[0].named.name, chain[-1].named.name
    return Attribution(
        origin=origin,
        relay=relay if relay != origin else None,
        cue=min((one.cue for one in chain if one.cue), key=lambda cue: _ORDER[cue]),
        span=SourceSpan(field=field, start=start, end=end, text=text[start:end]),
    )
