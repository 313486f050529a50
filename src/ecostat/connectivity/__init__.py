"""How well patches and places hang together: graph indices, least-cost ways, circuit theory."""

from ecostat.connectivity.circuit import Resistance, resistance
from ecostat.connectivity.graph import Graph, components, graph
from ecostat.connectivity.indices import Deltas, betweenness, delta_iic, delta_pc, eca, iic, pc
from ecostat.connectivity.surface import LeastCost, least_cost

__all__ = [
    "Deltas",
    "Graph",
    "LeastCost",
    "Resistance",
    "betweenness",
    "components",
    "delta_iic",
    "delta_pc",
    "eca",
    "graph",
    "iic",
    "least_cost",
    "pc",
    "resistance",
]
