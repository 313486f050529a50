"""Connectivity against published figures, against removal of patches one by one, and against bad input."""

import json
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
import scipy.sparse as sp
import shapely
from scipy.sparse.csgraph import dijkstra

from ecostat.connectivity import (
    betweenness,
    components,
    delta_iic,
    delta_pc,
    eca,
    graph,
    iic,
    least_cost,
    pc,
    resistance,
)
from ecostat.errors import EcostatError


def asc(path: Path) -> np.ndarray:
    lines = path.read_text().splitlines()[6:]
    grid = np.array([[float(v) for v in line.split()] for line in lines if line.strip()])
    return np.where(grid == -9999, np.nan, grid)


def landscape(n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.uniform(0, 10, (n, 2)), rng.lognormal(0, 1, n)


def laplacian_resistances(matrix: np.ndarray) -> np.ndarray:
    inverse = np.linalg.pinv(np.diag(matrix.sum(axis=1)) - matrix, hermitian=True)
    return np.diag(inverse)[:, None] + np.diag(inverse) - 2 * inverse


def raster_network(raster: np.ndarray, by_conductance: bool = True) -> np.ndarray:
    """All cells × all cells conductances of an 8-neighbour raster, the slow way."""
    rows, columns = raster.shape
    net = np.zeros((raster.size, raster.size))
    for r, c in np.ndindex(rows, columns):
        for dr, dc in ((0, 1), (1, 0), (1, 1), (1, -1)):
            a, b = r + dr, c + dc
            if 0 <= a < rows and 0 <= b < columns and np.isfinite(raster[r, c] + raster[a, b]):
                g, h = raster[r, c], raster[a, b]
                mean = (g + h) / 2 if by_conductance else 2 / (1 / g + 1 / h)
                net[r * columns + c, a * columns + b] = mean / np.hypot(dr, dc)
    return net + net.T


# published


@pytest.mark.outside
def test_the_lconnect_landscape_has_16_components_and_24_links(shared: Path) -> None:
    read = json.loads((shared / "data/reference/lconnect_vec_projected.geojson").read_text())
    habitat = [
        shapely.geometry.shape(f["geometry"]) for f in read["features"] if f["properties"]["RECL1SS"] == 1
    ]
    expected = json.loads((shared / "data/reference/expected.json").read_text())["lconnect_vec_projected"]
    g = graph(np.array(habitat, dtype=object), 500)
    assert (g.component_count, g.link_count) == (expected["NC"], expected["LNK"]) == (16, 24)
    assert g.area.sum() == pytest.approx(sum(h.area for h in habitat))
    assert g.patch.size == 49 and g.n == 36


# Circuitscape.jl, test/output_verify/sgVerify1_resistances.out (MIT licence), −1 there = not connected
PAIR1 = {
    (1, 2): 10.06879701,
    (1, 4): 6.567902352,
    (1, 8): 6.513068652,
    (1, 9): 7.056054459,
    (2, 4): 4.441050573,
}
PAIR1 |= {(2, 8): 9.170223961, (2, 9): 5.026075597, (4, 5): 0.0, (4, 9): 0.7164503266, (8, 9): 6.136173111}


@pytest.mark.outside
def test_circuitscape_raster_with_short_circuits_is_reproduced(shared: Path) -> None:
    folder = shared / "data/reference"
    cells, points, polygons = (asc(folder / f"cs_pair1_{k}.asc") for k in ("cellmap", "points", "polygons"))
    found = resistance(
        1 / cells,
        np.argwhere(points > 0),
        groups=points[points > 0],
        neighbours=4,
        average="resistance",
        short_circuits=polygons,
        currents=True,
    )
    at = {int(t): k for k, t in enumerate(found.terminals)}
    for (a, b), value in PAIR1.items():
        assert found.resistance[at[a], at[b]] == pytest.approx(value, rel=1e-8, abs=1e-12)
    assert np.isnan(found.resistance[at[3]]).all() and "3, 6, 11, 51 lie on no data" in found.message
    # sgVerify1_cum_curmap.asc, some cells
    assert found.current is not None
    for (r, c), value in {
        (0, 0): 5.251484453,
        (0, 9): 5.163770794,
        (2, 8): 6.600176955,
        (5, 5): 5.060572155,
    }.items():
        assert found.current[r, c] == pytest.approx(value, rel=1e-6)


@pytest.mark.outside
def test_circuitscape_pair_2_and_its_terminals_of_several_cells_are_reproduced(shared: Path) -> None:
    folder = shared / "data/reference"
    cells, points, polygons = (asc(folder / f"cs_pair2_{k}.asc") for k in ("cellmap", "points", "polygons"))
    kind = {"neighbours": 4, "average": "resistance"}
    found = resistance(cells, np.argwhere(points > 0), **kind, short_circuits=polygons)
    assert found.resistance[0] == pytest.approx([0, 0, 1, 2, 2.75])
    cells = asc(folder / "cs_pair6_cellmap5x5.asc")
    p = np.loadtxt(folder / "cs_pair6_points5x5_polys.txt")
    at = np.c_[(150 - p[:, 2]) // 10, (p[:, 1] - 100) // 10]
    found = resistance(1 / cells, at, groups=p[:, 0], **kind)
    inf = np.inf
    expected = [[0, 1, 1, 0.75, inf], [1, 0, 3, 4, 1.4], [1, 3, 0, 1, inf], [0.75, 4, 1, 0, inf]]
    assert found.resistance[:4] == pytest.approx(np.array(expected))
    assert found.message == "3 pairs are not connected"


@pytest.mark.outside
def test_circuitscape_networks_are_reproduced(shared: Path) -> None:
    folder = shared / "data/reference"
    for name, inverse, some in (
        ("1_graph_conductances", False, {(0, 1): 1.049455284, (0, 4): 4.464549152, (5, 8): 1.58602392}),
        ("3_graph_resistances", True, {(0, 1): 0.7071067812, (1, 5): 3.828427125, (3, 6): 0.8578643762}),
    ):
        e = np.loadtxt(folder / f"cs_sgNetworkVerify{name}.txt")
        n = int(e[:, :2].max()) + 1
        half = sp.csr_array(
            (1 / e[:, 2] if inverse else e[:, 2], (e[:, 0].astype(int), e[:, 1].astype(int))), (n, n)
        )
        focal = np.loadtxt(folder / f"cs_sgNetworkVerify{name[0]}_focal_nodes.txt").astype(int)
        found = resistance(half + half.T, focal)
        for pair, value in some.items():
            assert found.resistance[pair] == pytest.approx(value, rel=1e-8)


@pytest.mark.outside
@pytest.mark.parametrize("average", ["resistance", "conductance"])
def test_least_costs_on_the_gdistance_raster_equal_a_plain_shortest_path(shared: Path, average: str) -> None:
    conductance = np.loadtxt(shared / "data/reference/gdist_conductance_30x30.txt")
    points = np.array([[0, 0], [29, 29], [3, 17], [21, 5]])
    net = raster_network(conductance, by_conductance=average == "conductance")
    far = dijkstra(
        sp.csr_array(np.divide(1, net, out=np.zeros_like(net), where=net > 0)), indices=points @ [30, 1]
    )
    found = least_cost(1 / conductance, points, average=average)
    assert found.cost == pytest.approx(far[:, points @ [30, 1]], rel=1e-12)
    assert found.cost[0, 1] > 0 and not found.unreachable


# by the slow way


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("reach", [2.0, 4.0])
def test_the_loss_of_each_patch_equals_the_index_without_it(seed: int, reach: float) -> None:
    where, area = landscape(25, seed)
    g = graph(where, reach, area=area)
    full, steps = pc(g, 1.5, landscape_area=100) * 1e4, iic(g, 100) * 1e4
    lost, lost_steps = delta_pc(g, 1.5, tolerance=0), delta_iic(g)
    quick = delta_pc(g, 1.5)
    assert lost.numerator == pytest.approx(full)
    for k in range(g.n):
        rest = np.arange(g.n) != k
        without = graph(where[rest], reach, area=area[rest])
        assert lost.total[k] == pytest.approx(100 * (1 - pc(without, 1.5, landscape_area=100) * 1e4 / full))
        assert lost_steps.total[k] == pytest.approx(100 * (1 - iic(without, 100) * 1e4 / steps))
        assert lost.intra[k] == pytest.approx(100 * area[k] ** 2 / full)
    assert lost.total == pytest.approx(lost.intra + lost.flux + lost.connector)
    assert (lost.connector >= -1e-9).all() and lost.connector.max() > 0
    assert quick.total == pytest.approx(lost.total, abs=3e-7)


def test_the_indices_equal_their_formulas_over_all_pairs() -> None:
    where, area = landscape(30, 5)
    g = graph(where, 3.0, area=area)
    apart = np.hypot(*(where[:, None] - where[None]).transpose(2, 0, 1))
    linked = sp.csr_array(np.where(apart <= 3.0, apart, 0))
    best = 0.5 ** (dijkstra(linked) / 2.0)
    steps = dijkstra(linked, unweighted=True)
    assert pc(g, 2.0, landscape_area=60) == pytest.approx(area @ best @ area / 3600)
    assert iic(g, 60) == pytest.approx(area @ (1 / (1 + steps)) @ area / 3600)
    assert eca(g, 2.0) == pytest.approx(np.sqrt(area @ best @ area))
    assert eca(g) == pytest.approx(np.sqrt(area @ (1 / (1 + steps)) @ area))
    assert g.link_count == np.triu(apart <= 3.0, 1).sum()


def test_shapes_points_and_matrices_of_one_landscape_agree() -> None:
    where, area = landscape(20, 2)
    discs = shapely.buffer(shapely.points(where), 1e-9)
    apart = np.hypot(*(where[:, None] - where[None]).transpose(2, 0, 1))
    graphs = [
        graph(where, 3.0, area=area),
        graph(discs, 3.0 - 2e-9, area=area),
        graph(apart, 3.0, area=area),
        graph(sp.csr_array(apart), 3.0, area=area),
        graph(where, np.inf, area=area),
    ]
    values = [pc(g, 2.0) for g in graphs]
    assert values[:4] == pytest.approx([values[0]] * 4, rel=1e-6)
    assert values[4] > values[0] and graphs[4].link_count == 190


def test_betweenness_counts_shortest_paths_and_shares_equal_ones() -> None:
    chain = graph(np.c_[np.arange(5), np.zeros(5)], 1.0)
    assert betweenness(chain).tolist() == [0, 3, 4, 3, 0]
    square = graph([[0, 0], [1, 0], [1, 1], [0, 1]], 1.0)
    assert betweenness(square) == pytest.approx([0.5] * 4)
    where, _ = landscape(18, 4)
    g = graph(where, 4.0)
    far = dijkstra(sp.csr_array(g.links))
    slow = [
        sum(
            1
            for i, j in combinations(range(18), 2)
            if k not in (i, j) and np.isfinite(far[i, j]) and far[i, k] + far[k, j] <= far[i, j] * (1 + 1e-12)
        )
        for k in range(18)
    ]
    assert betweenness(g) == pytest.approx(slow)


@pytest.mark.parametrize("average", ["resistance", "conductance"])
def test_elimination_equals_the_pseudo_inverse(average: str) -> None:
    rng = np.random.default_rng(1)
    raster = rng.lognormal(0, 1.5, (15, 23))
    raster[rng.random(raster.shape) < 0.15] = np.nan
    points = np.argwhere(np.isfinite(raster))[[0, 40, 90, 180, -1]]
    found = resistance(raster, points, average=average)
    net = raster_network(raster, average == "conductance")
    at = points @ [23, 1]
    slow = laplacian_resistances(net)
    for i, j in combinations(range(5), 2):
        assert found.resistance[i, j] == pytest.approx(slow[at[i], at[j]], rel=1e-9)
    by_network = resistance(sp.csr_array(net), at)
    assert by_network.resistance == pytest.approx(found.resistance, rel=1e-9)


def test_current_enters_and_leaves_in_full_on_raster_and_network() -> None:
    rng = np.random.default_rng(2)
    raster = rng.lognormal(0, 1, (30, 31))
    found = resistance(raster, [[2, 3], [27, 20]], currents=True)
    assert found.current is not None
    assert found.current[2, 3] == pytest.approx(1) and found.current[27, 20] == pytest.approx(1)
    assert found.current.max() <= 1 + 1e-9 and found.current.min() > 0
    same = resistance(sp.csr_array(raster_network(raster)), [2 * 31 + 3, 27 * 31 + 20], currents=True)
    assert same.current == pytest.approx(found.current.ravel(), rel=1e-8)
    line = resistance(np.full((1, 6), 2.0), [[0, 0], [0, 5]], currents=True)
    assert line.resistance[0, 1] == pytest.approx(2.5) and line.current == pytest.approx(np.ones((1, 6)))


def test_least_cost_on_random_rasters_equals_a_plain_shortest_path() -> None:
    rng = np.random.default_rng(6)
    for spread in (0.3, 4.0):
        raster = rng.lognormal(0, spread, (17, 21))
        raster[rng.random(raster.shape) < 0.2] = np.nan
        net = raster_network(1 / raster, by_conductance=False)
        points = np.argwhere(np.isfinite(raster))[::40]
        far = dijkstra(
            sp.csr_array(np.divide(1, net, out=np.zeros_like(net), where=net > 0)), indices=points @ [21, 1]
        )
        found = least_cost(raster, points, cell=30, paths=True)
        assert found.cost == pytest.approx(30 * far[:, points @ [21, 1]], rel=1e-12)
        way = found.path(len(points) - 1, 0) if np.isfinite(found.cost[0, -1]) else found.path(0, 1)
        steps = np.abs(np.diff(way, axis=0)).max(axis=1)
        assert (steps == 1).all()


# degenerate


def test_a_single_patch_and_patches_far_apart_have_their_own_area_only() -> None:
    one = graph([[0.0, 0.0]], 5, area=[3.0])
    assert iic(one) == pc(one, 1.0) == 1.0 and eca(one, 1.0) == 3.0
    assert delta_pc(one, 1.0).total.tolist() == [100.0] and betweenness(one).tolist() == [0.0]
    apart = graph([[0, 0], [100, 0]], 5, area=[3.0, 4.0])
    assert apart.component_count == 2 and components(apart).tolist() == [0, 1]
    assert pc(apart, 1.0, landscape_area=10) == pytest.approx(25 / 100)


def test_patches_at_one_place_are_linked_at_no_distance() -> None:
    g = graph([[0, 0], [0, 0], [9, 9]], 0.0, area=[1.0, 1.0, 1.0])
    assert g.link_count == 1 and pc(g, 1.0, landscape_area=3) == pytest.approx(5 / 9)
    assert betweenness(g).tolist() == [0, 0, 0]


def test_points_without_a_way_between_them_say_so() -> None:
    raster = np.ones((3, 5))
    raster[:, 2] = np.nan
    cost = least_cost(raster, [[0, 0], [0, 4], [2, 0]], paths=True)
    assert np.isinf(cost.cost[0, 1]) and cost.unreachable == ((0, 1), (1, 2))
    assert "2 pairs have no way" in cost.message
    with pytest.raises(EcostatError, match="no way"):
        cost.path(0, 1)
    apart = resistance(raster, [[0, 0], [0, 4], [2, 0]], currents=True)
    assert np.isinf(apart.resistance[0, 1]) and np.isfinite(apart.resistance[0, 2])
    assert apart.message == "2 pairs are not connected"
    assert least_cost(raster, [[0, 2], [0, 0]]).unreachable == ((0, 1),)


def test_a_raster_of_one_value_scales_as_it_should() -> None:
    raster = np.full((6, 6), 4.0)
    assert least_cost(raster, [[0, 0], [5, 5]], cell=10).cost[0, 1] == pytest.approx(5 * 2**0.5 * 40)
    assert least_cost(np.zeros((4, 4)), [[0, 0], [3, 3]]).cost[0, 1] == 0
    one, four = (resistance(k * raster, [[0, 0], [5, 5]]).resistance[0, 1] for k in (1, 4))
    assert one == pytest.approx(4 * four)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: graph([[0, np.nan]], 1), "no coordinates"),
        (lambda: graph([[0, 0]], -1), "zero or more"),
        (lambda: graph(np.zeros((0, 2)), 1), "at least one patch"),
        (lambda: pc(graph([[0, 0]], 1), 1.0), "give `area`"),
        (lambda: pc(graph([[0, 0]], 1, area=[1.0]), 0.0), "positive distance"),
        (lambda: iic(graph([[0, 0]], 1, area=[9.0]), 3.0), "smaller than its habitat"),
        (lambda: iic(graph([[0, 0]], 1, area=[0.0])), "area zero"),
        (lambda: least_cost([[1.0, -1.0]], [[0, 0]]), "negative"),
        (lambda: least_cost([[1.0, 1.0]], [[0, 5]]), "outside the raster"),
        (lambda: resistance([[1.0, -1.0]], [[0, 0]]), "is negative"),
        (lambda: resistance(sp.csr_array([[0, 1.0], [2.0, 0]]), [0, 1]), "symmetric"),
    ],
)
def test_what_cannot_be_meant_is_refused(call, says: str) -> None:
    with pytest.raises(EcostatError, match=says):
        call()
