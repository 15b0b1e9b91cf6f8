"""The lemmatiser: `python -m training.lemmas SHARED OUT [EPOCHS]` writes OUT/lemma.pt.

A dictionary by form and part of speech, then by form alone, then a character model. Sources: CLASSLA-labelled news
(silver), UniMorph (CC BY-SA 3.0), the Bulgarian list of michmech (ODbL 1.0), and rules for closed classes by hand.
"""

import random
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from training.paradigms import adjective_forms, noun_forms
from training.silver import bare, silver_sentences, write_conllu

Triple = tuple[str, str, str]
_CLASSES = {"N": "NOUN", "V": "VERB", "ADJ": "ADJ"}
#: Closed classes where the silver labels follow another convention than the treebank.
_BY_HAND: tuple[Triple, ...] = (
    *(("си", "свой", "PRON"), ("се", "се", "PRON"), ("има", "имам", "VERB"), ("имаше", "имам", "VERB")),
    *(("имало", "имам", "VERB"), ("тия", "този", "DET"), ("тоя", "този", "DET"), ("тая", "този", "DET")),
    *(("вашата", "ваш", "DET"), ("вашият", "ваш", "DET"), ("тебе", "аз", "PRON"), ("мене", "аз", "PRON")),
    *(("тука", "там", "ADV"),),
)
#: Plurals that no rule makes, and what they are plurals of.
_PLURALS = dict(
    pair.split("-")
    for pair in str.split(
        """
    братя-брат бремена-бреме времена-време господа-господин деца-дете дни-ден знамена-знаме имена-име
    колене-коляно краища-край крака-крак криле-крило небеса-небе нозе-нога очи-око племена-племе пътища-път
    рамене-рамо ръце-ръка семена-семе сънища-сън съдилища-съд уши-ухо хора-човек цветя-цвете чудеса-чудо
    """
    )
)
#: Masculine nouns that end as feminine ones.
_MEN = ("баща", "владика", "войвода", "колега", "папа", "слуга", "старшина", "съдия")
#: Lemmas seen less often may be errors, and so may lemmas of single forms seen so rarely.
_KNOWN, _RARE = 2, 30
#: A lemma so many times as frequent is the likelier one of a rare form.
_RIVAL = 3
_HELD, _TRAIN = 1_500, 60_000
_ADJECTIVE = (
    "ен",
    "ски",
    "шки",
    "чки",
    "ов",
    "ев",
    "ин",
    "ав",
    "ив",
    "ит",
    "ат",
    "ък",
    "ър",
    "ъл",
    "ял",
    "яв",
    *"шщнрктлвдхсг",
)
_OPTIONS = (
    *("--shorthand", "bg_news", "--cpu", "--batch_size", "128", "--hidden_dim", "128", "--emb_dim", "48"),
    *("--dropout", "0.2", "--emb_dropout", "0.1", "--lr", "0.002", "--pos_dim", "48"),
)


def main(shared: Path, out: Path, epochs: int) -> None:
    """Trains the character model, unless `epochs` is 0, and gives it the dictionary."""
    triples = list(entries(shared))
    if epochs:
        train_characters(triples, out, epochs)
    trainer = import_module("stanza.models.lemma.trainer").Trainer(model_file=str(out / "lemma.pt"), device="cpu")
    trainer.pos_dict = {}
    trainer.train_dict([(form, upos, lemma) for form, lemma, upos in triples])
    trainer.save(str(out / "lemma.pt"))


def train_characters(triples: list[Triple], out: Path, epochs: int) -> None:
    """The character model, on a part of the dictionary."""
    rng = random.Random(4)
    open_classes = [triple for triple in dict.fromkeys(triples) if triple[2] in {"NOUN", "VERB", "ADJ"}]
    held = rng.sample(open_classes, _HELD)
    left = [triple for triple in open_classes if triple not in set(held)]
    train = [*rng.sample(left, min(_TRAIN, len(left))), *(t for t in dict.fromkeys(triples) if t[2] == "PROPN")]
    rng.shuffle(train)
    for name, some in (("train", train), ("dev", held)):
        write_conllu([some[start : start + 20] for start in range(0, len(some), 20)], out / f"lemma.{name}.conllu")
    command = [
        *(sys.executable, "-m", "stanza.models.lemmatizer", *_OPTIONS, "--num_epoch", str(epochs)),
        *("--train_file", str(out / "lemma.train.conllu"), "--eval_file", str(out / "lemma.dev.conllu")),
        *("--save_dir", str(out), "--save_name", "lemma.pt"),
    ]
    subprocess.run(command, check=True)


def entries(shared: Path) -> Iterator[Triple]:
    """Form, lemma and part of speech, one lemma for each form and part, in small letters; frequent ones repeated."""
    silver: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    genders: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for sentence in silver_sentences(shared):
        for form, lemma, upos, xpos in sentence:
            silver[form.lower(), upos][lemma] += 1
            if upos == "NOUN" and xpos[2:3] in {"m", "f", "n"}:
                genders[lemma][xpos[2]] += 1
    chosen = {key: lemmas.most_common(1)[0][0] for key, lemmas in silver.items() if _is_sound(key, lemmas)}
    weights: Counter[tuple[str, str]] = Counter()
    for (_, upos), lemmas in silver.items():
        weights.update({(lemma, upos): count for lemma, count in lemmas.items()})
    trusted = [*unimorph(shared), *listed(shared)]
    weights.update({(lemma, upos): 2 for _, lemma, upos in trusted})
    correct(chosen, silver, derived(weights, genders))
    for form, lemma, upos in trusted:
        chosen.setdefault((form, upos), lemma)
    for form, lemma, upos in (*_BY_HAND, *irregular()):
        chosen[form, upos] = lemma
    for (form, upos), lemma in list(chosen.items()):
        if upos == "ADJ" and form.endswith("о") and not lemma.endswith("о"):
            # An adverb is its own lemma; the adjective's neuter looks the same.
            chosen.setdefault((form, "ADV"), form)
    for (form, upos), lemma in chosen.items():
        yield from [(form, lemma, upos)] * min(3, max(1, silver[form, upos][lemma]))


def irregular() -> Iterator[Triple]:
    """Nouns that the paradigms do not make."""
    for plural, lemma in _PLURALS.items():
        yield plural, lemma, "NOUN"
        yield plural + ("та" if plural[-1] in "ая" else "те"), lemma, "NOUN"
    for lemma in _MEN:
        for form in (lemma, lemma + "та", lemma[:-1] + "и", lemma[:-1] + "ите"):
            yield form, lemma, "NOUN"


#: For each form and part of speech: lemmas whose paradigm holds it, with how often the lemma is seen.
Derived = dict[tuple[str, str], dict[str, int]]


def derived(weights: Counter[tuple[str, str]], genders: dict[str, Counter[str]]) -> Derived:
    """Every form that the paradigms of known nouns and adjectives have."""
    found: Derived = {}
    for (lemma, upos), weight in weights.items():
        if weight < _KNOWN or not lemma.isalpha() or len(lemma) < 3:
            continue
        forms: frozenset[str] = frozenset()
        if upos == "NOUN":
            gender = genders[lemma].most_common(1)[0][0] if lemma in genders else gender_of(lemma)
            forms = noun_forms(lemma, gender)
        elif upos == "ADJ" and lemma.endswith(_ADJECTIVE):
            forms = adjective_forms(lemma)
        for form in forms:
            found.setdefault((form, upos), {})[lemma] = weight
    return found


def correct(chosen: dict[tuple[str, str], str], silver: dict[tuple[str, str], Counter[str]], forms: Derived) -> None:
    """Fills in forms that the texts lack, and mends rare ones whose lemma has no such form."""
    for key, lemmas in forms.items():
        best = max(sorted(lemmas), key=lambda lemma: (lemmas[lemma], len(lemma)))
        given = chosen.get(key)
        rivalled = given is not None and lemmas[best] > _RIVAL * lemmas.get(given, 0)
        if given is None or (rivalled and silver[key][given] <= _RARE):
            chosen[key] = best


def gender_of(lemma: str) -> str:
    """What the ending of a noun lets expect."""
    if lemma[-1] in "ая" or lemma.endswith(("ост", "ест")):
        return "f"
    return "n" if lemma[-1] in "оеиую" else "m"


def _is_sound(key: tuple[str, str], lemmas: Counter[str]) -> bool:
    """Silver lemmas of rare words are guesses; those that share no beginning with their form are bad ones."""
    form, upos = key
    lemma, count = lemmas.most_common(1)[0]
    stem = form.removeprefix("най-").removeprefix("по-")
    return upos not in {"NOUN", "VERB", "ADJ", "PROPN"} or count > 2 or lemma[:2] == stem[:2]


def unimorph(shared: Path) -> Iterator[Triple]:
    """The inflection tables of UniMorph; adjectives also compared."""
    for line in (shared / "nlp/unimorph_bul/bul").read_text(encoding="utf-8").splitlines():
        lemma, _, rest = line.partition("\t")
        form, _, features = rest.partition("\t")
        upos = _CLASSES.get(features.split(";")[0].split(".")[0])
        if upos and form and " " not in form:
            yield form.lower(), bare(lemma), upos


def listed(shared: Path) -> Iterator[Triple]:
    """The word list; the part of speech follows from the shape of the lemma."""
    text = (shared / "nlp/lemma_lists/lemmatization-bg.txt").read_text(encoding="utf-8-sig")
    for line in text.splitlines():
        lemma, _, form = line.strip().lower().partition("\t")
        if not form or " " in form:
            continue
        upos = _shape(lemma, form)
        yield form, lemma, upos
        yield lemma, lemma, upos


def _shape(lemma: str, form: str) -> str:
    if lemma.endswith(("ам", "ям")) or form.endswith(("ше", "ха", "йки", "ите ли")):
        return "VERB"
    return "ADJ" if lemma.endswith(("ен", "ски", "шки", "чки", "ов", "ев", "ащ", "ящ", "ещ")) else "NOUN"


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int((sys.argv[3:4] or ["4"])[0]))
