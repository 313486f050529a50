"""Distance sampling with camera traps (Howe et al. 2017): snapshots in a sector instead of a circle."""

import math
from collections.abc import Hashable, Mapping, Sequence

from numpy.typing import NDArray

from ecostat import gates
from ecostat.distance.density import Density, Scaling, density
from ecostat.distance.fitted import Fitted, PerSample
from ecostat.distance.lines import lines
from ecostat.errors import EcostatError


def camera_density(
    model: Fitted,
    snapshots: PerSample,
    angle: float,
    *,
    sample: Sequence[Hashable] | NDArray,
    area: PerSample | float | None = None,
    strata: Mapping[Hashable, Hashable] | Sequence[Hashable] | NDArray | None = None,
    availability: float = 1.0,
    availability_se: float = 0.0,
    convert: float = 1.0,
    encounter: str | None = None,
    level: float = 0.95,
) -> Density:
    """Density is estimated from a point detection function of camera distances.

    `snapshots`: moments at which each camera could have recorded an animal (operating time / interval);
    `angle`: field of view in radians; `availability`: share of that time in which animals are active and
    within the camera's reach; `convert`: area units in one squared distance unit (1e-6: metres to km²);
    `encounter`: the variance between cameras, "R2" (by snapshots, the default) or "P2" (every camera alike).
    D = Σ n / (availability · angle / 2π · Σ snapshots · π (w² - left²) · p); the same animal in many
    snapshots is allowed for by the variance between cameras. Howe, Buckland, Després-Einspenner & Kühl
    (2017), Methods Ecol. Evol. 8:1558-1565.
    """
    if gates.instance("model", model, Fitted, "distance.fit").survey != "point":
        raise EcostatError("Camera distances are radial: fit the detection function with survey='point'.")
    angle = gates.number("angle", angle, above=0)
    if angle > 2 * math.pi:
        raise EcostatError(f"angle is {angle:g}; a field of view lies between 0 and 2π radians.")
    availability = gates.number("availability", availability, above=0, high=1)
    availability_se = gates.number("availability_se", availability_se, low=0)
    part = angle / (2 * math.pi)
    scaling = Scaling(
        convert=convert,
        encounter=encounter,
        multiplier=part * availability,
        multiplier_se=part * availability_se,
        level=level,
    )
    return density(model, lines(model, snapshots, area, strata, sample), scaling)
