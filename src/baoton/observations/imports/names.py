"""The written name of each row and the taxon it means; an unknown name is kept as written and listed for review."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from numpy.typing import NDArray

from baoton.kit.importing.chunk import Chunk
from baoton.kit.importing.target import Field
from baoton.observations.disclosure import is_name
from baoton.observations.imports.checklists import matched
from baoton.observations.imports.notdata import put_aside, term_of_names
from baoton.taxa.models import Group

TERMS = (
    Field("scientificName", gettext_lazy("tên khoa học")),
    Field("genus", gettext_lazy("chi")),
    Field("specificEpithet", gettext_lazy("tính từ loài")),
    Field("infraspecificEpithet", gettext_lazy("tính từ dưới loài")),
    Field("class", gettext_lazy("lớp")),
    Field("phylum", gettext_lazy("ngành")),
    Field("kingdom", gettext_lazy("giới")),
    Field("vernacularName", gettext_lazy("tên thường gọi"), "vernacular_name"),
)
KEPT = ("genus", "specificEpithet", "infraspecificEpithet", "class", "phylum", "kingdom")


@dataclass(frozen=True)
class Meant:
    """What one written name means here."""

    taxon_id: str | None
    group: str | None
    level: int
    how: str


def put_names(chunk: Chunk, lent: pl.Series | None = None) -> NDArray[np.int8]:
    """The chunk has the written name, the taxon and its group; returned is how its places may be shown."""
    name = put_aside(chunk, _written(chunk, lent))
    missing = name.is_null() & ~pl.Series(chunk.problems.refused)
    chunk.refuse(
        missing, term_of_names(chunk), "missing", _("Thiếu tên loài; điền tên khoa học hoặc tên thường gọi.")
    )
    long = (name.str.len_chars() > 300).fill_null(False)
    chunk.refuse(long, "scientificName", "too_long", _("Dài quá 300 ký tự; rút ngắn rồi nhập lại."))
    table = _meanings(chunk, name)
    found = name.to_frame("written").join(table, on="written", how="left", maintain_order="left")
    chunk.put("scientific_name", name)
    chunk.put("taxon_id", found["taxon_id"])
    group = found["group"]
    if group.null_count():
        group = group.fill_null(_group_said(chunk))
    chunk.put("taxon_group", group)
    levels = found["level"].fill_null(0).to_numpy().astype(np.int8)
    _tell_apart(chunk, found["taxon_id"])
    for other in _other_names(chunk):
        levels = np.maximum(levels, _levels(chunk, other))
    return levels


def _tell_apart(chunk: Chunk, taxa: pl.Series) -> None:
    """Rows whose common name surely means another taxon than their scientific name are told."""
    if not (chunk.has("scientificName") and chunk.has("vernacularName")):
        return
    common = chunk.text("vernacularName").set(chunk.text("scientificName").is_null(), None)
    meant = _meanings(chunk, common, listed=False)
    other = common.to_frame("written").join(meant, on="written", how="left", maintain_order="left")[
        "taxon_id"
    ]
    told = _(
        "Tên thường gọi và tên khoa học của dòng là hai loài khác nhau; tên khoa học được dùng, hãy kiểm tra."
    )
    chunk.note("names_apart", "vernacularName", (other != taxa).fill_null(False), told)


def _other_names(chunk: Chunk) -> list[pl.Series]:
    """Every other column of the rows that holds names: a guarded one in any of them guards the row."""
    found = [chunk.text("vernacularName")] if chunk.has("vernacularName") else []
    found += [s for term, s in chunk.extra.items() if is_name(term) and s.null_count() < chunk.n]
    if chunk.has("genus"):
        genus, name = chunk.text("genus"), chunk.out["scientific_name"].fill_null("")
        both = pl.DataFrame({"g": genus.str.to_lowercase(), "n": name.str.to_lowercase()})
        own = both.select(pl.col("n").str.starts_with(pl.col("g"))).to_series().fill_null(True)
        other = genus + " " + chunk.text("specificEpithet").fill_null("")
        found.append(other.str.strip_chars().set(own, None))
    return [s.cast(pl.String) for s in found]


def _levels(chunk: Chunk, names: pl.Series) -> NDArray[np.int8]:
    """How guarded each name is; each spelling is asked once a file."""
    known: dict[str, int] = chunk.run.held.setdefault("name_levels", {})
    kinds = names.unique().drop_nulls().to_list()
    fresh = [n for n in kinds if n not in known]
    known |= dict(zip(fresh, (m.sensitivity for m in matched(chunk, fresh)), strict=True)) if fresh else {}
    guarded = {n: known[n] for n in kinds if known[n]}
    if not guarded:
        return np.zeros(chunk.n, np.int8)
    return (
        names.replace_strict(guarded, default=0, return_dtype=pl.Int8).fill_null(0).to_numpy().astype(np.int8)
    )


def _group_said(chunk: Chunk) -> pl.Series:
    """The group that the file's own kingdom, phylum and class tell, else 'other'."""
    said = pl.DataFrame({t: chunk.text(t).fill_null("") for t in ("kingdom", "phylum", "class")})
    kinds = said.unique()
    groups = [str(Group.of(*row)) for row in kinds.rows()]
    found = said.join(
        kinds.with_columns(group=pl.Series(groups)), on=said.columns, how="left", maintain_order="left"
    )
    return found["group"]


def _written(chunk: Chunk, lent: pl.Series | None) -> pl.Series:
    """The scientific name; else genus and epithets, else what the checklist of the file says, else the common name."""
    name = chunk.text("scientificName")
    if name.null_count() and chunk.has("genus") and chunk.has("specificEpithet"):
        parts = pl.DataFrame({"g": chunk.text("genus"), "s": chunk.text("specificEpithet"),
                              "i": chunk.text("infraspecificEpithet")})  # fmt: skip
        whole = parts.select(
            pl.when(
                pl.col("s").str.contains(r"^\p{Lu}\S*\s+\S")
            )  # a whole name under "species" has its genus
            .then(pl.concat_str("s", "i", separator=" ", ignore_nulls=True))
            .when(pl.col("g").is_not_null())
            .then(pl.concat_str(pl.all(), separator=" ", ignore_nulls=True))
        ).to_series()
        name = name.fill_null(whole)
    if lent is not None:
        name = name.fill_null(lent)
    name = name.fill_null(chunk.text("vernacularName"))
    return name.fill_null(chunk.text("genus")) if chunk.has("genus") else name


def _meanings(chunk: Chunk, name: pl.Series, listed: bool = True) -> pl.DataFrame:
    """Every distinct name of the batch, matched once for the whole file; `listed` ones stand in its review."""
    known: dict[str, Meant] = chunk.run.held.setdefault("names", {})
    counts = name.alias("written").drop_nulls().value_counts(name="n")
    written = counts["written"]
    fresh = [w for w in written.to_list() if w not in known]
    for found in matched(chunk, fresh):
        known[found.written] = _meant(found)
    for w, n in counts.iter_rows() if listed else ():
        _listed(chunk, w, known[w], n)
    rows = [(w, m.taxon_id, m.group, m.level) for w in written.to_list() for m in (known[w],)]
    schema = {"written": pl.String, "taxon_id": pl.String, "group": pl.String, "level": pl.Int8}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _meant(found: Any) -> Meant:
    taxon = getattr(found.taxon_id, "hex", found.taxon_id)
    return Meant(
        taxon or None, found.taxon_group if taxon else None, int(found.sensitivity or 0), str(found.how)
    )


def _listed(chunk: Chunk, written: str, meant: Meant, n: int) -> None:
    """The name stands in the file's review list with its count."""
    names = chunk.run.review.setdefault("names", {})
    one = names.setdefault(written, {"count": 0, "how": meant.how, "taxon_id": meant.taxon_id})
    one["count"] += n
