"""Standard errors from the information matrix, and what is said where it holds none."""

import warnings
from collections.abc import Mapping, Sequence

import numpy as np

from ecostat.errors import Separation, TooFewData
from ecostat.floats import Floats
from ecostat.likelihood.cautions import Boundary

FLAT = 1e-4  # information below this (per standard deviation of a column) is a standard error above 100
FAR = 6.0  # a link-scale value this large is at its limit for any practical purpose


def covariance(
    information: Floats,
    theta: Floats,
    names: Sequence[str],
    basis: Floats | None = None,
    limits: Mapping[str, str] | None = None,
    loose: Sequence[str] = (),
) -> tuple[Floats, tuple[str, ...]]:
    """The inverse information, with parameters at a stated limit held fixed (NaN) and warned about; those named
    in `loose` may lack information anywhere, not only at a limit."""
    change = np.eye(len(theta)) if basis is None else basis
    phi = np.asarray(np.linalg.solve(change, theta), np.float64)
    return invert(change.T @ information @ change, phi, names, change, limits or {}, loose)


def invert(
    information: Floats,
    phi: Floats,
    names: Sequence[str],
    change: Floats,
    held: Mapping[str, str],
    loose: Sequence[str] = (),
) -> tuple[Floats, tuple[str, ...]]:
    """The same from the information of the standard parameters."""
    free = np.ones(len(phi), bool)
    stuck: list[str] = []
    while free.any():
        where = np.flatnonzero(free)
        eigen, axes = np.linalg.eigh(information[np.ix_(where, where)])
        if eigen[0] > FLAT:
            break
        far = np.abs(phi[where]) > FAR
        weight = np.abs(axes[:, 0]) * np.where(far, 1.0, 1e-3)
        unstated = np.array([names[int(j)] not in held for j in where]) & far & (weight > 0.3 * weight.max())
        worst = int(where[np.argmax(np.where(unstated, weight + 1.0, weight))])
        name = names[worst]
        if not far.any():
            if eigen[0] > 1e-8 * max(1.0, eigen[-1]):
                break  # little information, but information: the large standard error says so
            slack = np.array([names[int(j)] in loose for j in where])
            if slack.any():
                worst = int(where[np.argmax(np.where(slack, weight, -1.0))])
                stuck.append(names[worst])
                free[worst] = False
                continue
            raise TooFewData(f"The data cannot tell the parameters apart (no information along {name}).")
        if name not in held:
            raise Separation(
                f"{name} predicts the outcome perfectly: its estimate runs to infinity. "
                "Leave that column out, merge its classes, or gather more data."
            )
        stuck.append(name)
        free[worst] = False
    for name in stuck:
        warnings.warn(f"{name} is at its limit: {held[name]}; its standard error is unknown.", Boundary, 5)
    inner = np.zeros_like(information)
    where = np.flatnonzero(free)
    if len(where):
        inner[np.ix_(where, where)] = np.linalg.inv(information[np.ix_(where, where)])
    vcov = change @ inner @ change.T
    unknown = (change[:, ~free] != 0).any(axis=1)
    vcov[unknown] = np.nan
    vcov[:, unknown] = np.nan
    return vcov, tuple(stuck)
