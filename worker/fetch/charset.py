"""Which encoding a document is in, decided by its bytes before anybody's claim about them.

Bulgarian feeds declare windows-1251 over UTF-8 bytes and the reverse. Valid UTF-8 is hardly ever anything else,
so it wins; a western encoding is never believed over Cyrillic bytes.
"""

import codecs
import re
from dataclasses import dataclass

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BARE_UTF16 = ((b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))
_WESTERN = frozenset({"ascii", "iso8859-1", "iso8859-15", "cp1252"})
#: what a feed may declare, by Python's names; the machine's other codecs do stranger things than read text
_BELIEVED = _WESTERN | {
    "utf-8", "utf-16", "utf-16-le", "utf-16-be", "cp1251", "cp1250", "cp1253", "cp1254", "cp866", "koi8-r", "koi8-u",
    "mac-cyrillic", "iso8859-2", "iso8859-5", "iso8859-7", "iso8859-9",
}  # fmt: skip
_HTTP_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_PROLOG_CHARSET = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]+)", re.IGNORECASE)
_PROLOG_WITHIN = 2048
# In cp1252 these are accented letters; western languages do not put three of them together.
_CYRILLIC_RUN = re.compile(rb"[\xc0-\xff]{3}")
#: a UTF-8 document may be damaged, as where a summary is cut within a letter, in one of so many signs
_DAMAGE = 20


def _continuations(*names: str) -> str:
    """The signs that the second byte of a Cyrillic letter in UTF-8 becomes when it is read in one of these."""
    signs = {bytes([byte]).decode(name, "ignore") for byte in range(0x80, 0xC0) for name in names}
    return re.escape("".join(sorted(signs)))


# Cyrillic in UTF-8 read as a western encoding („Ð¡ÑŠÐ²Ðµ“), or as windows-1251 („РЎСЉРІРµ“): four letters in a row.
_GARBLED = re.compile(
    rf"(?:[ÐÑ][{_continuations('latin-1', 'cp1252')}]){{4}}|(?:[РС][{_continuations('cp1251')}]){{4}}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """A document's text, and how its bytes were read: `windows-1251 (prolog)`."""

    text: str
    charset: str


def decode_document(body: bytes, content_type: str) -> Decoded:
    """The document as text, without byte order mark; never fails, as its last resort replaces signs."""
    for mark, name in _BOMS:
        if body.startswith(mark) and (text := _strictly(body[len(mark) :], name)) is not None:
            return Decoded(text=text, charset=f"{name} (mark)")
    for start, name in _BARE_UTF16:
        if body.startswith(start) and (text := _strictly(body, name)) is not None:
            return Decoded(text=text, charset=f"{name} (bytes)")
    if (text := _strictly(body, "utf-8")) is not None:
        return Decoded(text=text, charset="utf-8 (bytes)")
    if (text := _mended_utf8(body)) is not None:
        return Decoded(text=text, charset="utf-8 (damaged bytes)")
    http = _HTTP_CHARSET.search(content_type)
    prolog = _PROLOG_CHARSET.search(body[:_PROLOG_WITHIN])
    for declared, source in ((http and http[1], "header"), (prolog and prolog[1].decode("ascii", "replace"), "prolog")):
        if declared and _is_believable(declared, body) and (text := _strictly(body, declared)) is not None:
            return Decoded(text=text, charset=f"{declared.lower()} ({source})")
    return Decoded(text=body.decode("cp1251", "replace"), charset="windows-1251 (guess)")


def looks_garbled(text: str) -> bool:
    """Whether the text was decoded wrongly before we had it, and stored like that by the outlet."""
    return _GARBLED.search(text) is not None


def _strictly(body: bytes, name: str) -> str | None:
    try:
        return body.decode(name)
    except UnicodeDecodeError:
        return None


def _mended_utf8(body: bytes) -> str | None:
    text = body.decode("utf-8", "replace")
    damaged = text.count("\ufffd")
    return text if damaged * _DAMAGE <= len(body) - len(text) else None


def _is_believable(declared: str, body: bytes) -> bool:
    try:
        name = codecs.lookup(declared).name
    except LookupError:
        return False
    return name in _BELIEVED and not (name in _WESTERN and _CYRILLIC_RUN.search(body))
