"""At the start of the site the books of cases tell what of them is lent; only papers and photos are."""

from baoton.enforcement import models
from baoton.enforcement.reach import readable
from baoton.kit.lent import lends


def start() -> None:
    """Every book of a case is known as one that lends."""
    lends("enforcement.case", readable(models.Case, "enforcement.case", "pk", "documents"))
    for model in (models.Act, models.Person, models.Item, models.Tool, models.Circumstances):
        name, part = model._meta.label_lower, getattr(model, "part", "facts")
        lends(name, readable(model, name, "case", part, "documents"))
    whole = readable(models.Paper, "enforcement.paper", "case", "documents", "persons", "items")
    lends("enforcement.paper", whole)
    for about in (models.Grant, models.BoundFile):
        lends(about._meta.label_lower, readable(about, about._meta.label_lower, "case"))
