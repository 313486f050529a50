"""Pictures of results, one file a picture. They need matplotlib (`pip install baoton[plots]`); nothing else of
ecostat does. Each takes a result and the axes to draw on (new ones when None) and gives the axes back."""

from ecostat.plots.activity import activity
from ecostat.plots.detection import detection
from ecostat.plots.fit_check import fit_check
from ecostat.plots.index import index
from ecostat.plots.ledger import ledger
from ecostat.plots.prediction_map import prediction_map
from ecostat.plots.priority_map import priority_map
from ecostat.plots.range_map import range_map
from ecostat.plots.reach import reach
from ecostat.plots.response import response
from ecostat.plots.survival import survival

__all__ = [
    "activity",
    "detection",
    "fit_check",
    "index",
    "ledger",
    "prediction_map",
    "priority_map",
    "range_map",
    "reach",
    "response",
    "survival",
]
