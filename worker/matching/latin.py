"""Latin spelling of a Bulgarian name by the Transliteration Act (State Gazette 19/2009, articles 4 and 6)."""

_LETTERS = dict(zip("абвгдезийклмнопрстуфхъь", "abvgdeziyklmnoprstufhay", strict=True)) | {
    "ж": "zh",
    "ц": "ts",
    "ч": "ch",
    "ш": "sh",
    "щ": "sht",
    "ю": "yu",
    "я": "ya",
}


def latin_of(key: str) -> str:
    """The spelling of a comparison form in lower case; `ия` at the end of a word gives `ia`."""
    if key.endswith("ия"):
        return latin_of(key[:-2]) + "ia"
    return "".join(_LETTERS.get(letter, letter) for letter in key)
