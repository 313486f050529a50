"""Checklists from files: names with their synonyms; a name the list already has is completed, never overruled."""

import re
from typing import Any

import polars as pl
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import rulebook
from baoton.kit.access import System
from baoton.kit.importing import database
from baoton.kit.importing.chunk import Chunk
from baoton.kit.importing.commit import Commit
from baoton.kit.importing.keys import source_ids
from baoton.kit.importing.rules import RULES
from baoton.kit.importing.target import Family, Field, InDataset, Key, Steps, Suits, Target, register
from baoton.kit.text import fold
from baoton.taxa.actions import guard_again
from baoton.taxa.disclosure import level_of
from baoton.taxa.models import Group, Taxon
from baoton.taxa.spelling import key_of, rank_of
from rulebook.names import parse

ACCEPTED, SYNONYM, DOUBTFUL = (
    Taxon.Status.ACCEPTED.value,
    Taxon.Status.SYNONYM.value,
    Taxon.Status.DOUBTFUL.value,
)
STATUS = {
    **dict.fromkeys(("accepted", "valid", "accepted name", "chap nhan", "current"), ACCEPTED),
    **dict.fromkeys(
        ("synonym", "homotypic synonym", "heterotypic synonym", "objective synonym", "subjective synonym",
         "homotypicsynonym", "heterotypicsynonym", "proparte synonym", "pro parte synonym", "proparte",
         "junior synonym", "senior synonym", "not accepted", "invalid", "unaccepted", "dong nghia",
         "ambiguous synonym", "misapplied", "misapplied name", "replaced synonym"), SYNONYM),
    **dict.fromkeys(
        ("doubtful", "uncertain", "unresolved", "provisionally accepted", "provisionally accepted name",
         "chua ro", "unassessed", "taxon inquirendum"), DOUBTFUL),
}  # fmt: skip
RULES.update(
    {
        "not_a_name": gettext_lazy("không phải tên khoa học"),
        "synonym_of_nothing": gettext_lazy("tên đồng nghĩa không rõ của tên nào"),
    }
)
LIGATURES = str.maketrans({"æ": "ae", "œ": "oe", "Æ": "Ae", "Œ": "Oe"})
TEXTS = (
    ("kingdom", "kingdom", gettext_lazy("giới")),
    ("phylum", "phylum", gettext_lazy("ngành")),
    ("class", "klass", gettext_lazy("lớp")),
    ("order", "order", gettext_lazy("bộ")),
    ("family", "family", gettext_lazy("họ")),
    ("genus", "genus", gettext_lazy("chi")),
    ("taxonRank", "rank", gettext_lazy("bậc")),
)


def prepare(chunk: Chunk) -> None:
    """The chunk's names are split from their authors, with key, group, level; synonyms know what they mean."""
    written = _whole_names(chunk)
    chunk.refuse(written.is_null(), "scientificName", "missing", _("Thiếu tên khoa học; điền rồi nhập lại."))
    parts = [_split(w) for w in written.to_list()]
    nothing = written.is_not_null() & pl.Series([not p[0] for p in parts])
    chunk.refuse(nothing, "scientificName", "not_a_name", _("Không đọc được như một tên khoa học."))
    name = pl.Series("scientific_name", [p[0] or None for p in parts], dtype=pl.String)
    author = chunk.text("scientificNameAuthorship").fill_null(
        pl.Series([p[1] or None for p in parts], dtype=pl.String)
    )
    chunk.put("scientific_name", name)
    chunk.refuse(
        (name.str.len_chars() > 200).fill_null(False), "scientificName", "too_long", _("Dài quá 200 ký tự.")
    )
    if author.null_count() < chunk.n:
        chunk.put("authorship", author.str.slice(0, 200))
    chunk.put("key", pl.Series([key_of(n or "") for n in name.to_list()]), derived=True)
    groups = [Group.of(k or "", p or "", c or "") for k, p, c in zip(
        *(chunk.text(t).to_list() for t in ("kingdom", "phylum", "class")), strict=True)]  # fmt: skip
    chunk.put("taxon_group", pl.Series([str(g) for g in groups]))
    if chunk.has("taxonRank"):
        chunk.put("rank", rank_of(chunk.text("taxonRank")))
    vernacular = chunk.text("vernacularName").to_list()
    chunk.put(
        "search_text",
        pl.Series([fold(f"{n or ''} {v or ''}") for n, v in zip(name.to_list(), vernacular, strict=True)]),
        derived=True,
    )
    levels = [level_of([n]) if n else (0, "") for n in name.to_list()]
    chunk.put("sensitivity", pl.Series([x[0] for x in levels]), derived=True)
    chunk.put("sensitivity_why", pl.Series([x[1][:300] for x in levels]), derived=True)
    title = chunk.run.plan.title[:300]
    chunk.put("source", pl.Series([title]).new_from_index(0, chunk.n))
    chunk.carry("_name", name)
    chunk.carry("_key", chunk.out["key"])
    _accepted(chunk)


def _split(written: str | None) -> tuple[str, str]:
    """The name without its author, and the author; ligatures are written out, as both codes ask."""
    if not written:
        return "", ""
    written = written.translate(LIGATURES)
    hybrid = re.match(r"^[x×]\s*(?=[A-Z])", written)
    try:
        found = parse(written[hybrid.end() :] if hybrid else written)
    except rulebook.NotAScientificName:
        words = written.split()
        plain = len(words) == 1 and words[0][:1].isupper()
        return (written, "") if plain else ("", "")
    last = found.infra or found.species or found.genus
    end = written.lower().rfind(last.lower())
    if end < 0:
        return written, ""
    return written[: end + len(last)].strip(), written[end + len(last) :].strip(" ,")


def _whole_names(chunk: Chunk) -> pl.Series:
    """The scientific name, else genus and epithets put together."""
    name = chunk.text("scientificName")
    if name.null_count() and chunk.has("specificEpithet"):
        parts = pl.DataFrame([chunk.text(t) for t in ("genus", "specificEpithet", "infraspecificEpithet")])
        both = parts["genus"].is_not_null() & parts["specificEpithet"].is_not_null()
        whole = parts.select(pl.concat_str(pl.all(), separator=" ", ignore_nulls=True)).to_series()
        name = name.fill_null(whole.set(~both, None))
    return name


def _accepted(chunk: Chunk) -> None:
    """A synonym points at the accepted name of the same file or of the list; without one it is refused."""
    status = chunk.out.get("status")
    pointer = chunk.text("acceptedNameUsageID")
    own = chunk.text("taxonID")
    points = pointer.is_not_null() & (own.is_null() | (pointer != own))
    if status is None and not points.any():
        return
    status = (
        pl.Series([ACCEPTED]).new_from_index(0, chunk.n) if status is None else status.fill_null(ACCEPTED)
    )
    ids = _ids_of_file(chunk)
    there = pointer.is_in(list(ids)).fill_null(False)
    chunk.refuse(
        points & ~there,
        "acceptedNameUsageID",
        "points_nowhere",
        _("Mã tên được chấp nhận không có trong tệp; thêm dòng đó, hoặc để trống."),
    )
    lost = (status == SYNONYM) & ~points
    chunk.refuse(
        lost,
        "taxonomicStatus",
        "synonym_of_nothing",
        _("Ghi là tên đồng nghĩa mà không chỉ ra tên được chấp nhận (acceptedNameUsageID)."),
    )
    chunk.put("status", status.set(points & (status == ACCEPTED), SYNONYM))
    chunk.carry("_accepted", pointer.set(~points, None))


def _ids_of_file(chunk: Chunk) -> set[str]:
    """Every taxonID of the table, read once before its first row is judged."""
    held: dict[str, set[str]] = chunk.run.held.setdefault("taxon_ids", {})
    name = chunk.plan.table
    if name not in held:
        column = chunk.columns.get("taxonID") or chunk.plan.id_column or ""
        table = next(t for t in chunk.run.source.tables if t.name == name)
        found: set[str] = set()
        for batch in table.batches():
            if column in batch.schema.names:
                found |= {v.strip() for v in batch.column(column).to_pylist() if v}
        held[name] = found
    return held[name]


def identify(chunk: Chunk, ids: pl.Series) -> pl.Series:
    """One row a name: the one the list has of the same author and kingdom as far as both say, else its own."""
    keys = chunk.out["key"]
    author = chunk.out.get("authorship", pl.Series([None] * chunk.n)).fill_null("").to_list()
    kingdom = chunk.text("kingdom").fill_null("").to_list()
    by_key: dict[str, list[Any]] = {}
    rows = database.select_by(Taxon, ["key", "id", "authorship", "kingdom"], "key", keys.unique().to_list())
    for row in sorted(rows, key=lambda r: _hex(r[1])):
        by_key.setdefault(row[0], []).append(row)
    words = pl.Series(
        ["\x1f".join((k, fold(a), g)) for k, a, g in zip(keys.to_list(), author, kingdom, strict=True)]
    )
    found: list[str] = []
    for k, own, a, g in zip(
        keys.to_list(), source_ids("taxa.taxon", words).to_list(), author, kingdom, strict=True
    ):
        known = by_key.get(k, ()) if k else ()
        if any(_hex(r[1]) == own for r in known):
            found.append(own)
            continue
        fitting = [
            r
            for r in known
            if (not a or not r[2] or fold(a) == fold(r[2])) and (not g or not r[3] or g == r[3])
        ]
        found.append(_hex(fitting[0][1]) if fitting else own)
    return pl.Series("id", found, dtype=pl.String)


def _hex(value: Any) -> str:
    return value.hex if hasattr(value, "hex") else str(value)


def yields(was: dict[str, Any], new: dict[str, Any]) -> bool:
    """What another source wrote stands; a file only fills its blanks."""
    return bool(was["source"] != new["source"])


def finish(commit: Commit) -> None:
    """Synonyms point at their accepted names, and every taxon's level is weighed again with all its names."""
    refs = commit.run.refs["taxa.taxon"]
    for frame in commit.stage.rows("taxa.taxon"):
        if "_accepted" not in frame.columns:
            continue
        some = frame.select("id", "_accepted").drop_nulls()
        found = refs.find(some["_accepted"])
        pairs = pl.DataFrame({"id": some["id"], "to": found["id"], "ok": found["ok"].fill_null(False)})
        _point(pairs.filter(pl.col("ok") & (pl.col("id") != pl.col("to"))))
        _doubt(pairs.filter(~pl.col("ok"))["id"].to_list())
    transaction.on_commit(lambda: guard_again(System()))


def _point(pairs: pl.DataFrame) -> None:
    database.put(Taxon, ["accepted_id"], pairs.select("to", "id").rows())


def _doubt(ids: list[str]) -> None:
    """A synonym whose accepted name was refused is a doubtful name until somebody mends the file."""
    for start in range(0, len(ids), 500):
        Taxon.objects.filter(pk__in=ids[start : start + 500]).update(status=DOUBTFUL)


def fits(terms: set[str]) -> float:
    if terms & {
        "decimalLatitude",
        "verbatimLatitude",
        "eventID",
        "occurrenceID",
        "eventDate",
        "basisOfRecord",
    }:
        return 0.0
    return 0.85 if "scientificName" in terms and terms & {"taxonID", "taxonRank", "taxonomicStatus"} else 0.0


TAXON = register(
    Target(
        name="taxa.taxon",
        model=Taxon,
        label=gettext_lazy("Danh lục loài"),
        key=Key(term="taxonID", identify=identify, yields=yields),
        dataset=InDataset(held=False),
        suits=Suits(
            row_types=("Taxon",),
            rank=0,
            fits=fits,
        ),
        fields=(
            Field("taxonID", gettext_lazy("mã tên"), "source_key"),
            Field("scientificName", gettext_lazy("tên khoa học")),
            Field("specificEpithet", gettext_lazy("tính từ loài")),
            Field("infraspecificEpithet", gettext_lazy("tính từ dưới loài")),
            Field("scientificNameAuthorship", gettext_lazy("tác giả")),
            Field("taxonomicStatus", gettext_lazy("tình trạng tên"), "status", "code", values=STATUS),
            Field("acceptedNameUsageID", gettext_lazy("mã tên được chấp nhận")),
            Field("vernacularName", gettext_lazy("tên Việt Nam"), "vernacular_vi"),
            *(Field(term, label, column) for term, column, label in TEXTS),
        ),
        prepare=prepare,
        steps=Steps(finish=finish, undone=lambda batch, ids: None),
        family=Family(
            refers=("taxa.taxon",),
            inherit=(
                "_name",
                "_key",
                "_accepted",
                "authorship",
                "vernacular_vi",
                "taxon_group",
                "sensitivity",
                "status",
            ),
        ),
    )
)
