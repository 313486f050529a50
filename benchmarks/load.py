"""How many requests a second one server answers: a stated mix, some clients, a bounded time, on the loopback only.

    python -m benchmarks.load --port 8000 --clients 8 --seconds 30

The mix is what an officer's morning and the public's look: lists, filters, records, the map's tiles, figures, the API.
With `--officers 4` four of the clients are signed in as people of the demonstration, to whom nothing is answered from
memory. Each client waits for its answer before it asks again; a status of 500 or more, or no answer, is an error.
"""

import argparse
import http.client
import json
import threading
import time
from collections import Counter
from urllib.parse import urlencode

MIX = (
    ("/", 2), ("/ke-hoach/", 2), ("/so/observations-occurrence/", 4), ("/so/observations-occurrence/?q=vooc", 1),
    ("/so/observations-occurrence/?when=2026", 2), ("/ban-do/", 1), ("/tiles/observations-occurrence/9/402/223.mvt", 4),
    ("/tiles/observations-occurrence/11/1609/893.mvt", 4), ("/loai/goi-y.json?q=kh", 2), ("/so/taxa-taxon/", 2),
    ("/api/collections/observations-occurrence/items?limit=20", 2), ("/api/figures/2026", 1), ("/song", 1),
)  # fmt: skip

OFFICERS = ("lan", "dung", "sung", "pao", "hoa")


def addresses(port: int) -> list[str]:
    """The mix written out, with three records of the first list in it."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    link.request("GET", "/api/collections/observations-occurrence/items?limit=3")
    found = [f["id"] for f in json.loads(link.getresponse().read())["features"]]
    link.close()
    return [a for a, n in MIX for _i in range(n)] + [f"/so/observations-occurrence/{i}/" for i in found]


def signed_in(port: int, name: str) -> str:
    """The cookies of somebody of the demonstration."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    link.request("GET", "/dang-nhap/")
    answer = link.getresponse()
    answer.read()
    token = str(answer.getheader("Set-Cookie")).partition(";")[0]
    given = {"csrfmiddlewaretoken": token.partition("=")[2], "username": name, "password": "baoton-demo"}
    kind = {"Cookie": token, "Content-Type": "application/x-www-form-urlencoded"}
    link.request("POST", "/dang-nhap/", urlencode(given), kind)
    answer = link.getresponse()
    answer.read()
    assert answer.status == 302, f"{name} cannot sign in: {answer.status}"
    cookies = [v.partition(";")[0] for k, v in answer.getheaders() if k.lower() == "set-cookie"]
    link.close()
    return "; ".join(cookies)


def client(
    port: int,
    asked: list[str],
    shift: int,
    until: float,
    took: list[tuple[str, int, float]],
    cookie: str = "",
) -> None:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Cookie": cookie} if cookie else {}
    turn = shift
    while time.monotonic() < until:
        address, began, status = asked[turn % len(asked)], time.monotonic(), 599
        turn += 1
        try:
            link.request("GET", address, headers=headers)
            answer = link.getresponse()
            answer.read()
            status = answer.status
        except (OSError, http.client.HTTPException):
            link.close()
        took.append((address, status, time.monotonic() - began))
    link.close()


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--port", type=int, default=8000)
    words.add_argument("--clients", type=int, default=8, choices=range(1, 301), metavar="1–300")
    words.add_argument("--seconds", type=int, default=30, choices=range(1, 601), metavar="1–600")
    words.add_argument("--officers", type=int, default=0, help="how many of the clients are signed in")
    given = words.parse_args()
    asked, took = addresses(given.port), []
    cookies = [signed_in(given.port, OFFICERS[i % len(OFFICERS)]) for i in range(given.officers)]
    cookies += [""] * (given.clients - given.officers)
    for address in asked:  # each page once beforehand
        client(given.port, [address], 0, time.monotonic() + 0.001, [])
    until = time.monotonic() + given.seconds
    threads = [
        threading.Thread(target=client, args=(given.port, asked, i * 5, until, took, cookies[i]))
        for i in range(given.clients)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    times = sorted(t for _a, _s, t in took)
    wrong = Counter(s for _a, s, _t in took if s >= 500)
    rate, p50, p95 = len(took) / given.seconds, times[len(times) // 2], times[int(len(times) * 0.95)]
    print(
        f"{given.clients} clients ({given.officers} signed in), {given.seconds} s: {len(took)} requests, {rate:.1f}/s"
    )
    print(f"p50 {p50 * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms, errors {dict(wrong) or 0}")
    for address in dict.fromkeys(asked):
        own = sorted(t for a, _s, t in took if a == address)
        if own:
            print(f"  {own[len(own) // 2] * 1000:7.1f} ms  {address}")


if __name__ == "__main__":
    main()
