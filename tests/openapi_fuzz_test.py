"""The API answers whatever is asked of it: every operation of its own description, every parameter, hostile values.

The description is read from the site, so what is added to it is tried the same day. Each parameter gets values drawn
by hypothesis for what the description says of it, near its edges and far beyond; the draws are the same every time.
"""

import json
import os
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fuzz_test import BOUNDED, HOSTILE, cursors

from baoton.kit.reading.register import REGISTERS
from baoton.people.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("year")]
DRAWS = 40 if os.environ.get("BAOTON_TRIALS") == "1" else 2
Operation = tuple[str, dict[str, Any]]


def operations(told: dict[str, Any]) -> Iterator[Operation]:
    """Each path of the description with each of its parameters; a path without any once by itself."""
    for path, verbs in told["paths"].items():
        listed = verbs["get"].get("parameters", [])
        yield from ((path, one) for one in listed or [{"name": "", "in": "query", "schema": {}}])


def values(parameter: dict[str, Any]) -> st.SearchStrategy[str]:
    """Hostile values for a parameter, by its schema."""
    schema = parameter["schema"]
    number = st.floats().map(str) | st.integers().map(str)
    by_type: dict[str, st.SearchStrategy[str]] = {
        "integer": st.integers().map(str),
        "number": number,
        "array": st.lists(number | st.sampled_from(HOSTILE), max_size=8).map(",".join),
    }
    drawn = by_type.get(schema.get("type", ""), st.text(max_size=40))
    if parameter["name"] == "cursor":
        drawn = cursors()
    return st.sampled_from(HOSTILE) | drawn


@pytest.fixture(scope="module")
def visitors(year: Any, django_db_blocker: Any) -> list[Client]:
    with django_db_blocker.unblock():
        lan = Client(raise_request_exception=False)
        lan.force_login(Person.objects.get(username="lan"))
        return [Client(raise_request_exception=False), lan]


def status(visitor: Client, address: str) -> int:
    answer: Any = visitor.get(address)
    for _part in answer.streaming_content if answer.streaming else ():
        pass
    return int(answer.status_code)


def attacked(visitor: Client, path: str, parameter: dict[str, Any], wrong: list[str]) -> int:
    """One parameter is asked with some hostile values; how many. Server errors are added to `wrong`."""
    tried = 0

    @settings(BOUNDED, max_examples=DRAWS)
    @given(values(parameter))
    def one(value: str) -> None:
        nonlocal tried
        tried += 1
        address = f"/api{path}"
        if "{" in path:
            address = "/api" + path.partition("{")[0] + quote(value, safe="", errors="replace")
        elif parameter["name"]:
            address += "?" + urlencode({parameter["name"]: value}, errors="surrogatepass")
        got = status(visitor, address)
        if got >= 500:
            wrong.append(f"{address[:200]} → {got}")

    one()
    return tried


def test_every_parameter_of_every_operation_takes_hostile_values_without_a_server_error(
    visitors: list[Client],
) -> None:
    told = json.loads(visitors[1].get("/api/openapi.json").content)
    every = list(operations(told))
    books = {one for one in REGISTERS if f"/collections/{REGISTERS[one].slug}/items" in told["paths"]}
    assert len(books) > 10 and len(every) > 10 * len(books), (
        "the description names the books and their filters"
    )
    wrong: list[str] = []
    tried = sum(
        attacked(visitors[n % 2], path, parameter, wrong) for n, (path, parameter) in enumerate(every)
    )
    assert tried >= len(every)
    assert not wrong, f"{len(wrong)} of {tried}:\n" + "\n".join(wrong[:40])
