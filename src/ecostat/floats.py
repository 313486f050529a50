"""The arrays every analysis works on."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
