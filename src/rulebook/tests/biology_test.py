"""What the rulebook knows of species: each value with its source, and silence where nothing is known."""

from datetime import date

import pytest

from rulebook.biology import VALUES, biologies, biology, read

ROW = {"species": "Rana", "from": date(2026, 1, 1), "certainty": "remembered", "litter_max": 4}


def test_every_value_has_its_source_or_says_that_it_is_remembered() -> None:
    for rows in biologies().values():
        for b in rows:
            told = {name for name in VALUES if getattr(b, name) is not None}
            assert set(b.sources) | {"needs_male"} == told | {"needs_male"}
            for name, s in b.sources.items():
                assert s.source or s.certainty == "remembered", f"{b.species}: {name}"


def test_the_widest_value_is_told_and_no_season_where_no_source_gives_one() -> None:
    bear = biology("Ursus thibetanus")
    assert bear is not None and bear.breeds and bear.longevity_years == 44
    assert bear.season == (11, 12, 1, 2, 3, 4) and bear.sources["season"].certainty == "secondary"
    civet, deer = biology("Paradoxurus hermaphroditus"), biology("Rusa unicolor")
    assert civet is not None and civet.season is None  # unknown
    assert deer is not None and deer.season == ()  # known: any month
    monitor = biology("Varanus salvator")
    assert monitor is not None and monitor.female_share is None


def test_an_unknown_species_is_unknown_and_knowledge_has_its_day() -> None:
    assert biology("Rana rugulosa") is None
    assert biology("Ursus thibetanus", date(2020, 1, 1)) is None
    assert biology("Ursus thibetanus", date(2026, 11, 28)) is not None


def test_a_value_may_bring_its_own_source() -> None:
    told = read({**ROW, "longevity_years": {"value": 9, "source": "x", "certainty": "secondary"}})
    assert told.longevity_years == 9 and told.sources["longevity_years"].source == "x"
    assert told.sources["litter_max"].certainty == "remembered" and not told.breeds


@pytest.mark.parametrize(
    "wrong",
    [
        {"season": [0, 5]},
        {"season": [13]},
        {"clutch": 4},
        {"certainty": "sure"},
        {"longevity_years": {"value": 9, "certainty": "secondary"}},
    ],
)
def test_a_row_that_tells_wrongly_is_refused(wrong: dict) -> None:
    with pytest.raises(ValueError):
        read({**ROW, **wrong})
