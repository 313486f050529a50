"""How long released or followed animals live: survival curves, their mean and median, and groups compared."""

from ecostat.survival.compare import LogRank, logrank
from ecostat.survival.curve import Curve, kaplan_meier, kaplan_meier_by
from ecostat.survival.mean import RestrictedMean, restricted_mean

__all__ = [
    "Curve",
    "LogRank",
    "RestrictedMean",
    "kaplan_meier",
    "kaplan_meier_by",
    "logrank",
    "restricted_mean",
]
