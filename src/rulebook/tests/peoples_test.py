"""The list of peoples: complete, dated, and no spelling means two of them."""

from collections import Counter
from datetime import date

from rulebook.peoples import peoples


def test_the_list_has_54_peoples_and_none_before_its_day() -> None:
    told = peoples(date(2026, 11, 29))
    assert [one.code for one in told] == [f"{n:02}" for n in range(1, 55)]
    assert not peoples(date(1979, 3, 1)) and [one.name for one in told if not one.minority] == ["Kinh"]
    assert {one.certainty for one in told} == {"remembered"} and all(one.source for one in told)


def test_no_spelling_means_two_peoples() -> None:
    spelt = Counter(word.casefold() for one in peoples(date(2026, 11, 29)) for word in {one.name, *one.also})
    assert not [word for word, n in spelt.items() if n > 1]
