"""The design of a campaign: where its sites lie, how many they must be, what they cost."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from baoton.kit.access import Actor

Habitats = Callable[[Actor, NDArray[np.float64], NDArray[np.float64]], tuple[NDArray[np.str_], str] | None]
HABITATS: list[Habitats] = []
"""An app that keeps a map of habitats names the habitat of places ("" unknown) and the map; None where it has none."""
