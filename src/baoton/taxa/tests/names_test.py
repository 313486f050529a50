"""What written names mean, what the law says of taxa, and how guarded their places are."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from baoton.kit.access import Denied, Public, System
from baoton.kit.pages.form import KindForm
from baoton.kit.place import Disclosure
from baoton.kit.reading.register import REGISTERS
from baoton.taxa import actions, disclosure, queries
from baoton.taxa.models import Group, NameDecision, Taxon
from baoton.taxa.spelling import rank_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def seed(db: None) -> None:
    actions.load()


def name(text: str) -> Taxon:
    return Taxon.objects.get(scientific_name=text)


def test_loading_twice_changes_nothing_and_keeps_what_a_person_wrote() -> None:
    assert actions.load() == 0
    Taxon.objects.filter(scientific_name="Manis pentadactyla").update(vernacular_vi="Trút", revision=2)
    assert actions.load() == 0
    assert name("Manis pentadactyla").vernacular_vi == "Trút"


def test_a_name_matches_with_author_spaces_and_case_and_a_synonym_leads_to_the_accepted_taxon() -> None:
    written = ["Manis pentadactyla Linnaeus, 1758", "  manis   pentadactyla", "Aonyx cinerea", "Xyz abc"]
    exact, loose, synonym, none = queries.match(written)
    assert (exact.how, loose.how, synonym.how, none.how) == ("exact", "exact", "synonym", "none")
    assert exact.taxon_id == loose.taxon_id == name("Manis pentadactyla").pk
    assert synonym.taxon_id == name("Aonyx cinereus").pk
    assert synonym.name_id == name("Aonyx cinerea").pk
    assert exact.taxon_group == Group.MAMMAL
    assert (none.taxon_id, none.sensitivity) == (None, 0)


def test_there_is_one_match_per_name_in_order_and_few_questions(django_assert_max_num_queries) -> None:
    names = ["Manis pentadactyla", "Xyz abc", "Manis pentadactyla"] * 5_000
    with django_assert_max_num_queries(3):
        found = queries.match(names)
    assert [m.written for m in found] == names


def test_a_misspelt_protected_name_matches_nothing_and_opens_nothing() -> None:
    for written in ("Manis pentadactila", "Nomascus concolr", "Aonyx cinerus"):
        (found,) = queries.match([written])
        assert (found.taxon_id, found.how) == (None, "none"), written
        assert found.sensitivity > Disclosure.AS_IS, written


def test_a_doubtful_species_matches_nothing_but_keeps_its_level() -> None:
    (found,) = queries.match(["Panax cf. stipuleanatus"])
    assert (found.how, found.sensitivity) == ("none", Disclosure.WITHHELD)


def test_a_protected_name_the_list_does_not_hold_is_guarded_all_the_same() -> None:
    Taxon.objects.filter(scientific_name="Aonyx cinerea").delete()
    Taxon.objects.filter(scientific_name="Aonyx cinereus").delete()
    (found,) = queries.match(["Aonyx cinereus"])
    assert (found.how, found.sensitivity) == ("none", Disclosure.GENERALISED)


def test_homonyms_match_only_with_their_author() -> None:
    for kingdom, author in (("Animalia", "Smith, 1900"), ("Plantae", "Jones")):
        taxon = Taxon(scientific_name="Aus bus", kingdom=kingdom, authorship=author)
        actions.prepare(taxon)
        taxon.save()
    assert [m.how for m in queries.match(["Aus bus", "Aus bus Jones"])] == ["none", "exact"]


def test_a_persons_decision_goes_first_even_when_it_says_nothing_is_meant() -> None:
    monkey = name("Aonyx cinereus")
    actions.decide_name(System(), " Rái  cá vuốt bé ", monkey)
    actions.decide_name(System(), "Manis pentadactyla", None)
    vernacular, refused = queries.match(["Rái cá vuốt bé", "Manis pentadactyla"])
    assert (vernacular.how, vernacular.taxon_id) == ("decided", monkey.pk)
    assert (refused.how, refused.taxon_id, refused.sensitivity) == ("none", None, Disclosure.WITHHELD)


def test_only_who_may_decides_a_name() -> None:
    with pytest.raises(Denied):
        actions.decide_name(Public(), "hổ", None)
    assert not NameDecision.objects.exists()


def test_proposals_come_likest_first_and_never_name_a_protected_species() -> None:
    for text in ("Castanopsis indica", "Castanopsis hystrix"):
        taxon = Taxon(scientific_name=text, kingdom="Plantae", family="Fagaceae", order="Fagales")
        actions.prepare(taxon)
        taxon.save()
    assert queries.propose("Castanopsis indicca")[0].scientific_name == "Castanopsis indica"
    assert queries.propose("Manis pentadactila") == []
    assert queries.propose("Qqq zzz") == []


def test_search_finds_by_any_name_with_or_without_diacritics() -> None:
    wanted = name("Aonyx cinereus").pk
    for text in ("rái cá vuốt", "rai ca vuot be", "cinereus", "cinerea"):
        assert wanted in set(queries.search(text)), text


@pytest.mark.parametrize(
    ("who", "day", "group"),
    [
        ("Manis pentadactyla", date(2018, 1, 1), "priority"),
        ("Manis pentadactyla", date(2023, 5, 1), "priority"),
        ("Aonyx cinerea", date(2023, 5, 1), "priority"),
        ("Macaca mulatta", date(2023, 5, 1), "IIB"),
    ],
)
def test_the_law_is_found_through_synonyms_and_genera(who: str, day: date, group: str) -> None:
    found = queries.legal_status(name(who), day)
    assert found.group == group
    assert found.deciding is not None
    assert found.deciding.entry.number or found.deciding.entry.annex


def test_a_species_not_printed_itself_is_found_through_its_genus() -> None:
    taxon = Taxon(scientific_name="Paphiopedilum novum", kingdom="Plantae", family="Orchidaceae")
    actions.prepare(taxon)
    taxon.save()
    found = queries.legal_status(taxon, date(2023, 5, 1))
    assert (found.group, found.deciding and found.deciding.how) == ("IA", "genus")
    assert disclosure.level_of([str(taxon)], ["Orchidaceae"], date(2023, 5, 1))[0] == Disclosure.GENERALISED
    assert disclosure.level_of([str(taxon)], ["Orchidaceae"], date(2025, 8, 1))[0] == Disclosure.AS_IS


def test_an_answer_carried_on_past_its_list_says_it_is_not_verified() -> None:
    before = queries.legal_status(name("Manis pentadactyla"), date(2025, 12, 31))
    after = queries.legal_status(name("Manis pentadactyla"), date(2026, 1, 1))
    assert (before.group, after.group) == ("priority", "priority")
    assert before.verified
    assert not after.verified
    assert "85/2025" in " ".join(after.gaps)


def test_bulk_status_agrees_with_one_by_one() -> None:
    some = list(Taxon.objects.order_by("pk")[:60])
    day = date(2023, 5, 1)
    every = queries.legal_statuses(some, day)
    for taxon in some:
        assert every[taxon.pk] == queries.legal_status(taxon, day), taxon


def test_levels_follow_the_legal_groups_and_the_withheld_list() -> None:
    assert name("Manis pentadactyla").sensitivity == Disclosure.WITHHELD
    assert name("Panax vietnamensis var. fuscidiscus").sensitivity == Disclosure.WITHHELD
    assert name("Aonyx cinereus").sensitivity == Disclosure.GENERALISED
    assert name("Aonyx cinerea").sensitivity == Disclosure.GENERALISED
    assert name("Macaca mulatta").sensitivity == Disclosure.AS_IS
    for taxon in Taxon.objects.exclude(sensitivity=Disclosure.AS_IS):
        assert taxon.sensitivity_why, taxon


def test_a_reason_reads_in_english_too() -> None:
    for taxon in Taxon.objects.exclude(sensitivity=Disclosure.AS_IS):
        assert disclosure.in_english(taxon.sensitivity_why) != taxon.sensitivity_why, taxon


def test_loading_sees_that_the_law_moved_on(monkeypatch: pytest.MonkeyPatch) -> None:
    Taxon.objects.filter(scientific_name="Macaca mulatta").update(revision=2, sensitivity=1)
    asked = []
    monkeypatch.setattr(actions, "guard_again", lambda actor: asked.append(actor))
    actions.load()
    assert len(asked) == 1
    actions.relevel()
    assert name("Macaca mulatta").sensitivity == Disclosure.AS_IS
    actions.load()
    assert len(asked) == 1


def test_a_genus_is_as_guarded_as_its_listed_members() -> None:
    assert disclosure.level_of_name("Paphiopedilum sp.")[0] == Disclosure.GENERALISED
    assert disclosure.level_of_name("Ursus sp.")[0] == Disclosure.WITHHELD
    assert disclosure.level_of_name("Hổ")[0] == Disclosure.WITHHELD


def test_unknown_sensitivity_counts_as_open_only_where_there_is_no_taxon() -> None:
    assert list(disclosure.levels(np.array([0, 1, 2, None, np.nan], object))) == [0, 1, 2, 0, 0]


def test_a_rank_is_read_in_vietnamese_or_english_and_another_one_stays_as_it_is_written() -> None:
    written = ["Loài", "species", "phân loài", "HỌ", "tribe", None]
    read = ["species", "species", "subspecies", "family", "tribe", None]
    assert rank_of(pl.Series(written, dtype=pl.String)).to_list() == read


def test_a_form_offers_ranks_in_words_and_keeps_one_that_came_from_a_file() -> None:
    kind = next(k for k in REGISTERS["taxa.taxon"].fields if k.name == "rank")
    for stored in ("species", "tribe"):
        form = KindForm([kind], System(), Taxon(rank=stored), {"rank": stored})
        assert form.is_valid() and form.values()["rank"] == stored
    assert ">loài<" in str(form["rank"]) and ">species<" not in str(form["rank"])
    assert not KindForm([kind], System(), Taxon(rank="tribe"), {"rank": "cohort"}).is_valid()
