"""No address answers with a server error, however malformed: every pattern of the site, every parameter it reads.

What the addresses are is read from the site itself, so a new page is tried the day it is added. Values are drawn by
hypothesis from hostile ones and from real cursors, keys and filters that were tampered with; it is bounded.
"""

import base64
import json
import os
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import get_resolver
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from tests.worlds.doors import patterns

from baoton.kit.reading.register import REGISTERS
from baoton.observations.models import Occurrence
from baoton.people.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("year")]
WHOLE = os.environ.get("BAOTON_TRIALS") == "1"
EXAMPLES, PARTS = (1_000, 20) if WHOLE else (250, 1)
"""Requests drawn in one part, and parts: each is drawn anew from its own number and may be run alone."""
BOUNDED = settings(deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None)
HOSTILE = [
    *(
        "",
        "0",
        "-1",
        "1e9",
        "²",
        "٣",
        "①",
        "²²²²",
        "abc",
        "NaN",
        "inf",
        "null",
        "None",
        "true",
        "exact",
        "1",
        "2026",
    ),
    *(
        "9" * 30,
        "-" + "9" * 30,
        "9" * 5000,
        "x" * 3000,
        "ứ" * 400,
        "a b " * 900,
        "a" * 70000,
        "🐅" * 50,
        "12/03451",
    ),
    *(
        "%",
        "%00",
        "\x00",
        "a\x00b",
        "\u202e",
        "\r\nX: y",
        "' OR 1=1 --",
        "<script>",
        "../../etc/passwd",
        "{}",
        "[1",
    ),
    *(
        "0001-01-01",
        "9999-12-31",
        "9999-12-31T23:59:59+14:00",
        "0001-01-01T00:00:00-14:00",
        "2026-02-30",
        "0000",
    ),
    *(
        "2026-13-01..",
        "..",
        "2026-01-01..2026-13-01",
        "9999",
        "2026..2025",
        "1/2/3",
        "s1",
        "s" + "9" * 30,
        "s-1",
        "s²",
    ),
    *("00000000-0000-0000-0000-000000000000", "urn:uuid:" + "0" * 32, "{" + "0" * 32 + "}"),
]
NAMES = [
    *(
        "cursor",
        "count",
        "limit",
        "since",
        "year",
        "register",
        "at",
        "before",
        "verify",
        "q",
        "dataset",
        "mine",
    ),
    *(
        "original",
        "target",
        "next",
        "page",
        "lang",
        "bbox",
        "datetime",
        "f",
        "revision",
        "reason",
        "file",
        "title",
    ),
    *(
        "meant-0",
        "target-0",
        "crs-0",
        "order-0",
        "column-0",
        "term-0",
        "key-0",
        "constant-0-x",
        "language",
        "code",
    ),
    *("username", "password", "longitude", "latitude", "individual_count", "day_start", "token"),
]
READ = {
    "/": ["year"], "/ke-hoach/": ["year"], "/ban-do/": ["register", "at", "q", "dataset", "when", "area", "cursor"],
    "/api/changes": ["since"], "/quan-tri/nhat-ky/": ["before", "verify"], "/loai/goi-y.json": ["q"],
    "/nhap/": ["target"], "/bao-cao/": ["year"], "/dang-nhap/": ["next"],
}  # fmt: skip


def parameters() -> list[str]:
    return sorted({f.name for r in REGISTERS.values() for f in r.filters} | set(NAMES))


def cursors() -> st.SearchStrategy[str]:
    """Cursors as the lists make them, with every value replaced by something else."""
    value = st.one_of(
        st.sampled_from(HOSTILE),
        st.integers(),
        st.floats(),
        st.none(),
        st.booleans(),
        st.just([]),
        st.just({}),
    )
    whole = st.one_of(st.tuples(st.booleans(), st.lists(value, max_size=4)), value)
    return whole.map(lambda v: base64.urlsafe_b64encode(json.dumps(v).encode()).decode().rstrip("="))


WORDS = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=30), cursors())


@pytest.fixture(scope="module")
def known(year: Any, django_db_blocker: Any) -> dict[str, list[str]]:
    """Real keys and names for the parts of an address, so that the trial comes past the first door."""
    with django_db_blocker.unblock():
        keys = [str(k) for k in Occurrence.objects.values_list("pk", flat=True)[:3]]
        for register in REGISTERS.values():
            keys += [str(k) for k in register.model._default_manager.values_list("pk", flat=True)[:2]]
    slugs = [r.slug for r in REGISTERS.values()]
    return {
        "uuid": keys,
        "slug": slugs,
        "int": ["0", "1", "2026", "9999", "10000", "22", "9" * 25],
        "str": ["xlsx", "csv", "geojson"],
    }


def filled(route: str, known: dict[str, list[str]], draw: Callable[[Any], Any]) -> str:
    def part(match: re.Match[str]) -> str:
        kind = match[1] or "str"
        options = st.sampled_from(known.get(kind, ["x"]))
        if kind == "str":
            options = options | st.sampled_from(
                ["x", "%00", "²", "observations.occurrence.verify", "a" * 300]
            )
        return str(draw(options))

    return "/" + re.sub(r"<(?:(\w+):)?\w+>", part, route).lstrip("^/").replace("$", "")


@pytest.fixture(scope="module")
def visitors(year: Any, django_db_blocker: Any) -> list[Client]:
    with django_db_blocker.unblock():
        made = [Client(raise_request_exception=False)]
        for name in ("lan", "quan", "sung"):
            one = Client(raise_request_exception=False)
            one.force_login(Person.objects.get(username=name))
            made.append(one)
    return made


def answer(visitor: Client, method: str, address: str, data: dict[str, Any]) -> int:
    """The status of one request, its whole answer read, and nothing of it kept."""
    with transaction.atomic():
        got = (
            getattr(visitor, method)(address, data) if method == "post" else getattr(visitor, method)(address)
        )
        if got.streaming:
            for _part in got.streaming_content:
                pass
        transaction.set_rollback(True)
    return int(got.status_code)


@pytest.mark.parametrize("part", range(PARTS))
def test_no_malformed_address_answers_with_a_server_error(
    visitors: list[Client], known: dict[str, list[str]], part: int
) -> None:
    routes = sorted(set(patterns(get_resolver())))
    names = parameters()
    wrong: dict[str, str] = {}
    tried = [0]

    @seed(part)
    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(st.data())
    def one(data: st.DataObject) -> None:
        route = data.draw(st.sampled_from(routes))
        address = filled(route, known, data.draw)
        asked = data.draw(st.dictionaries(st.sampled_from(names), WORDS, max_size=3))
        visitor = data.draw(st.sampled_from(visitors))
        method = data.draw(st.sampled_from(["get", "get", "get", "head", "post"]))
        query = urlencode(asked, errors="surrogatepass")
        status = answer(visitor, method, address if method == "post" else f"{address}?{query}", asked)
        tried[0] += 1
        if status >= 500:
            wrong.setdefault(
                f"{route} {sorted(asked)}", f"{method} {address[:150]} {str(asked)[:300]} → {status}"
            )

    one()
    assert tried[0] >= EXAMPLES // 2
    assert not wrong, f"{len(wrong)} of {tried[0]}:\n" + "\n".join(wrong.values())


@pytest.mark.parametrize("method", ["get", pytest.param("head", marks=pytest.mark.once)])
def test_every_parameter_with_every_hostile_value_on_every_list(
    visitors: list[Client], known: dict[str, list[str]], method: str
) -> None:
    """The lists, maps and feeds one by one: what hypothesis may not come to. Each parameter gets a value in turn;
    all values are asked where BAOTON_TRIALS is set. The second database is asked every other parameter."""
    wrong = []
    lan = visitors[1]
    asked = [(path, name) for path, names in READ.items() for name in names]
    for register in REGISTERS.values():
        for name in [f.name for f in register.filters] + ["cursor", "limit", "count"]:
            asked += [(register.url(), name), (f"/api/collections/{register.slug}/items", name)]
    every = 1 if WHOLE else len(HOSTILE)
    if connection.vendor == "postgresql" and not WHOLE:
        asked = asked[::2]
    for n, (path, name) in enumerate(asked):
        values = HOSTILE[n % every :: every] if method == "get" else HOSTILE[n % 200 :: 200]
        for value in values:
            status = answer(lan, method, f"{path}?{urlencode({name: value})}", {})
            if status >= 500:
                wrong.append(f"{path}?{name}={value[:40]!r} → {status}")
    assert not wrong, f"{len(wrong)}:\n" + "\n".join(wrong[:60])
