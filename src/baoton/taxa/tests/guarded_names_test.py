"""However a guarded taxon is written, its place stays guarded; what is plainly something else stays open."""

from collections.abc import Callable

import pytest

from baoton.kit.place import Disclosure
from baoton.taxa import actions, queries
from baoton.taxa.disclosure import level_of, level_of_name
from baoton.taxa.models import Taxon
from rulebook.backbone import taxa as seed

pytestmark = [pytest.mark.django_db, pytest.mark.once]
Way = Callable[[str, str, str, str], str]

# Each takes genus, epithet, the Latin name and the Vietnamese one.
WAYS: dict[str, Way] = {
    "as it is": lambda g, e, n, v: n,
    "upper case": lambda g, e, n, v: n.upper(),
    "lower case": lambda g, e, n, v: n.lower(),
    "author": lambda g, e, n, v: f"{n} (Harlan, 1826)",
    "Vietnamese and Latin": lambda g, e, n, v: f"{v} ({n})",
    "Latin and Vietnamese": lambda g, e, n, v: f"{n} ({v})",
    "dash between": lambda g, e, n, v: f"{v} - {n}",
    "slash between": lambda g, e, n, v: f"{v}/{n}",
    "shortened genus": lambda g, e, n, v: f"{g[0]}. {e}",
    "shortened without space": lambda g, e, n, v: f"{g[0]}.{e}",
    "shortened without dot": lambda g, e, n, v: f"{g[0]} {e}",
    "shortened lower case": lambda g, e, n, v: f"{g[0].lower()}. {e}",
    "shortened to three": lambda g, e, n, v: f"{g[:3]}. {e}",
    "numbered": lambda g, e, n, v: f"1. {n}",
    "numbered in brackets": lambda g, e, n, v: f"(12) {n}",
    "bullet": lambda g, e, n, v: f"- {n}",
    "letter": lambda g, e, n, v: f"a) {n}",
    "con before": lambda g, e, n, v: f"Con {v.lower()}",
    "loài before": lambda g, e, n, v: f"loài {n}",
    "Vietnamese alone": lambda g, e, n, v: v,
    "Vietnamese upper case": lambda g, e, n, v: v.upper(),
    "Vietnamese lower case": lambda g, e, n, v: v.lower(),
    "Vietnamese in decomposed letters": lambda g, e, n, v: __import__("unicodedata").normalize("NFD", v),
    "Vietnamese joined": lambda g, e, n, v: v.replace(" ", "") if len(v) > 9 else v,
    "Vietnamese with hyphens": lambda g, e, n, v: v.replace(" ", "-"),
    "Vietnamese with underscores": lambda g, e, n, v: v.replace(" ", "_"),
    "Vietnamese spaced out": lambda g, e, n, v: v.replace(" ", "   "),
    "a trace of it": lambda g, e, n, v: f"dấu chân {v.lower()}",
    "a family of it": lambda g, e, n, v: f"đàn {v.lower()} 5 con",
    "heard": lambda g, e, n, v: f"nghe tiếng {v.lower()}",
    "cf. before": lambda g, e, n, v: f"cf. {n}",
    "cf. between": lambda g, e, n, v: f"{g} cf. {e}",
    "aff. between": lambda g, e, n, v: f"{g} aff. {e}",
    "gr. between": lambda g, e, n, v: f"{g} gr. {e}",
    "question mark": lambda g, e, n, v: f"{g} ?{e}",
    "question mark after": lambda g, e, n, v: f"{n}?",
    "có thể before": lambda g, e, n, v: f"có thể {n}",
    "có thể là": lambda g, e, n, v: f"Có thể là {v.lower()}",
    "sp. of the genus": lambda g, e, n, v: f"{g} sp.",
    "sp. 1": lambda g, e, n, v: f"{g} sp. 1",
    "genus alone": lambda g, e, n, v: g,
    "tags": lambda g, e, n, v: f"<i>{n}</i>",
    "tags inside": lambda g, e, n, v: f"<i>{g}</i> <i>{e}</i>",
    "entities": lambda g, e, n, v: f"{g}&nbsp;{e}",
    "no-break space": lambda g, e, n, v: f"{g}\u00a0{e}",
    "zero width": lambda g, e, n, v: f"{g}\u200b {e[:2]}\u200b{e[2:]}",
    "soft hyphen": lambda g, e, n, v: f"{g} {e[:3]}\u00ad{e[3:]}",
    "hyphen": lambda g, e, n, v: f"{g}-{e}",
    "underscore": lambda g, e, n, v: f"{g}_{e}",
    "missing space": lambda g, e, n, v: f"{g}{e}",
    "missing space lower": lambda g, e, n, v: f"{g}{e}".lower(),
    "spaced letters": lambda g, e, n, v: " ".join(f"{g} {e}"),
    "full-width letters": lambda g, e, n, v: "".join(chr(ord(c) + 0xFEE0) if "!" < c <= "~" else c for c in n),
    "Cyrillic letters": lambda g, e, n, v: n.translate(str.maketrans("aeoc", "аеос")),
    "second taxon after": lambda g, e, n, v: f"{n} & Macaca mulatta",
    "second taxon before": lambda g, e, n, v: f"Macaca mulatta & {n}",
    "second taxon shortened": lambda g, e, n, v: f"Macaca mulatta, {g[0]}. {e}",
    "second taxon with và": lambda g, e, n, v: f"Khỉ vàng và {v.lower()}",
    "or": lambda g, e, n, v: f"Macaca mulatta hoặc {n}",
    "hybrid": lambda g, e, n, v: f"{n} × {g} ignotus",
    "auct. non": lambda g, e, n, v: f"{n} auct. non L.",
    "a lower name": lambda g, e, n, v: f"{n} subsp. ignota",
    "a letter lost in the genus": lambda g, e, n, v: f"{g[:3]}{g[4:]} {e}",
    "a letter lost in the epithet": lambda g, e, n, v: f"{g} {e[:3]}{e[4:]}",
    "a letter doubled": lambda g, e, n, v: f"{g} {e[:2]}{e[1:]}",
    "another ending": lambda g, e, n, v: f"{g} {e[:-2]}us",
    "epithet first": lambda g, e, n, v: f"{e}, {g}",
    "quoted": lambda g, e, n, v: f"“{n}”",
    "subgenus": lambda g, e, n, v: f"{g} ({g}) {e}",
    "read twice": lambda g, e, n, v: _misread(v),
    "with a count": lambda g, e, n, v: f"3 {n}",
    "with words after": lambda g, e, n, v: f"{n} (con non)",
    "percent signs": lambda g, e, n, v: f"{g}%20{e}",
    "with a tab": lambda g, e, n, v: f"{g}\t{e}",
    "two lines": lambda g, e, n, v: f"{v}\n{n}",
}  # fmt: skip


def _misread(text: str) -> str:
    """UTF-8 read as Latin-1, as old programs do."""
    return text.encode("utf-8").decode("latin-1")


def guarded() -> list[tuple[str, str]]:
    """Every guarded species of the seed, Latin and Vietnamese."""
    found = []
    for t in seed():
        if level_of(t.names, tuple(g for g in (t.family, t.order) if g))[0] and t.vietnamese_names:
            found.append((" ".join(t.scientific_name.split()[:2]), t.vietnamese_names[0]))
    return found


@pytest.fixture
def listed(db: None) -> None:
    actions.load()


def test_there_are_sixty_taxa_and_sixty_ways_to_try() -> None:
    assert len(guarded()) >= 60 and len(WAYS) >= 60


def test_no_way_of_writing_opens_a_guarded_place(listed: None) -> None:
    taxa = guarded()
    asked = {m.written: m.sensitivity for m in queries.match([n for n, _v in taxa])}
    less = []
    for way, write in WAYS.items():
        written = {write(*n.split(), n, v): n for n, v in taxa}
        for m in queries.match(list(written)):
            whole = 1 if way in {"sp. of the genus", "sp. 1", "genus alone"} else asked[written[m.written]]
            less += [(way, m.written, m.sensitivity)] if m.sensitivity < whole else []
    assert less == []


@pytest.mark.parametrize("way", WAYS)
def test_the_law_alone_guards_each_way_without_a_list_of_taxa(way: str) -> None:
    written = (WAYS[way](*n.split(), n, v) for n, v in guarded())
    assert [t for t in written if not level_of_name(t).level] == []


@pytest.mark.parametrize(
    "text",
    ["Cọp", "Hùm", "Ông ba mươi", "con cop", "Trút", "con trút", "Vượn", "đàn vượn", "Gấu", "Tam thất đen",
     "Sâm", "Beo", "Tiger", "gibbons", "Felidae sp.", "P. tigris", "Ho", "Hỗ", "dấu chân hổ", "Phượng hoàng đất"],
)  # fmt: skip
def test_local_and_general_words_guard(text: str) -> None:
    assert level_of_name(text).level == Disclosure.WITHHELD, text


@pytest.mark.parametrize(
    "text",
    ["Macaca mulatta", "Khỉ vàng", "Loài A", "Cá i", "sp. A", "Castanopsis indica", "Rauvolfia vietnamensis",
     "Puma concolor", "Cá rô đồng", "Xyz abc", "Quercus chinensis", "Bambusa", "Trúc", "Hoa hồng", "Cỏ voi", "",
     "Passer montanus", "Rosa chinensis", "Turdus", "Cây bụi", "Nấm", "?", "123", "x", "Họ Thông"],
)  # fmt: skip
def test_what_is_plainly_something_else_stays_open(text: str) -> None:
    assert level_of_name(text).level == Disclosure.AS_IS, text


@pytest.mark.parametrize(
    "text",
    ["Nomascus concolor x leucogenys", "Nomascus concolor × Nomascus leucogenys", "Macaca mulatta auct. non Zimm.",
     "Nomascus concolor hoặc N. leucogenys", "Macaca mulatta & Nomascus concolor", "Nomascus gr. concolor",
     "Macaca mulatta / Macaca arctoides", "Macaca mulatta?", "Macaca mulatta agg.", "Macaca cf. mulatta",
     "Macaca mulatta s.l.", "Macaca mulatta sensu Blyth", "có thể Macaca mulatta", "Macaca mulatta x arctoides",
     "Khỉ vàng (Macaca arctoides)", "không phải Macaca mulatta", "Macaca mulatta, Rusa unicolor"],
)  # fmt: skip
def test_a_doubt_a_hybrid_or_a_second_taxon_is_no_match(text: str, listed: None) -> None:
    assert queries.match([text])[0].how == "none"


@pytest.mark.parametrize(
    ("text", "how"),
    [("Macaca mulatta (Zimmermann, 1780)", "exact"), ("1. Macaca mulatta", "exact"), ("MACACA MULATTA", "exact"),
     ("<i>Macaca mulatta</i>", "exact"), ("Khỉ vàng (Macaca mulatta)", "exact"), ("Macaca mulatta - Khỉ vàng", "exact"),
     ("Khỉ vàng", "vernacular"), ("khi vang", "vernacular"), ("Con khỉ vàng", "vernacular"), ("KHỈ VÀNG", "vernacular"),
     ("M. mulatta", "abbreviated"), ("Mac. mulatta", "abbreviated"), ("Macaca\u00a0mulatta", "exact"),
     ("Macaca_mulatta", "exact"), ("Macaca mulatta Zimmermann & Smith, 1780", "exact")],
)  # fmt: skip
def test_a_name_is_found_however_it_is_dressed(text: str, how: str, listed: None) -> None:
    (found,) = queries.match([text])
    assert found.taxon_id == Taxon.objects.get(scientific_name="Macaca mulatta").pk
    assert found.how == how


@pytest.mark.parametrize(
    "text", ["Loài A", "sp. A", "Cá i", "A", "i", ".", "a a", "X. y", "Aa e", "us is", "N.", "(", "()", "[i]", "Aus ae"]
)  # fmt: skip
def test_short_words_and_endings_crash_nothing(text: str, listed: None) -> None:
    assert queries.match([text])[0].how == "none"
    assert queries.propose(text) is not None
