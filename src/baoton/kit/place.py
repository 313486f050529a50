"""Where a record is: its true place, and the place that everybody may be shown."""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

import numpy as np
import shapely
from django.db import models
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray

from baoton.kit.access import Actor, person_of, reach_of
from baoton.kit.cells import box_keys, point_keys
from baoton.kit.record import Record

Settle = Callable[[Sequence[Any]], None]
EARTH_M_PER_DEGREE = 111_320.0
WAITING = "?"
"""`guarded_for` of a record that is withheld until somebody weighs it: no right to one group opens it."""


class Disclosure(models.IntegerChoices):
    """How much of the true place the shown place gives away."""

    AS_IS = 0, _("đúng vị trí")
    GENERALISED = 1, _("làm mờ theo ô lưới")
    WITHHELD = 2, _("không công bố vị trí")


class Located(Record):
    """A record with a place. Geometry is WKB (lon, lat on WGS84) with its box and cell key.

    The shown place is stored beside the true one; it equals it unless `disclosure` says otherwise.
    Only `kit.door` decides which of the two a reader gets; `place_words` are the columns that would
    betray the true place and are hidden with it. `area_path_then` is the unit of the time of the record
    where today's differs from it. `guarded_for` names the taxon groups for whose sake the place is guarded.
    `reporter` is the person who entered the record by hand: he always sees it as he
    reported it and, while `mended_while` holds, may mend or withdraw it where he may report.
    """

    geom = models.BinaryField(null=True, editable=False)
    min_x = models.FloatField(null=True, editable=False)
    min_y = models.FloatField(null=True, editable=False)
    max_x = models.FloatField(null=True, editable=False)
    max_y = models.FloatField(null=True, editable=False)
    cell = models.BigIntegerField(null=True, editable=False)
    area_path_then = models.CharField(
        _("đơn vị hành chính lúc ghi nhận"), max_length=40, blank=True, default="", editable=False
    )
    disclosure = models.SmallIntegerField(
        _("mức công bố vị trí"), choices=Disclosure.choices, default=Disclosure.AS_IS, editable=False
    )
    shown_x = models.FloatField(null=True, editable=False)
    shown_y = models.FloatField(null=True, editable=False)
    shown_cell = models.BigIntegerField(null=True, editable=False)
    shown_area_path = models.CharField(max_length=40, blank=True, default="", editable=False)
    shown_uncertainty_m = models.FloatField(null=True, editable=False)
    reporter = models.CharField(max_length=60, blank=True, default="", editable=False, db_index=True)
    guarded_for = models.CharField(max_length=120, blank=True, default="", editable=False)

    place_words: ClassVar[tuple[str, ...]] = ()
    mended_while: ClassVar[models.Q | None] = None

    class Meta:
        abstract = True

    @classmethod
    def theirs(cls, actor: Actor, verb: str) -> models.Q | None:
        """What the person reported: seen for good, mended while nobody has judged it."""
        person, (stem, _dot, last) = person_of(actor), verb.rpartition(".")
        if not person or last not in {"see", "see_precise", "edit", "withdraw"}:
            return None
        if last.startswith("see"):
            return models.Q(reporter=person)
        within = reach_of(actor.scopes(f"{stem}.create"), cls)
        if cls.mended_while is None or within.none:
            return None
        return models.Q(reporter=person) & cls.mended_while & within.test

    @classmethod
    def guarded_by_itself(cls) -> models.Q:
        """Rows that a right to one taxon group may open: not those guarded for the sake of another group.

        A plant seen beside a guarded animal tells where that animal is.
        """
        return models.Q(disclosure=Disclosure.AS_IS)

    @property
    def outline(self) -> shapely.Geometry | None:
        """The true point, line or polygon in longitude and latitude; None where the record has no place."""
        return None if self.geom is None else shapely.from_wkb(bytes(self.geom))

    @property
    def lon(self) -> float | None:
        return None if self.min_x is None or self.max_x is None else (self.min_x + self.max_x) / 2

    @property
    def lat(self) -> float | None:
        return None if self.min_y is None or self.max_y is None else (self.min_y + self.max_y) / 2

    def put_point(self, lon: float | None, lat: float | None) -> None:
        """The record stands at a point, or at no known place."""
        self.put(None if lon is None or lat is None else shapely.Point(lon, lat))

    def put(self, shape: "shapely.Geometry | None") -> None:
        """The record has this geometry, with its box and cell key; commune and shown place come from `settle`."""
        if shape is None or shape.is_empty:
            self.geom = self.min_x = self.min_y = self.max_x = self.max_y = self.cell = None
            return
        self.geom = shapely.to_wkb(shape)
        self.min_x, self.min_y, self.max_x, self.max_y = shape.bounds
        if shape.geom_type == "Point":
            self.cell = int(point_keys([self.min_x], [self.min_y])[0])
        else:
            self.cell = int(box_keys([self.min_x], [self.min_y], [self.max_x], [self.max_y])[0])


def shown_points(
    lon: NDArray[np.float64], lat: NDArray[np.float64], level: NDArray[np.int8], grid: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Shown longitude, latitude and added uncertainty in metres, shape (n,) each; NaN where withheld.

    A generalised point moves to the centre of its square of `grid` degrees: always the same one, so that
    asking twice tells nothing more. The uncertainty is the distance from the centre to a corner.
    """
    x, y, far = lon.copy(), lat.copy(), np.full(lon.shape, np.nan)
    blurred = level == Disclosure.GENERALISED
    x[blurred] = (np.floor(lon[blurred] / grid) + 0.5) * grid
    y[blurred] = (np.floor(lat[blurred] / grid) + 0.5) * grid
    half = grid / 2 * EARTH_M_PER_DEGREE
    far[blurred] = half * np.hypot(1.0, np.cos(np.radians(y[blurred])))
    hidden = level == Disclosure.WITHHELD
    x[hidden] = y[hidden] = np.nan
    return x, y, far
