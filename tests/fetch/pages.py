"""Pages written for these tests in the layouts that Bulgarian sites use; the news in them are invented."""

PARAGRAPHS = (
    "Общинският съвет в Плевен прие бюджета за следващата година с 27 гласа „за“ и 14 „против“.",
    "Съветниците гласуваха след шест часа спорове за улиците в три квартала и за цената на паркирането.",
    "„Най-много пари отиват за ремонти на училища и детски градини“, каза председателят на съвета пред БТА.",
    "Според проекта 12 милиона лева са предвидени за водопроводната мрежа, която губи две трети от водата.",
    "Опозицията поиска поименно гласуване и обяви, че ще оспори решението в административния съд.",
    "Следващото заседание на съвета е насрочено за 15 декември, съобщиха от общината.",
)
TITLE = "Общинският съвет прие бюджета на Плевен"
NOISE = (
    "Приемам всички бисквитки",
    "Прочетете още",
    "Всички права запазени",
    "Реклама тук",
    "Коментари (14)",
    "Спорт Време Имоти",
)

_BAR = '<div class="cookie-bar"><p>Използваме бисквитки.</p><button>Приемам всички бисквитки</button></div>'
_NAV = '<nav><ul><li><a href="/sport">Спорт Време Имоти</a></li><li><a href="/vreme">Времето</a></li></ul></nav>'
_ADS = '<div class="ads banner">Реклама тук</div>'
_MORE = '<div class="related"><h3>Прочетете още</h3><ul><li><a href="/2">Друга новина от деня</a></li></ul></div>'
_TALK = '<div id="comments" class="comments"><h3>Коментари (14)</h3><p class="comment">Пак ще копаят!</p></div>'
_FOOT = "<footer><p>© 2026 Всички права запазени</p></footer>"


def p(*, tag: str = "p", within: str = "") -> str:
    half = len(PARAGRAPHS) // 2
    one = [f"<{tag}>{text}</{tag}>" for text in PARAGRAPHS]
    return "\n".join([*one[:half], within, *one[half:]])


def page(body: str, head: str = "") -> str:
    charset = '<meta charset="utf-8">'
    return f'<!DOCTYPE html><html lang="bg"><head>{charset}<title>{TITLE} - Днес</title>{head}</head><body>{body}</body></html>'


LAYOUTS = {
    "article": page(f"{_BAR}{_NAV}<article><h1>{TITLE}</h1>{p()}</article>{_MORE}{_TALK}{_FOOT}"),
    "main with an aside": page(
        f"{_BAR}{_NAV}<main><h1>{TITLE}</h1><div>{p(within=_ADS)}</div></main><aside>{_MORE}</aside>{_FOOT}"
    ),
    "divs by class": page(
        f'{_BAR}{_NAV}<div class="content"><div class="article-text">{p()}</div></div>{_MORE}{_FOOT}'
    ),
    "section with a figure": page(
        f"{_BAR}{_NAV}<section class='post'><h1>{TITLE}</h1>{p(within='<figure><img src=x><figcaption>Снимка: БТА</figcaption></figure>')}"
        f"</section>{_MORE}{_FOOT}"
    ),
    "wordpress": page(
        f"{_BAR}<div id='page'><header>{_NAV}</header><div id='primary'><article class='post hentry'><h1 class='entry-title'>{TITLE}</h1>"
        f"<div class='entry-content'>{p(within=_ADS)}</div></article>{_TALK}</div></div>{_FOOT}"
    ),
    "divs for paragraphs": page(f"{_BAR}{_NAV}<div id='news-body'><h1>{TITLE}</h1>{p(tag='div')}</div>{_MORE}{_FOOT}"),
    "table and line ends": page(
        f"{_BAR}{_NAV}<table><tr><td><h1>{TITLE}</h1><div>{'<br><br>'.join(PARAGRAPHS)}</div></td><td>{_ADS}</td></tr></table>{_FOOT}"
    ),
    "microdata": page(
        f"{_BAR}{_NAV}<div itemscope itemtype='https://schema.org/NewsArticle'><h1 itemprop='headline'>{TITLE}</h1>"
        f"<div itemprop='articleBody'>{p()}</div></div>{_MORE}{_FOOT}"
    ),
    "unclosed": f"<html><title>{TITLE}</title><body>{_NAV}<div class=article><h1>{TITLE}</h1>"
    + "".join(f"<p>{text}" for text in PARAGRAPHS),
    "amp": (
        f'<!doctype html><html amp lang="bg"><head><meta charset="utf-8"><title>{TITLE}</title></head><body>'
        f'<amp-consent id="c"><div>Приемам всички бисквитки</div></amp-consent><article><h1>{TITLE}</h1>{p()}</article>{_FOOT}</body></html>'
    ),
}

COOKIE_WALL = page(
    "<div class='consent'><h1>Вашата поверителност</h1><p>Ние и нашите партньори използваме бисквитки, за да съхраняваме информация.</p>"
    "<p>Вашето съгласие за обработката на лични данни е необходимо, за да видите съдържанието на сайта.</p>"
    "<p>Можете да промените избора си по всяко време в настройките на браузъра.</p><button>Приемам всички</button></div>"
)
PAYWALL = page(
    f"<article><h1>{TITLE}</h1><p>{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1]}</p><p>{PARAGRAPHS[2]}</p>"
    "<div class='paywall'><h3>Тази статия е достъпна само за абонати</h3><a href='/abonament'>Абонирайте се</a></div></article>"
)
DECLARED_CLOSED = page(
    f"<article><h1>{TITLE}</h1>{p()}</article>",
    '<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": false}</script>',
)
OTHER_NEWS = page(
    "<article><h1>Националите победиха</h1>"
    + "<p>Волейболистите спечелиха третия гейм след обрат и драматичен край в залата.</p>" * 8
    + "</article>"
)
SHELL = '<!DOCTYPE html><html><head><title>Днес</title></head><body><div id="root"></div><script src="/app.js"></script></body></html>'
