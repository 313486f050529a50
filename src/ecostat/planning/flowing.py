"""One connected piece said inside the program: every selected unit is fed from one root by a flow."""

import numpy as np
import scipy.sparse as sp

from ecostat.planning.problem import Ints
from ecostat.planning.program import Program


def in_pieces(g: Program, adjacency: sp.csr_array, block: Ints) -> Program:
    """The program in which the selected units of each block are one connected piece or none.

    `adjacency` (units × units) joins units of one block only; `block` (units,) numbers them from 0. At most one
    root a block brings what its selected units use, one each, and flow enters selected units only
    (single-commodity flow: Shirabe 2005). Exact; its relaxation is weak, which tells on hundreds of units.
    """
    n, blocks = g.problem.units, int(block.max(initial=-1)) + 1
    heads = adjacency.indices
    tails = np.repeat(np.arange(n), np.diff(adjacency.indptr))
    arcs, at = heads.size, np.arange(n)
    root, supply, flow = g.cost.size + np.array([0, n, 2 * n])
    wide = g.cost.size + 2 * n + arcs
    most = np.bincount(block, minlength=blocks)[block].astype(np.float64)
    along = flow + np.arange(arcs)

    def rows(count: int, *terms: tuple[Ints, Ints, object]) -> sp.csr_array:
        where = (np.concatenate([t[0] for t in terms]), np.concatenate([t[1] for t in terms]))
        value = np.concatenate([np.broadcast_to(np.asarray(t[2], np.float64), t[0].shape) for t in terms])
        return sp.csr_array((value, where), shape=(count, wide))

    old = sp.csr_array(g.matrix)
    fed = rows(n, (at, supply + at, 1.0), (heads, along, 1.0), (tails, along, -1.0), (at, at, -1.0))
    parts = (
        (
            sp.csr_array((old.data, old.indices, old.indptr), shape=(old.shape[0], wide)),
            g.row_low,
            g.row_high,
        ),
        (fed, np.zeros(n), np.zeros(n)),
        (rows(n, (at, root + at, most), (at, supply + at, -1.0)), np.zeros(n), np.full(n, np.inf)),
        (rows(n, (at, at, 1.0), (at, root + at, -1.0)), np.zeros(n), np.full(n, np.inf)),
        (rows(blocks, (block, root + at, 1.0)), np.full(blocks, -np.inf), np.ones(blocks)),
        (
            rows(arcs, (np.arange(arcs), heads, most[heads] - 1), (np.arange(arcs), along, -1.0)),
            np.zeros(arcs),
            np.full(arcs, np.inf),
        ),
    )
    return Program(
        g.problem,
        np.r_[g.cost, np.zeros(2 * n + arcs)],
        sp.csc_array(sp.vstack([matrix for matrix, _, _ in parts])),
        np.concatenate([low for _, low, _ in parts]),
        np.concatenate([high for _, _, high in parts]),
        np.r_[g.whole_columns, np.ones(n, np.bool_), np.zeros(n + arcs, np.bool_)],
        np.r_[g.low, np.zeros(2 * n + arcs)],
        np.r_[g.high, np.ones(n), most, most[heads]],
    )
