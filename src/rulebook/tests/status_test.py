"""Worked answers of legal status: who decides, on which day, for which specimen."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rulebook
from rulebook import LegalStatus, history, legal_status
from rulebook.lists import all_entries, groups

UNDER_TT27 = date(2025, 8, 1)
UNDER_TT85 = date(2026, 6, 1)
NAMES = sorted({e.scientific_name for e in all_entries() if e.rank not in ("breed", "virus")})
DAYS = st.dates(date(2010, 1, 1), date(2030, 1, 1))
ORIGINS = st.sampled_from(["wild", "propagated", None])


def test_the_black_gibbon_in_2026_is_priority_but_not_verified() -> None:
    status = legal_status("Nomascus concolor", on=UNDER_TT85, origin="wild")
    assert status.group == "priority"
    assert status.groups == ("priority", "IB")
    assert status.certainty == "unverified"
    assert "Thông tư 85/2025/TT-BNNMT" in status.sentence
    assert "mục 113" in status.sentence


def test_the_same_gibbon_in_2025_is_verified() -> None:
    status = legal_status("Nomascus concolor (Harlan, 1826)", on=UNDER_TT27, origin="wild")
    assert (status.group, status.certainty, status.verified) == ("priority", "read", True)


def test_wild_ginseng_is_priority_and_propagated_ginseng_is_iia() -> None:
    wild = legal_status("Panax vietnamensis", on=UNDER_TT27, origin="wild")
    grown = legal_status("Panax vietnamensis", on=UNDER_TT27, origin="propagated")
    assert (wild.group, wild.groups) == ("priority", ("priority", "IA"))
    assert (grown.group, grown.groups) == ("IIA", ("IIA",))
    assert any("chỉ áp dụng cho mẫu vật từ tự nhiên" in h.set_aside for h in grown.hits)


def test_ginseng_of_unknown_origin_takes_the_stricter_and_says_so() -> None:
    status = legal_status("Panax vietnamensis", on=UNDER_TT27)
    assert status.group == "priority"
    assert "Chưa rõ nguồn gốc" in status.sentence


def test_lai_chau_ginseng_was_listed_as_a_variety_and_is_now_covered_by_its_species() -> None:
    name = "Panax vietnamensis var. fuscidiscus K.Komatsu, S.Zhu & S.Q.Cai"
    before = legal_status(name, on=date(2022, 1, 1), origin="propagated")
    assert before.group == "IIA"
    assert before.deciding is not None
    assert before.deciding.entry.rank == "variety"
    after = legal_status(name, on=UNDER_TT27, origin="wild")
    assert after.group == "priority"
    assert after.deciding is not None
    assert after.deciding.how == "species"


def test_the_variety_speaks_before_its_species_in_the_same_list() -> None:
    status = legal_status("Panax vietnamensis var. fuscidiscus", on=date(2022, 1, 1), origin="wild")
    forest = [h for h in status.hits if h.instrument == "84/2021/NĐ-CP"]
    assert {h.group: bool(h.set_aside) for h in forest} == {"IIA": False, "IA": True}


def test_the_silver_pheasant_went_from_ib_to_iib_on_1_july_2025() -> None:
    assert legal_status("Lophura nycthemera", on=date(2025, 6, 30)).group == "IB"
    assert legal_status("Lophura nycthemera", on=date(2025, 7, 1)).group == "IIB"


def test_a_tree_fern_is_found_through_its_genus_then_and_now() -> None:
    names = ("Alsophila spinulosa", "Cyathea spinulosa")
    before = legal_status(names, on=date(2022, 1, 1))
    assert before.group == "IIA"
    assert before.deciding is not None
    assert (before.deciding.how, before.deciding.name) == ("genus", "Cyathea spinulosa")
    now = legal_status(names, on=UNDER_TT27)
    assert now.deciding is not None
    assert now.deciding.name == "Alsophila spinulosa"
    assert "mục ghi theo chi" in now.sentence


def test_himalayan_yew_went_from_iia_to_ia() -> None:
    told = [(s.start, s.groups) for s in history("Taxus wallichiana") if s.start and s.start.year >= 2021]
    assert told == [
        (date(2021, 11, 30), ("priority", "IIA")),
        (date(2025, 7, 1), ("priority", "IA")),
        (date(2026, 1, 1), ("priority", "IA")),
    ]


@pytest.mark.parametrize("name", ["Nycticebus pygmaeus", "Xanthonycticebus pygmaeus"])
def test_the_pygmy_loris_is_found_under_either_name(name: str) -> None:
    assert legal_status(name, on=UNDER_TT27).group == "priority"
    names = ("Xanthonycticebus pygmaeus", "Nycticebus pygmaeus")
    assert legal_status(names, on=date(2020, 1, 1)).group == "priority"


def test_an_orchid_is_found_through_its_family() -> None:
    status = legal_status("Dendrobium nobile", on=UNDER_TT27)
    assert status.group == "IIA"
    assert status.deciding is not None
    assert status.deciding.how == "family"
    assert legal_status("Ludisia discolor", on=UNDER_TT27, within=["Orchidaceae"]).group == "IIA"


def test_a_genus_the_seed_does_not_know_leaves_the_wide_entries_open() -> None:
    status = legal_status("Ludisia discolor", on=UNDER_TT27)
    assert not status.listed
    assert status.certainty == "unsure"
    assert any("họ, bộ" in gap for gap in status.gaps)


def test_what_a_wide_entry_excepts_is_decided_by_its_own_entry() -> None:
    status = legal_status("Arborophila davidi", on=date(2022, 1, 1))
    assert "IIB" not in status.groups
    assert any("trừ Arborophila davidi" in hit.set_aside for hit in status.hits)
    assert legal_status("Arborophila torqueola", on=date(2022, 1, 1)).group == "IIB"


def test_a_propagated_slipper_orchid_is_not_called_free() -> None:
    status = legal_status("Paphiopedilum callosum", on=UNDER_TT27, origin="propagated")
    assert (status.group, status.certainty) == ("IIA", "unsure")
    assert legal_status("Paphiopedilum callosum", on=UNDER_TT27, origin="wild").groups == ("priority", "IA")


def test_a_breed_is_listed_and_its_species_is_not() -> None:
    assert legal_status("lợn Mường Lay", on=UNDER_TT27).group == "priority"
    boar = legal_status("Sus scrofa", on=UNDER_TT27)
    assert not boar.listed
    assert "không nêu cả loài" in boar.sentence


def test_nothing_found_is_never_a_verdict_of_safety_while_a_list_is_unread() -> None:
    sparrow = legal_status("Passer montanus", on=UNDER_TT85)
    assert sparrow.group is None
    assert sparrow.sentence.startswith("Passer montanus: không có trong danh mục.")
    assert "Chưa khẳng định được" in sparrow.sentence
    assert sparrow.certainty == "unverified"
    assert legal_status("Passer montanus", on=UNDER_TT27).certainty == "read"


def test_a_fish_not_found_may_still_be_in_the_part_not_read() -> None:
    assert legal_status("Cyprinus carpio", on=UNDER_TT27).certainty == "unverified"
    assert legal_status("Semilabeo obscurus", on=UNDER_TT27).group == "I"
    assert legal_status("Bagarius rutilus", on=UNDER_TT27).certainty == "remembered"


def test_an_invasive_plant_is_said_to_be_so() -> None:
    status = legal_status("Lantana camara L.", on=UNDER_TT27)
    assert status.group == "invasive"
    assert legal_status("Lantana camara", on=UNDER_TT85).certainty == "unverified"


def test_a_specimen_named_to_genus_is_sent_back_for_a_species() -> None:
    status = legal_status("Nomascus sp.", on=UNDER_TT27)
    assert not status.listed
    assert "chi này có 6 loài trong danh mục" in status.sentence
    doubtful = legal_status("Nomascus cf. concolor", on=UNDER_TT27)
    assert (doubtful.group, doubtful.certainty) == ("priority", "unsure")


def test_a_subspecies_in_the_list_does_not_settle_the_species() -> None:
    status = legal_status("Panthera tigris", on=date(2022, 1, 1))
    assert status.group == "priority"
    part = next(h for h in status.hits if h.instrument == "84/2021/NĐ-CP")
    assert (part.how, part.certainty) == ("part", "unsure")


def test_commerce_with_wild_specimens_meets_the_ban_of_group_i() -> None:
    status = legal_status("Nomascus concolor", on=UNDER_TT27, origin="wild", purpose="commercial")
    assert status.consequence is not None
    assert "nghiêm cấm" in status.consequence
    assert legal_status("Nomascus concolor", on=UNDER_TT27, origin="wild").consequence is None
    bred = legal_status("Nomascus concolor", on=UNDER_TT27, origin="propagated", purpose="commercial")
    assert bred.consequence is None


def test_the_counts_of_the_2025_list_are_those_read_in_it() -> None:
    rows = [e for e in all_entries() if e.list == "27/2025/TT-BNNMT" and e.certainty == "read"]
    counts = {g: len({e.number for e in rows if e.group == g}) for g in ("IA", "IB", "IIA", "IIB")}
    assert counts == {"IA": 43, "IB": 109, "IIA": 52, "IIB": 186}
    priority = [e for e in rows if e.group == "priority"]
    assert (len(priority), sum(e.rank == "breed" for e in priority)) == (146, 22)


def test_a_list_known_to_lack_a_species_says_so_when_nothing_is_found() -> None:
    status = legal_status("Passer montanus", on=date(2023, 1, 1))
    assert status.certainty == "unverified"
    assert any("96 loài" in gap for gap in status.gaps)


def test_before_2019_the_forest_groups_are_not_held_and_it_says_so() -> None:
    status = legal_status("Macaca mulatta", on=date(2016, 1, 1))
    assert not status.listed
    assert status.certainty != "read"
    assert any("32/2006/NĐ-CP" in gap for gap in status.gaps)


@pytest.mark.parametrize("text", ["", "  ", "hổ", "123", "?"])
def test_what_is_no_name_is_refused_in_vietnamese(text: str) -> None:
    with pytest.raises(rulebook.NotAScientificName, match="không phải là tên khoa học"):
        legal_status(text, on=UNDER_TT27)


def test_no_name_at_all_and_an_unknown_origin_are_refused() -> None:
    with pytest.raises(rulebook.NotAScientificName):
        legal_status((), on=UNDER_TT27)
    with pytest.raises(ValueError, match="Nguồn gốc"):
        legal_status("Nomascus concolor", on=UNDER_TT27, origin="zoo")  # type: ignore[arg-type]


def consistent(status: LegalStatus) -> None:
    active = [h for h in status.hits if not h.set_aside]
    assert (status.deciding is None) == (not active)
    if status.deciding:
        assert [h for h in status.hits if h is status.deciding] == [status.deciding]
        assert groups()[status.deciding.group].level == min(groups()[h.group].level for h in active)


@given(name=st.sampled_from(NAMES), day=DAYS, origin=ORIGINS)
def test_exactly_one_entry_decides_and_none_is_stricter(name: str, day: date, origin: str | None) -> None:
    status = legal_status(name, on=day, origin=origin)  # type: ignore[arg-type]
    consistent(status)
    assert (status.start or day) <= day <= (status.end or day)


@given(name=st.sampled_from(NAMES), day=DAYS, origin=st.sampled_from(["wild", "propagated"]))
def test_not_knowing_the_origin_is_never_milder(name: str, day: date, origin: str) -> None:
    known = legal_status(name, on=day, origin=origin)  # type: ignore[arg-type]
    unknown = legal_status(name, on=day)
    if known.deciding and known.deciding.certainty == "read":
        assert unknown.deciding is not None
        assert groups()[unknown.deciding.group].level <= groups()[known.deciding.group].level


@given(first=st.sampled_from(NAMES), second=st.sampled_from(NAMES), day=DAYS, origin=ORIGINS)
def test_a_synonym_more_never_hides_a_group(first: str, second: str, day: date, origin: str | None) -> None:
    alone = legal_status(first, on=day, origin=origin)  # type: ignore[arg-type]
    both = legal_status((first, second), on=day, origin=origin)  # type: ignore[arg-type]
    consistent(both)
    assert {id(h.entry) for h in alone.hits} <= {id(h.entry) for h in both.hits}


@given(name=st.sampled_from(NAMES))
def test_history_covers_all_time_without_a_hole(name: str) -> None:
    told = history(name)
    assert told[0].start is None
    assert told[-1].end is None
    for earlier, later in zip(told, told[1:], strict=False):  # noqa: RUF007
        assert earlier.end is not None
        assert later.start == earlier.end + timedelta(days=1)


@given(entry=st.sampled_from([e for e in all_entries() if e.rank in ("species", "subspecies", "variety")]))
def test_every_entry_is_found_under_its_own_name_while_in_force(entry: rulebook.lists.Entry) -> None:
    status = legal_status(entry.scientific_name, on=entry.period.start or UNDER_TT27)
    mine = [h for h in status.hits if h.entry == entry]
    assert mine
    assert not mine[0].set_aside
