"""The history told by hand: it says yes only where the integer program finds nothing unexplained."""

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from ecostat.ledger import Biology, Entry, histories, implausible

LINE = st.builds(
    Entry,
    month=st.integers(0, 14),
    kind=st.sampled_from(["opening", "in", "birth", "birth", "out", "death"]),
    number=st.integers(0, 9),
    sex=st.sampled_from([None, None, "f", "m"]),
    age_months=st.sampled_from([None, 0, 7]),
)
SPECIES = st.builds(
    Biology,
    litter_max=st.integers(1, 5),
    litter_interval_months=st.sampled_from([1, 2.5, 6]),
    first_litter_months=st.sampled_from([1, 4.5, 9]),
    gestation_months=st.sampled_from([0, 2]),
    female_share=st.sampled_from([1.0, 0.6]),
)


def plain(entries: list[Entry], biology: Biology) -> bool:
    kept = sorted(range(len(entries)), key=lambda i: (entries[i].at, histories._ORDER[entries[i].kind]))
    return histories._plain(entries, biology, kept)


@settings(max_examples=150, deadline=None)
@given(st.lists(LINE, max_size=9), SPECIES)
def test_what_it_calls_explained_the_program_explains_too(entries: list[Entry], biology: Biology) -> None:
    if plain(entries, biology):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(histories, "_plain", lambda *_given: False)
            found = {r.rule for r in implausible(entries, biology)}
        assert not found & {"births", "balance"}


def test_it_explains_an_honest_book_and_no_book_with_too_many_births() -> None:
    biology = Biology(litter_max=4, litter_interval_months=6, first_litter_months=10)
    honest = [
        Entry(0, "opening", 2, "m"),
        Entry(0, "opening", 5, "f"),
        Entry(3, "birth", 20),
        Entry(5, "out", 12),
    ]
    assert plain(honest, biology)
    assert not plain(
        [*honest, Entry(4, "birth", 1)], biology
    )  # the females bore all they could a month before
    assert not plain([*honest, Entry(6, "out", 16)], biology)  # fifteen were left


def test_a_reason_that_time_did_not_let_prove_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    solve = histories.Program.least
    monkeypatch.setattr(histories.Program, "least", lambda *given: (solve(*given)[0], False))
    [reason] = implausible(
        [Entry(0, "opening", 1, "f"), Entry(1, "birth", 9)],
        Biology(litter_max=4, litter_interval_months=6, first_litter_months=10),
    )
    assert not reason.proven and "time ran out" in reason.sentence
