"""Keys and fingerprints of many rows are those of one row, and stay what they were."""

from uuid import NAMESPACE_URL, uuid5

import numpy as np
import polars as pl
import pytest

from baoton.kit import keyed
from baoton.kit.importing.keys import Ordinals, Seen, fingerprints, joined, source_ids
from baoton.kit.kinds.cells import fold
from baoton.kit.kinds.tidy import tidy
from baoton.kit.models import Secret


@pytest.mark.django_db
def test_the_key_of_many_is_the_key_of_one() -> None:
    keys = ["a", "Vượn đen", "x" * 500, "1\x1f2", ""]
    assert source_ids("bộ A", pl.Series(keys)).to_list() == [keyed.source_id("bộ A", k).hex for k in keys]


@pytest.mark.django_db
def test_whoever_lacks_the_key_of_the_installation_cannot_tell_a_source_id_from_its_record() -> None:
    """A record's id stands in every address; the id its source gave it may name a hidden place."""
    here = keyed.source_id("bộ A", "HANG-YẾN-01")
    plain = uuid5(NAMESPACE_URL, "baoton:bộ A\x1fHANG-YẾN-01")
    keyed._stored.cache_clear()
    Secret.objects.filter(name=keyed.NAME).update(value="ab" * 32)
    elsewhere = keyed.source_id("bộ A", "HANG-YẾN-01")
    keyed._stored.cache_clear()
    assert len({here, plain, elsewhere}) == 3


def test_a_fingerprint_never_changes() -> None:
    """A changed value here would make every row of every earlier import look changed."""
    found = fingerprints([pl.Series(["a", None]), pl.Series([1.5, 2.0])])
    assert found.tolist() == [-5890996750759990706, -2755905376953036498]


def test_blank_and_empty_and_shifted_cells_differ() -> None:
    one = joined([pl.Series(["a", "", None]), pl.Series(["", "a", "a"])])
    assert one.n_unique() == 3


def test_equal_rows_are_counted_over_batches() -> None:
    ordinals = Ordinals()
    assert ordinals.of(np.array([7, 7, 8])).tolist() == [0, 1, 0]
    assert ordinals.of(np.array([8, 7])).tolist() == [1, 2]


def test_the_second_of_two_ids_names_the_first_good_one() -> None:
    seen = Seen()
    first = seen.firsts(pl.Series(["a", "a", "b"]), np.array([2, 3, 4]), "t", np.array([False, True, True]))
    assert first["first"].to_list() == [3, None, None]
    later = seen.firsts(pl.Series(["b", "c"]), np.array([5, 6]), "u", np.array([True, True]))
    assert later.rows() == [("t", 4), (None, None)]


def test_text_is_composed_and_trimmed_and_counted() -> None:
    clean, changed = tidy(pl.Series(["  Vượn  đen ", "Vu\u031bo\u031b\u0323n \u0111en", "ok", None, "  "]))
    assert clean.to_list() == ["Vượn đen", "Vượn đen", "ok", None, None]
    assert changed == 3
    assert tidy(pl.Series(["a\n b"]), lines=True)[0].to_list() == ["a\n b"]


def test_codes_are_compared_without_marks() -> None:
    assert fold(pl.Series(["Có mặt", "HUMAN_observation", "Đực"])).to_list() == [
        "co mat",
        "human observation",
        "duc",
    ]
