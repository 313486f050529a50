"""Recomputes every figure of the yearly report from the simulator's truth alone; imports nothing of ours.

    python scripts/recompute.py var/truth.json [--without RECORD_ID] [--today YYYY-MM-DD]
Prints JSON: `figures` by name, `communes` by figure and commune as everybody may be shown them, `species` by name.
"""

import argparse
import json
import math
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
from pyproj import Geod, Transformer
from scipy.special import gammaincinv
from shapely import MultiPoint

GRID, GAP_S, CELL_M, EXACT, SHIFTS = 0.1, 30 * 60, 2000.0, 200, 32
WHOLE = ("habitats.founded", "habitats.proposed", "patrols.days", "plan.documents", "plan.meetings")
MAP = ["forest", "natural", "planted", "mapped", "proposed", "founded", "special_use", "protection"]
PER = {f"habitats.{k}": 1e4 for k in MAP}
DISTINCT = {"outreach.communes": "area", "outreach.languages": "language", "outreach.villages": "settlement"}
PER |= {"patrols.km": 1000, "fire.precision": 0, "fire.response": 0}  # nought: the mean, not the sum
WGS84, FLAT = Geod(ellps="WGS84"), Transformer.from_crs(4326, 6933, always_xy=True)


def recompute(truth: dict, today: str) -> dict:
    year, species = str(truth["year"]), {s["name"]: s for s in truth["species"]}
    good = [[r for r in truth[k] if r["status"] == "verified"] for k in ("records", "events")]
    mine, visits = ([r for r in g if r["area"][:3] == "12/" and r["day"].startswith(year)] for g in good)
    guarded = [r for r in mine if species[r["species"]]["protected"]]
    both = (("", mine), ("protected_", guarded))
    held, works = [s for s in truth["sessions"] if s["day"].startswith(year)], truth["works"]
    done = [w for w in works if w["status"] == "done" and (w["finished"] or "").startswith(year)]
    steps, due = [w for w in done if w["task"] == 2], [w for w in works if w["due"].startswith(year)]
    late = [w for w in due if w["due"] < today and w["status"] in ("planned", "doing")]
    later = [w for w in works if w["due"].startswith(str(truth["year"] + 1))]
    known = {k: [s for s in held if s[k] is not None] for k in ("participants", "women", "materials")}
    levels, grid = defaultdict(int), truth["grid"]
    for r in truth["records"]:
        r["event"] = r["event"] or r["id"]  # a record of no event is as guarded as itself
        levels[r["event"]] = max(levels[r["event"]], species[r["species"]]["level"])
    books = {k: [x for x in b if x["day"][:4] <= year < x["until"][:4]] for k, b in truth["books"].items()}
    met = {s["settlement"] for s in held} - {None}
    woods, ground = (sum(x["n"] for x in books[f"habitats.{k}"]) for k in ("forest", "mapped"))
    grown = [p for p in truth["plantings"] if p["day"].startswith(year)]
    native, bred = ([p for p in grown if p[k]] for k in ("native", "source"))
    status = statuses(levels, [r for r in good[0] if r["day"] <= f"{year}-12-31"])
    figures = {
        **{f"plan.{k}": told(len(x), x) for k, x in (("done", done), ("due", due))},
        "plan.special_use_forest_done": told(len(steps), steps),
        **{f"observations.{k}records": told(len(x), x) for k, x in both},
        **{f"observations.{k}species": told(names(x) or None, x) for k, x in both},
        "observations.events": told(len(visits), visits),
        "observations.camera_rate": camera([r for r in mine if r["camera"]], truth["events"]),
        "cameras.species": told(names(seen := [r for r in mine if r["camera"]]) or None, seen),
        "outreach.sessions": told(len(held), held),
        **{f"outreach.{k}": told(sum(s[k] for s in x) if x else None, held) for k, x in known.items()},
        **{k: told(len({s[w] for s in held} - {None}), held) for k, w in DISTINCT.items()},
        **knowledge([a for a in truth["knowledge"] if a["day"].startswith(year)]),
        "outreach.reached": told(100 * len(met) / truth["villages"], held),
        **{k: told(sum(x["n"] for x in b) / (PER.get(k, 1) or len(b)), b) for k, b in books.items()},
        "habitats.native_species": told(names(native) or None, native),
        "habitats.seed_sources": told(len({p["source"] for p in bred}) or None, bred),
        "habitats.survival": lives([r for r in truth["living"] if r["day"].startswith(year)]),
        "habitats.cover": told(100 * woods / ground, books["habitats.mapped"]),
        **{"assessment.computed": told(len(status), list(status)), "assessment.adopted": told(0, [])},
        "reporting.late": told(len(late), late),
        "reporting.next_year": told(len(later) or None, later),
    }

    def shown(row: dict, level: int) -> tuple[str, dict]:
        """The commune everybody may be told; an event and what was seen in it share their strictest level."""
        cell = f"{math.floor(row['lon'] / GRID)} {math.floor(row['lat'] / GRID)}"
        return (row["area"], grid.get(cell, ""), "")[level], row

    spots, kept = ([shown(r, levels[r["event"]]) for r in rows] for rows in (mine, guarded))
    communes = {
        **{f"plan.{k}": by([(w["area"], w) for w in x], len) for k, x in (("done", done), ("due", due))},
        "observations.records": by(spots, len),
        "observations.species": by(spots, names),
        "observations.protected_records": by(kept, len),
        "observations.protected_species": by(kept, names),
        "observations.events": by([shown(e, levels[e["id"]]) for e in visits], len),
        "cameras.species": by([x for x in spots if x[1]["camera"]], names),
        "outreach.sessions": by([(s["area"], s) for s in held], len),
        "habitats.native_species": by([(p["area"], p) for p in native], names),
        "habitats.seed_sources": by([(p["area"], p["source"]) for p in bred], lambda x: len(set(x))),
    }
    told_by = {f"outreach.{k}": by([(s["area"], s[k]) for s in rows], sum) for k, rows in known.items()}
    wide = {k: (b, PER.get(k, 1)) for k, b in books.items() if b and PER.get(k, 1) and k not in WHOLE}
    sums = {k: by([(x["area"], x["n"]) for x in b], lambda n, p=p: sum(n) / p) for k, (b, p) in wide.items()}
    return {"figures": figures, "communes": communes | told_by | sums, "species": status}


def names(rows: list) -> int:
    return len({r["species"] for r in rows})


def told(value: float | None, rows: list, low: float | None = None, high: float | None = None) -> dict:
    return {"value": value, "low": low, "high": high, "count": len(rows)}


def lives(rows: list) -> dict:
    """Per cent of the planted trees alive; Wilson's limits are the roots of his quadratic."""
    n, k = (sum(r[c] for r in rows) for c in ("planted", "alive"))
    low, high = sorted(np.roots([n + 1.959964**2, -(2 * k + 1.959964**2), k * k / n]).tolist())
    return told(100 * k / n, rows, 100 * low, 100 * high)


def knowledge(rows: list) -> dict:
    """Right answers among those given, in per cent after and in points above before; people are the units."""
    after, before = ([r for r in rows if r["wave"] == wave] for wave in ("after", "before"))
    known = []
    for wave in (after, before):
        right, given = np.array([(r["right"], r["answered"]) for r in wave], float).T
        share, n = right.sum() / given.sum(), len(wave)
        error = (((right - share * given) ** 2).sum() * n / (n - 1)) ** 0.5 / given.sum()
        known.append((100 * share, 195.9964 * error))
    (now, e), (then, d) = known
    up, wide = now - then, math.hypot(e, d)
    learned = told(up, rows, up - wide, up + wide)
    return {"outreach.known": told(now, after, now - e, now + e), "outreach.learned": learned}


def by(placed: list, value: Callable[[list], float]) -> dict:
    groups = defaultdict(list)
    for path, row in placed:
        groups[path if "/" in path else ""].append(row)
    return {path: value(rows) for path, rows in groups.items()}


def camera(photos: list, events: list) -> dict:
    """Photos of one species at one camera count anew after 30 minutes; exact Poisson limits per 100 nights."""
    nights, at = {e["id"]: e["nights"] for e in events}, defaultdict(list)
    for p in photos:
        at[p["event"], p["species"]].append(datetime.fromisoformat(p["at"]).timestamp())
    n, effort = 0, sum(nights[e] for e in {p["event"] for p in photos})
    for times in at.values():
        last = -math.inf
        for t in sorted(times):
            if t - last >= GAP_S:
                n, last = n + 1, t
    limits = (n, gammaincinv(n, 0.025) if n else 0.0, gammaincinv(n + 1, 0.975))
    rate, low, high = (x * 100 / effort if effort else None for x in limits)
    return told(rate, photos, low, high)


def statuses(levels: dict, records: list) -> dict:
    found = {}
    for name in {r["species"] for r in records}:
        rows = [r for r in records if r["species"] == name]
        level = np.array([levels[r["event"]] for r in rows])
        xy = np.array([(r["lon"], r["lat"]) for r in rows])
        middle = np.where(level[:, None] > 0, (np.floor(xy / GRID) + 0.5) * GRID, xy)[level < 2]
        places, years = sorted({(x, y) for x, y in middle.tolist()}), {r["day"][:4] for r in rows}
        area, hull = aoo(places) if places else 0.0, MultiPoint(places).convex_hull
        eoo = max(abs(WGS84.geometry_area_perimeter(hull)[0]) / 1e6, area) if len(places) >= 3 else None
        told_aoo = None if level.any() else area
        found[name] = {"records": len(rows), "years": len(years), "eoo": eoo, "aoo": told_aoo}
    return found


def aoo(places: list) -> float:
    """4 km² times the fewest cells over the starts of the grid: at every place, or 32 × 32 where they are many."""
    xy = np.array(FLAT.transform(*np.array(places).T))
    even = np.arange(SHIFTS) * CELL_M / SHIFTS
    starts = [np.unique(a % CELL_M) if len(places) <= EXACT else even for a in xy]
    columns, rows = (np.floor((a - s[:, None]) / CELL_M) for a, s in zip(xy, starts, strict=True))
    columns, rows = np.unique(columns - columns.min(), axis=0), np.unique(rows - rows.min(), axis=0)
    return 4.0 * min(np.unique(c * 1e6 + r).size for c in columns for r in rows)


if __name__ == "__main__":
    (ask := argparse.ArgumentParser()).add_argument("truth", type=Path)
    ask.add_argument("--without", default="")
    ask.add_argument("--today", default=datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")).date().isoformat())
    truth = json.loads((given := ask.parse_args()).truth.read_text(encoding="utf-8"))
    truth["records"] = [r for r in truth["records"] if r["id"] != given.without]
    print(json.dumps(recompute(truth, given.today), ensure_ascii=False))
