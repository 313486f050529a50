"""Who saw an animal, pass by pass: the cells that removal and double-observer counts fall into."""

from dataclasses import dataclass

import numpy as np

from ecostat.floats import Floats


@dataclass(frozen=True)
class Patterns:
    """Each cell (row) is what the passes (columns) made of an animal: `hit` 1 where the pass found it, `miss`
    1 where it did not, both 0 where it no longer looked."""

    hit: Floats
    miss: Floats

    def log_chance(self, eta: Floats) -> Floats:
        """log-probability of each cell (sites, cells) from logit detection (sites, passes)."""
        log_hit, log_miss = -np.logaddexp(0.0, -eta), -np.logaddexp(0.0, eta)
        return log_hit @ self.hit.T + log_miss @ self.miss.T


def removal(passes: int) -> Patterns:
    """An animal is taken, or first heard, in pass j: missed in all before, gone in all after."""
    return Patterns(np.eye(passes), np.tril(np.ones((passes, passes)), -1))


def independent() -> Patterns:
    """Two observers who do not help each other: by the first alone, by the second alone, by both."""
    hit = np.array([[1.0, 0], [0, 1], [1, 1]])
    return Patterns(hit, 1 - hit)


def dependent() -> Patterns:
    """The second observer records what the first one missed: by the first, by the second alone."""
    return Patterns(np.eye(2), np.array([[0.0, 0], [1, 0]]))
