"""Covariates by name: a small formula whose scaling and levels are remembered for later predictions."""

from ecostat.covariates.columns import Columns, learn
from ecostat.covariates.formula import Formula, Variable, parse

__all__ = ["Columns", "Formula", "Variable", "learn", "parse"]
