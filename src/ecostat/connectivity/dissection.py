"""A network of conductances reduced to a few kept nodes: every other node eliminated once, exactly."""

from typing import Protocol

import numpy as np
import scipy.sparse as sp
from scipy.linalg import blas, lapack
from scipy.sparse.linalg import splu

from ecostat.connectivity.graph import Floats, Ints

_LEAF = 160


class Eliminated(Protocol):
    """`reduced` (k, k): the Laplacian among kept nodes; `lifted`: potentials everywhere from those kept."""

    reduced: Floats

    def lifted(self, kept: Floats) -> Floats:
        """(nodes, m) potentials of all nodes for the (k, m) potentials of the kept ones."""
        ...


def laplacian_of(reduced: Floats) -> Floats:
    """The same with its diagonal from the row sums, so that no current is lost to rounding."""
    exact = np.minimum((reduced + reduced.T) / 2, 0.0)
    np.fill_diagonal(exact, 0.0)
    np.fill_diagonal(exact, -exact.sum(axis=1))
    return exact


class Factored:
    """Elimination of a network without a map, by one sparse factorisation."""

    def __init__(self, conductance: sp.csr_array, kept: Ints) -> None:
        n = conductance.shape[0]
        self.n, self.kept = n, kept
        self.inner = np.setdiff1d(np.arange(n), kept)
        degree = np.asarray(conductance.sum(axis=1)).ravel()
        whole = sp.csr_array(sp.diags_array(degree) - conductance)
        self.across = sp.csc_array(whole[self.inner][:, kept])
        self.reduced = np.asarray(whole[kept][:, kept].todense())
        self.ways = np.zeros((self.inner.size, kept.size))
        if self.inner.size:
            factor = splu(
                sp.csc_array(whole[self.inner][:, self.inner]),
                permc_spec="MMD_AT_PLUS_A",
                options={"SymmetricMode": True},
                diag_pivot_thresh=0.0,
            )
            for c in range(0, kept.size, 32):
                self.ways[:, c : c + 32] = -factor.solve(self.across[:, c : c + 32].toarray())
            self.reduced = self.reduced + self.across.T @ self.ways
        self.reduced = laplacian_of(self.reduced)

    def lifted(self, kept: Floats) -> Floats:
        """Potentials of all nodes for those of the kept ones."""
        out = np.empty((self.n, kept.shape[1]))
        out[self.kept] = kept
        out[self.inner] = self.ways @ kept
        return out


class Dissected:
    """Elimination of a raster by nested dissection (George 1973) with dense fronts (Duff and Reid 1983).

    The map is halved again and again along lines of cells; halves are eliminated before the line between them,
    so that the work grows as cells^1.5 and the memory, where factors need not be kept, as one line of cells.
    """

    def __init__(self, conductance: sp.csr_array, kept: Ints, row: Ints, column: Ints, keep: bool) -> None:
        n = conductance.shape[0]
        self.n, self.kept = n, kept
        self.keep = keep
        self.fronts: list[tuple[Ints, Ints, Floats, Floats]] = []
        self.ptr, self.to, self.value = conductance.indptr, conductance.indices, conductance.data
        self.degree = np.asarray(conductance.sum(axis=1)).ravel()
        self.done = np.zeros(n, np.bool_)
        self.place = np.zeros(n, np.int64)
        self.row, self.column = row, column
        inner = np.ones(n, np.bool_)
        inner[kept] = False
        rim, share = self._eliminated(np.flatnonzero(inner))
        reduced = -np.asarray(conductance[kept][:, kept].todense())
        self.place[kept] = np.arange(kept.size)
        at = self.place[rim]
        reduced[np.ix_(at, at)] += share
        self.reduced = laplacian_of(reduced)

    def _eliminated(self, cells: Ints) -> tuple[Ints, Floats]:
        """The cells are eliminated; returns the nodes around them and what that adds among those."""
        if cells.size == 0:
            return np.zeros(0, np.int64), np.zeros((0, 0))
        if cells.size <= _LEAF:
            return self._front(cells, [])
        r, c = self.row[cells], self.column[cells]
        axis = r if np.ptp(r) >= np.ptp(c) else c
        line = int(np.median(axis))
        parts = [self._eliminated(cells[axis < line]), self._eliminated(cells[axis > line])]
        return self._front(cells[axis == line], parts)

    def _front(self, mine: Ints, parts: list[tuple[Ints, Floats]]) -> tuple[Ints, Floats]:
        start, stop = self.ptr[mine], self.ptr[mine + 1]
        count = (stop - start).astype(np.int64)
        entry = np.repeat(start - np.r_[0, np.cumsum(count)[:-1]], count) + np.arange(count.sum())
        to, value = self.to[entry], self.value[entry]
        fresh = ~self.done[to]
        own = np.repeat(np.arange(mine.size), count)[fresh]
        to, value = to[fresh], value[fresh]
        self.done[mine] = True
        around = np.unique(np.concatenate([to, *(rim for rim, _ in parts)]))
        around = around[~self.done[around]].astype(np.int64)
        e, k = mine.size, mine.size + around.size
        self.place[mine] = np.arange(e)
        self.place[around] = np.arange(e, k)
        front = np.zeros((k, k), order="F")
        front[np.arange(e), np.arange(e)] = self.degree[mine]
        front[own, self.place[to]] -= value  # one entry a pair: the matrix holds no duplicates
        for rim, share in parts:
            at = self.place[rim]
            front[np.ix_(at, at)] += share
        low, info = lapack.dpotrf(front[:e, :e], lower=1)
        if info:
            raise ArithmeticError("a piece of the network without a kept node was to be eliminated")
        ways = blas.dtrsm(1.0, low, front[:e, e:], lower=1) if k > e else np.zeros((e, 0))
        if self.keep:
            self.fronts.append((mine, around, low, ways))
        return around, front[e:, e:] - ways.T @ ways

    def lifted(self, kept: Floats) -> Floats:
        """Potentials of all nodes for those of the kept ones."""
        out = np.empty((self.n, kept.shape[1]))
        out[self.kept] = kept
        for mine, around, low, ways in reversed(self.fronts):
            out[mine] = blas.dtrsm(1.0, low, -ways @ out[around], lower=1, trans_a=1)
        return out


def eliminated(
    conductance: sp.csr_array, kept: Ints, cells: tuple[Ints, Ints] | None, keep: bool
) -> Eliminated:
    """The network reduced to the kept nodes; every piece of it must hold one of them."""
    if cells is None:
        return Factored(conductance, kept)
    return Dissected(conductance, kept, cells[0], cells[1], keep)
