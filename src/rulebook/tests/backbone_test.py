"""The seed of taxa, the names it carries and the documents it rests on."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rulebook
from rulebook.names import parse

TAXA = {t.scientific_name: t for t in rulebook.taxa()}


def test_it_has_listed_species_and_ordinary_ones() -> None:
    assert len(TAXA) > 500
    ordinary = [t for t in rulebook.taxa() if not rulebook.legal_status(t.names, on=date(2025, 8, 1)).listed]
    assert len(ordinary) > 60


def test_sensitive_is_exactly_priority_ia_and_ib() -> None:
    for taxon in rulebook.taxa():
        groups = rulebook.legal_status(taxon.names, on=date(2026, 6, 1), origin="wild").groups
        assert taxon.sensitive == bool({"priority", "IA", "IB"} & set(groups)), taxon.scientific_name


def test_the_flagships_are_there() -> None:
    flagships = {t.scientific_name for t in rulebook.taxa() if t.flagship}
    assert {
        "Nomascus concolor",
        "Panax vietnamensis var. fuscidiscus",
        "Fokienia hodginsii",
        "Paris",
    } <= flagships
    assert len(flagships) == 21


def test_presence_is_an_estimate_and_the_gibbon_is_not_taken_for_granted() -> None:
    assert TAXA["Nomascus concolor"].expected_certainty == "unsure"
    assert {t.expected for t in rulebook.taxa()} == {"known", "likely", "unknown", "absent"}
    assert all(t.expected_certainty != "read" for t in rulebook.taxa())


def test_renamed_species_keep_their_old_names() -> None:
    assert "Nycticebus pygmaeus" in TAXA["Xanthonycticebus pygmaeus"].synonyms
    assert "Rhyticeros undulatus" in TAXA["Aceros undulatus"].synonyms
    assert "Thaumatibis gigantea" in TAXA["Pseudibis gigantea"].synonyms
    assert "Panax bipinnatifidus" in TAXA["Panax stipuleanatus"].synonyms


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Nomascus concolor (Harlan, 1826)", "Nomascus concolor"),
        ("NOMASCUS CONCOLOR", "Nomascus concolor"),
        ("panax vietnamensis", "Panax vietnamensis"),
        ("Panax vietnamensis Ha & Grushv. var. fuscidiscus K.Komatsu", "Panax vietnamensis fuscidiscus"),
        ("Abies delavayi subsp. fansipanensis", "Abies delavayi fansipanensis"),
        ("Abies delavayi fansipanensis", "Abies delavayi fansipanensis"),
        ("Trachypithecus (phayrei) barbei", "Trachypithecus barbei"),
        ("Cinnamomum cassia (L.) J.Presl", "Cinnamomum cassia"),
        ("Alsophila spinulosa (Wall. ex Hook.) R.M.Tryon", "Alsophila spinulosa"),
        ("Litsea cubeba Pers. ex de Vriese", "Litsea cubeba"),
        ("Stephania spp.", "Stephania"),
        ("Cibotium barometz L. f. ex Moore", "Cibotium barometz"),
        ("Abies delavayi Franch. sensu lato", "Abies delavayi"),
        ("  Nomascus\u00a0 concolor ", "Nomascus concolor"),
    ],
)
def test_a_name_is_read_as_people_write_it(text: str, key: str) -> None:
    assert parse(text).key == key


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        assert parse(text).genus
    except rulebook.NotAScientificName as refused:
        assert "không phải là tên khoa học" in refused.sentence


def test_an_instrument_tells_when_it_holds() -> None:
    circular = rulebook.instrument("27/2025/TT-BNNMT")
    assert circular.holds(date(2025, 12, 31)) is True
    assert circular.holds(date(2026, 1, 1)) is False
    assert circular.repealed_by == "85/2025/TT-BNNMT"
    assert rulebook.instrument("69/2025/TT-BNNMT").holds(date(2026, 5, 1)) is None
    with pytest.raises(rulebook.UnknownName, match="không có văn bản"):
        rulebook.instrument("1/1/1")


def test_the_plan_cites_what_is_known() -> None:
    assert rulebook.instrument("654/KH-UBND").cites == ("85/2025/TT-BNNMT", "3753/KH-UBND")


@pytest.mark.outside
def test_every_name_of_the_2025_list_is_carried(shared: Path) -> None:
    import csv

    with (shared / "law/species_lists.csv").open(encoding="utf-8") as file:
        names = {r["scientific_name"] for r in csv.DictReader(file)}
    held = {e.scientific_name for e in rulebook.lists.all_entries() if e.list == "27/2025/TT-BNNMT"}
    genera = {n for n in names if n.startswith("Alsophila spp.")}
    assert names - held - genera == set()
    assert {"Alsophila spp.", "Gymnosphaera spp.", "Sphaeropteris spp."} <= held
