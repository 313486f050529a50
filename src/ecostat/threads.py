"""How many threads linear algebra may use."""

from contextlib import AbstractContextManager
from functools import cache

import numpy as np
import scipy.linalg  # noqa: F401  loads the linear algebra of scipy, which is not that of numpy
from threadpoolctl import ThreadpoolController


def one_thread() -> AbstractContextManager[object]:
    """Within it products of matrices use one thread. Threads that wait for each other at every small product
    cost tenfold where the processors have other work, and save little where they have none."""
    return _controller().limit(limits=1, user_api="blas")


@cache
def _controller() -> ThreadpoolController:
    np.ones((2, 2)) @ np.ones((2, 2))
    return ThreadpoolController()
