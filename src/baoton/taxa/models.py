"""Names of living things, what they are accepted as, and what was decided about a written name."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from baoton.kit.place import Disclosure
from baoton.kit.record import Record


class Group(models.TextChoices):
    """The groups an office counts by, and grants are limited to."""

    MAMMAL = "mammal", _("thú")
    BIRD = "bird", _("chim")
    REPTILE = "reptile", _("bò sát")
    AMPHIBIAN = "amphibian", _("lưỡng cư")
    FISH = "fish", _("cá")
    INVERTEBRATE = "invertebrate", _("động vật không xương sống")
    PLANT = "plant", _("thực vật")
    FUNGUS = "fungus", _("nấm")
    OTHER = "other", _("nhóm khác")

    @classmethod
    def of(cls, kingdom: str, phylum: str, klass: str) -> "Group":
        """The group of a taxon by its higher groups."""
        if klass in CLASSES:
            return CLASSES[klass]
        if kingdom == "Animalia":
            return cls.INVERTEBRATE if phylum and phylum != "Chordata" else cls.OTHER
        return {"Plantae": cls.PLANT, "Fungi": cls.FUNGUS}.get(kingdom, cls.OTHER)


CLASSES = {
    "Mammalia": Group.MAMMAL,
    "Aves": Group.BIRD,
    "Reptilia": Group.REPTILE,
    "Squamata": Group.REPTILE,
    "Testudines": Group.REPTILE,
    "Crocodylia": Group.REPTILE,
    "Amphibia": Group.AMPHIBIAN,
    "Actinopterygii": Group.FISH,
    "Actinopteri": Group.FISH,
    "Teleostei": Group.FISH,
    "Elasmobranchii": Group.FISH,
    "Chondrichthyes": Group.FISH,
    "Petromyzonti": Group.FISH,
    "Myxini": Group.FISH,
    "Holocephali": Group.FISH,
    "Insecta": Group.INVERTEBRATE,
}


class Taxon(Record):
    """A name; a synonym points at the accepted one. `sensitivity` is how its places may be shown today.

    `scientific_name` is the canonical name without author; `key` is it folded, without rank marks.
    Legal status is never a column: it is a function of the taxon, day, origin and place.
    """

    class Status(models.TextChoices):
        ACCEPTED = "accepted", _("tên được chấp nhận")
        SYNONYM = "synonym", _("tên đồng nghĩa")
        DOUBTFUL = "doubtful", _("tên chưa rõ")

    scientific_name = models.CharField(_("tên khoa học"), max_length=200)
    authorship = models.CharField(_("tác giả"), max_length=200, blank=True, default="")
    rank = models.CharField(_("bậc"), max_length=30, default="species")
    status = models.CharField(_("tình trạng tên"), max_length=10, choices=Status, default=Status.ACCEPTED)
    accepted = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="synonyms"
    )
    vernacular_vi = models.CharField(_("tên Việt Nam"), max_length=300, blank=True, default="")
    vernacular_en = models.CharField(_("tên tiếng Anh"), max_length=300, blank=True, default="")
    kingdom = models.CharField(_("giới"), max_length=60, blank=True, default="")
    phylum = models.CharField(_("ngành"), max_length=60, blank=True, default="")
    klass = models.CharField(_("lớp"), max_length=60, blank=True, default="", db_column="class")
    order = models.CharField(_("bộ"), max_length=60, blank=True, default="")
    family = models.CharField(_("họ"), max_length=60, blank=True, default="")
    genus = models.CharField(_("chi"), max_length=60, blank=True, default="")
    taxon_group = models.CharField(_("nhóm"), max_length=20, choices=Group, default=Group.OTHER)
    sensitivity = models.SmallIntegerField(
        _("mức công bố vị trí"), choices=Disclosure, default=Disclosure.AS_IS, editable=False
    )
    sensitivity_why = models.CharField(max_length=300, blank=True, default="", editable=False)
    expected = models.CharField(_("khả năng có trong tỉnh"), max_length=20, blank=True, default="")
    source = models.CharField(_("nguồn"), max_length=300, blank=True, default="")
    source_key = models.CharField(max_length=200, blank=True, default="")
    key = models.CharField(max_length=200, editable=False, db_index=True)
    search_text = models.TextField(editable=False, default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["taxon_group", "scientific_name"], name="taxon_group_name"),
            models.Index(fields=["scientific_name", "id"], name="taxon_name"),
        ]

    def __str__(self) -> str:
        return (
            f"{self.scientific_name} ({self.vernacular_vi})" if self.vernacular_vi else self.scientific_name
        )


class NameDecision(models.Model):
    """What a person of a body decided a written name means there, so that nobody is asked twice.

    Without a body it holds for all, save those that decided otherwise.
    """

    written = models.CharField(max_length=300)
    organisation = models.CharField(max_length=40, default="", blank=True)
    taxon = models.ForeignKey(Taxon, null=True, on_delete=models.CASCADE)
    decided_by = models.CharField(max_length=200)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["written", "organisation"], name="one_decision_a_body")
        ]
