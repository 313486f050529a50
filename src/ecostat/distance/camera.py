"""Distance sampling with camera traps (Howe et al. 2017): snapshots in a sector instead of a circle."""

import math
from collections.abc import Hashable, Mapping, Sequence

from numpy.typing import NDArray

from ecostat.distance.density import Density
from ecostat.distance.detection import Detection, PerSample
from ecostat.errors import EcostatError


def camera_density(
    model: Detection,
    snapshots: PerSample,
    angle: float,
    *,
    sample: Sequence[Hashable] | NDArray,
    area: PerSample | float | None = None,
    strata: Mapping[Hashable, Hashable] | Sequence[Hashable] | NDArray | None = None,
    availability: float = 1.0,
    availability_se: float = 0.0,
    convert: float = 1.0,
    level: float = 0.95,
) -> Density:
    """Density is estimated from a point detection function of camera distances.

    `snapshots`: moments at which each camera could have recorded an animal (operating time / interval);
    `angle`: field of view in radians; `availability`: share of that time in which animals are active and
    within the camera's reach; `convert`: area units in one squared distance unit (1e-6: metres to km²).
    D = Σ n / (availability · angle / 2π · Σ snapshots · π (w² - left²) · p); the same animal in many
    snapshots is allowed for by the variance between cameras. Howe, Buckland, Després-Einspenner & Kühl
    (2017), Methods Ecol. Evol. 8:1558-1565.
    """
    if model.survey != "point":
        raise EcostatError("Camera distances are radial: fit the detection function with survey='point'.")
    if not 0 < angle <= 2 * math.pi:
        raise EcostatError(f"angle is {angle:g}; a field of view lies between 0 and 2π radians.")
    if not 0 < availability <= 1:
        raise EcostatError("availability is a share of the time, above 0 and at most 1.")
    part = angle / (2 * math.pi)
    return model.density(
        snapshots,
        area,
        strata,
        sample=sample,
        convert=convert,
        multiplier=part * availability,
        multiplier_se=part * availability_se,
        level=level,
    )
