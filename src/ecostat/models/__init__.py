"""Checking and comparing fitted models, whatever their family."""

from ecostat.models.averaging import Averaged
from ecostat.models.goodness import GoodnessOfFit, goodness
from ecostat.models.ratio import LikelihoodRatio, likelihood_ratio
from ecostat.models.table import ModelTable, compare

__all__ = [
    "Averaged",
    "GoodnessOfFit",
    "LikelihoodRatio",
    "ModelTable",
    "compare",
    "goodness",
    "likelihood_ratio",
]
