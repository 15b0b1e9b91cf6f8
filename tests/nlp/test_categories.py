"""The shipped category model: it loads, it knows the plainest cases, and damage is said in a sentence."""

from pathlib import Path

import numpy as np
import pytest

from tests.core.grouping.values import an_article
from worker.errors import AnalysisError
from worker.nlp.categories import SHIPPED, read_categories
from worker.topics.categories import CategoryModel, categories_of


@pytest.fixture(scope="module")
def model() -> CategoryModel:
    return read_categories()


@pytest.mark.parametrize(
    ("title", "category"),
    [
        ("Левски победи Лудогорец с два гола в последните минути", "спорт"),
        ("Парламентът прие на второ четене промените в закона за изборите", "политика"),
        ("Лекарите в болницата стартираха ваксинация срещу грип", "здраве"),
        ("Силен снеговалеж и поледици: жълт код за половината страна", "времето"),
        ("Прокуратурата обвини трима мъже за трафик на кокаин", "престъпност и правосъдие"),
        ("Миньорите обявиха стачка, синдикатите искат по-високи заплати", "труд"),
        ("Патриархът отслужи литургия в катедралния храм", "религия"),
        ("Руски ракети удариха града, войната продължава", "война и конфликти"),
    ],
)
def test_plain_headlines_get_their_category(title: str, category: str, model: CategoryModel) -> None:
    assert categories_of(an_article(title=title), model)[0].name == category


def test_missing_file_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(AnalysisError, match=r"no\.npz is missing; install Vestitel again"):
        read_categories(tmp_path / "no.npz")


@pytest.mark.parametrize("content", [b"", b"not an archive", SHIPPED.read_bytes()[:5000]], ids=["empty", "text", "cut"])
def test_damaged_file_is_said_in_a_sentence(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "categories.npz"
    path.write_bytes(content)

    with pytest.raises(AnalysisError, match="is damaged"):
        read_categories(path)


def test_file_with_other_contents_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "categories.npz"
    np.savez(path, words=np.frombuffer("мач".encode(), dtype=np.uint8), weights=np.zeros((2, 17)))

    with pytest.raises(AnalysisError, match="is damaged"):
        read_categories(path)


def test_file_is_small() -> None:
    assert SHIPPED.stat().st_size <= 2_000_000
