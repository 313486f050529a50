"""Words that stand in a cell in place of a value: nothing, or the same as above."""

NOTHING = ("NA", "N/A", "n/a", "N.A.", "n.a.", "-", "--", "–", "—", "NULL", "null", "NaN", "nan", "(blank)", "#N/A",
           "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!")  # fmt: skip
AS_ABOVE = (
    "nt", "nt.", "n.t", "n.t.", "-nt-", "- nt -", "//", "-//-", "″", "〃", "''", '"', '""', "“", "”", '-"-', "-“-",
    "-”-", "như trên", "Như trên", "ditto", "idem",
)  # fmt: skip
AS_ABOVE_HERE = ("NT", "Nt", "N.T", "N.T.")
"""Said so in columns of names, days and places; elsewhere they may be a status."""
_HERE = {"scientificName", "vernacularName", "genus", "eventDate", "locality", "municipality", "recordedBy"}


def as_above(term: str) -> tuple[str, ...]:
    """The words that mean "the same as above" in a column of that term."""
    return (*AS_ABOVE, *AS_ABOVE_HERE) if term in _HERE else AS_ABOVE
