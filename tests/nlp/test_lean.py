"""Our own run of the models gives what `stanza.Pipeline` gives for each paragraph alone, and keeps its bounds."""

import itertools
import random
import shutil

import numpy as np
import pytest

from worker.nlp.bulgarian import SHIPPED, verified_card

pytestmark = pytest.mark.model

PLAIN = """Премиерът Николай Денков се срещна в Брюксел с председателя на Европейската комисия Урсула фон дер Лайен.
Българската народна банка повиши лихвата до 3,53 процента, съобщи БНР. „Очаквахме го“, каза Димитър Радев.
Три коли се удариха на магистрала „Тракия“ край Пазарджик; няма пострадали.
Кой ще плати сметката?! Никой не знае... Или поне никой не казва!
Съдът в Хага остави в ареста Ратко Младич – бившия военачалник на босненските сърби.
Цената на тока скочи с 12.5 % спрямо 01.07.2023 г., сочат данни на КЕВР.
НАТО и ЕС осъдиха нападението. Киев поиска още оръжие. Москва мълчи.
Проф. д-р Иван Петров, дмн, е роден на 3 март 1961 г. в гр. Елена, обл. Велико Търново.
„Лудогорец“ победи ЦСКА с 2:1 в Разград, а „Левски“ загуби от „Ботев“ (Пловдив) с 0:3.
Около 10 000 души излязоха на площада пред НДК в 19.30 ч. Полицията ги преброи.
Турският президент Реджеп Тайип Ердоган пристига в Анкара утре, 5-ти май.
Според „Ройтерс“ акциите на Райънеър паднаха с 4%, а на „Уиз Еър“ – с 2,1%.
Той не дойде. Тя също. Защо?
Общинският съвет прие бюджета с 31 гласа „за“, 2 „против“ и 7 „въздържал се“.
Вицепремиерката Мария Габриел подаде оставка, съобщи БТА, позовавайки се на източници от ГЕРБ-СДС.
С. Македония отказа. РС Македония – не. А Скопие?
Доц. Кунчев: „Грипът идва“. Министърът: „Готови сме“.
Времето: облачно, 5-7 градуса, вятър от северозапад.
Мъж на 34 г. е задържан за кражбата от бул. „Цар Освободител“ № 15, вх. Б, ет. 3.
ВАС отмени решението на КЗК за търга за 1,2 млрд. лв. на АПИ.
Министерството на околната среда и водите (МОСВ) спря работата на ТЕЦ „Бобов дол“.
Пожарът край с. Воден обхвана 6000 дка. Гасят го 2 хеликоптера и 150 пожарникари.
Новият iPhone 15 Pro струва 2 499 лв. в България, а във Франция – 1 229 евро.
Ангела Меркел, Еманюел Макрон и Борис Джонсън разговаряха за Брекзит.
Жителите на Бургас, Созопол и Несебър протестираха срещу новата сграда на „Алея първа“.
Президентът Радев: Няма да подпиша! Правителството: Ще видим.
Гърция и Турция се споразумяха за Егейско море; Кипър настоява за участие на ООН.
Ето какво пише в доклада: „Не са спазени чл. 5, ал. 2 и чл. 7 от ЗОП“.
Азия Биби напусна Пакистан и е в Канада, потвърди адвокатът ѝ Саиф ул-Малук.
Световната здравна организация обяви COVID-19 за пандемия на 11 март 2020 година.
Пенсиите растат от 1 юли с 11 на сто. Минималната става 580 лв. 57 ст.
Столична община купува 30 трамвая от „Шкода“. Договорът е за 147 млн. лв. без ДДС.
Кметът на Варна Благомир Коцев остана на поста си след решението на Апелативния съд.
В Народното събрание: 240 депутати, 6 групи, 0 съгласие.
Синът на Хънтър Байдън... не, синът на Джо Байдън – Хънтър – се яви пред съда в Делауеър.
Газопроводът „Северен поток 2“ не работи. „Газпром“ обвинява Берлин, а Берлин – Москва.
ДПС – Ново начало и „Възраждане“ гласуваха заедно. „Има такъв народ“ се въздържа.
Софийската градска прокуратура повдигна обвинение на С.П. (43 г.) и на още двама.
Тенисистът Григор Димитров загуби от Карлос Алкарас в Париж 4:6, 6:7 (5).
След дъжда на бул. „България“ се образува задръстване от 5 км; карайте внимателно."""

ODD = {
    "addresses": "Пишете на redakciya@vestitel.example.bg или на https://www.vestitel.bg/novini?id=12&x=й. Чакаме.",
    "address-at-end": "Виж www.abc.com/път/към/статия.html",
    "domain-alone": "Сайтът vlada.gov.bg падна. И bnr.bg също, а x.co.uk – не.",
    "two-addresses": "а@b.bg,c@d.com;http://www.ef.gh/…",
    "emoji": "🇧🇬🔥 Пожар 😀‍😀 край Самоков 👍🏽! Не е шега 😡😡😡",
    "marks": "Какво?!?!?! Нищо!!! Ама…… сигурно ли е??",
    "spaces": "  Много   интервали \u00a0 и\tтабулации , после  точка .   И   още.  ",
    "control": "Знак\u0097между думи\x85и после \x00 нула \x1f край.",
    "line-separators": "Един\u2028ред\u2029и друг\x0bи трети\x0cи\rчетвърти.",
    "directions": "\u202eобратно\u202c и \u200bневидимо\u200d тук",
    "odd-code-points": "\ud7ff\ue000\ufffd текст 𝒜𝓑 ﷽ ẞ İ край",
    "latin-words": "The summit in Vilnius ended. NATO's Stoltenberg said: no comment.",
    "russian": "Саммит завершился, сообщил Песков. Ещё вопросы?",
    "greek-and-chinese": "Η Αθήνα и 北京 са столици. العربية също.",
    "capitals": "РАДЕВ НАЛОЖИ ВЕТО ВЪРХУ ЗАКОНА ЗА ДЪРЖАВНИЯ БЮДЖЕТ НА РЕПУБЛИКА БЪЛГАРИЯ",
    "no-capitals": "радев наложи вето върху бюджета каза говорителят в софия",
    "glued": "Каза той,и си тръгна.После се върна:Не!Да...",
    "one-letter": "а",
    "one-number": "2024",
    "numbers": "1 234 567,89 + 0,11 = 1 234 568 (±0,5 %) №7 §3 1/2 10:30-11:45ч.",
    "hyphens": "по-добре най-малко вело- и мотоциклети 24-часов Русе–Гюргево А—Б",
    "unknown-marker": "<UNK> и <PAD> не са думи, нито <EMPTY>.",
    "underscores": "_ и __ и снимка_на_деня _текст_ *звезди*",
    "stops": "Край. " * 400,
    "stops-only-in-front": ". " * 500 + "дума",
    "word-of-299": "Преди " + "а" * 299 + " след.",
    "word-of-300": "Преди " + "а" * 300 + " след.",
    "word-of-301": "Преди " + "а" * 301 + " след.",
    "word-of-2500": "ж" * 2500,
    "latin-of-4000": "a" * 4000,
    "998": "дума " * 199 + "кра",
    "999": "дума " * 199 + "край",
    "1000": "дума " * 199 + "край.",
    "1001": "дума " * 199 + "край..",
    "unending-sentence": "дума " * 999 + "край",
    "long-list": ", ".join(f"Иван{n} Петров{n}" for n in range(250)),
    "quotes": "«Тя» “каза” ''това'' „на “него” сега“ \"и\" ‘тук’",
    "brackets": "(БСП) [ГЕРБ] {ДПС} <ИТН> /ПП/ |ДБ|",
}


def _paragraphs():
    plain = PLAIN.split("\n")
    long = " ".join(plain)
    chance = random.Random(20)
    damaged = []
    for text in plain[:12]:
        letters = list(text)
        for _ in range(len(letters) // 8):
            letters[chance.randrange(len(letters))] = chance.choice(" .,!?-–„“абЯ5@")
        damaged.append("".join(letters))
    return [*plain, *damaged, long[:4998], *ODD.values()]


def _as_read(sentences):
    return [
        {
            "words": list(zip(s.segment.words, s.segment.starts, s.segment.ends, strict=True)),
            "upos": [tag or None for tag in s.upos],
            "lemmas": list(s.lemmas),
            "names": [(s.segment.starts[n.first], s.segment.ends[n.last], n.kind) for n in s.spans],
        }
        for s in sentences
    ]


def _as_stanza_reads(document):
    return [
        {
            "words": [(token.words[0].text, token.start_char, token.end_char) for token in sentence.tokens],
            "upos": [token.words[0].upos for token in sentence.tokens],
            # Stanza keeps «_», its sign for nothing, only as the lemma of itself.
            "lemmas": [token.words[0].lemma or "_" for token in sentence.tokens],
            "names": [(name.start_char, name.end_char, name.type) for name in sentence.ents],
        }
        for sentence in document.sentences
    ]


@pytest.fixture(scope="module", params=["as shipped", "without parts of speech"])
def both(request):
    """Our reader and a real pipeline on the same files."""
    from worker.nlp.bulgarian import StanzaAnalyzer

    StanzaAnalyzer.shipped()
    import stanza

    from worker.nlp.lean.reader import Reader

    named = verified_card(SHIPPED)["processors"].split(",")
    if request.param != "as shipped":
        named = [name for name in named if name != "pos"]
    processors = ",".join(named)
    pipeline = stanza.Pipeline(
        "bg", dir=str(SHIPPED), download_method=None, processors=processors, use_gpu=False, logging_level="ERROR"
    )
    return Reader(SHIPPED, processors, put_right=False), pipeline


@pytest.mark.timeout(600)
def test_paragraphs_read_together_give_what_stanza_gives_for_each_alone(both):
    reader, pipeline = both
    paragraphs = _paragraphs()

    read = reader.read(paragraphs)

    assert len(paragraphs) > 60
    different = {
        text[:60]: (ours, theirs)
        for text, sentences in zip(paragraphs, read, strict=True)
        if (ours := _as_read(sentences)) != (theirs := _as_stanza_reads(pipeline(text)))
    }
    assert different == {}


def test_second_reading_from_the_tables_gives_the_same(both):
    reader, _ = both
    paragraphs = PLAIN.split("\n")

    first = reader.read(paragraphs)

    assert reader.read(paragraphs) == first
    assert [sentences for text in paragraphs for sentences in reader.read([text])] == first


def test_model_of_another_kind_is_refused(tmp_path):
    import torch

    from worker.nlp.lean.reader import Reader

    shutil.copytree(SHIPPED, tmp_path / "models")
    (file,) = (tmp_path / "models" / "bg" / "tokenize").iterdir()
    model = torch.load(file, weights_only=True)
    model["config"]["feat_funcs"] = [*model["config"]["feat_funcs"], "currency"]
    torch.save(model, file)

    with pytest.raises(ValueError, match="tokenizer model is of another kind"):
        Reader(tmp_path / "models", "tokenize")


def test_table_of_words_stays_within_its_bound():
    import torch

    from worker.nlp.lean.wordrows import WordRows

    asked = []

    def lengths(words):
        asked.append(tuple(words))
        return torch.tensor([[float(len(word))] for word in words])

    table = WordRows(lengths, size=1, capacity=3)

    assert table.rows(["а", "бб", "а"]).tolist() == [[1.0], [2.0], [1.0]]
    assert table.rows(["бб", "ввв"]).tolist() == [[2.0], [3.0]]
    assert table.rows(["бб", "гггг"]).tolist() == [[2.0], [4.0]]
    assert table.rows(["а", "бб", "ввв", "гггг"]).tolist() == [[1.0], [2.0], [3.0], [4.0]]
    assert asked == [("а", "бб"), ("ввв",), ("бб", "гггг"), ("а", "бб", "ввв", "гггг")]


def test_best_paths_are_those_of_trying_every_path():
    from worker.nlp.lean.spans import best_paths

    chance = np.random.default_rng(5)
    scores = chance.normal(size=(5, 4, 3)).astype(np.float32)
    steps = chance.normal(size=(3, 3)).astype(np.float32)
    lengths = np.array([5, 3, 2, 1])

    paths = best_paths(scores, steps, lengths)

    for row, length in enumerate(lengths):

        def worth(path, row=row):
            along = sum(float(steps[a, b]) for a, b in itertools.pairwise(path))
            return along + sum(float(scores[step, row, tag]) for step, tag in enumerate(path))

        assert tuple(paths[:length, row]) == max(itertools.product(range(3), repeat=length), key=worth)


def test_rows_run_together_are_all_there_and_little_is_filled():
    from worker.nlp.lean.recurrent import batches

    chance = random.Random(6)
    lengths = [chance.randrange(1, 900) for _ in range(300)]

    found = list(batches(lengths))

    assert sorted(n for batch in found for n in batch) == list(range(300))
    for batch in found:
        assert max(lengths[n] for n in batch) - min(lengths[n] for n in batch) <= max(4, 0.15 * lengths[batch[0]])
    assert list(batches([])) == []
