"""Ministries on loopback that publish on command, each on a host of its own: the kit's, or our own small ones.

Started as a module it is the small server; it speaks the part of the kit's protocol that `Ministries` asks for.
"""

import argparse
import asyncio
import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from measure import invented

KIT = Path(__file__).resolve().parents[3] / "shared" / "kit" / "ministry_server.py"
ROWS = 20
PAGE = 53_000
"""Bytes of a list page, most of them navigation, style and script, as on real sites."""
NEWEST = date(2026, 11, 1)


@dataclass(frozen=True, slots=True)
class Published:
    """What a round changed: on which sites, and the titles it put on top of their lists."""

    sites: frozenset[int] = frozenset()
    titles: Mapping[int, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ministries:
    """A running server of N sites."""

    port: int

    def url(self, site: int) -> str:
        return f"http://{host_of(site)}:{self.port}/site/{site}/list.html"

    def publish(self, percent: float, seed: str, mode: str = "new") -> Published:
        """Change so many of the lists.

        `new` puts a paper on top, `reorder` moves an old one there, `retitle` changes a character of a title.
        """
        added = self._control(f"publish?pct={percent:g}&seed={seed}&mode={mode}")["added"]
        titles = {int(site): [row["title"] for row in rows] for site, rows in added.items()}
        return Published(frozenset(titles), titles if mode == "new" else {})

    def block(self, percent: float, seed: str) -> frozenset[int]:
        """Let a shield answer for so many of the sites, with 200 and a page that asks for script."""
        return frozenset(self._control(f"faults?kind=waf&pct={percent:g}&seed={seed}")["sites"])

    def unblock(self) -> None:
        self._control("faults?kind=none")

    def slow_down(self, milliseconds: float) -> None:
        """Wait before each answer."""
        self._control(f"latency?ms={milliseconds:g}")

    def _control(self, what: str) -> Any:
        url = f"http://127.0.0.1:{self.port}/control/{what}"
        with urllib.request.urlopen(url, timeout=30) as answer:
            return json.load(answer)


def host_of(site: int) -> str:
    """127.1.0.1, 127.1.0.2, …: 250 to a block, as the kit counts them."""
    return f"127.1.{site // 250}.{site % 250 + 1}"


def server_in_use(*, own: bool) -> str:
    """One line on which server `serving` starts."""
    if not own and KIT.exists():
        return "the kit's ministry_server.py"
    return "our own small server" + ("" if own else f" ({KIT.name} of the kit is absent)")


@contextmanager
def serving(sites: int, *, own: bool = False) -> Iterator[Ministries]:
    """Start `sites` ministries in a process of their own."""
    server = ["-m", __name__] if own or not KIT.exists() else [str(KIT)]
    with subprocess.Popen(
        [sys.executable, *server, f"--sites={sites}", f"--hosts={sites}"],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[1],
    ) as process:
        try:
            first = process.stdout.readline() if process.stdout else b""
            if not first:
                raise SystemExit(
                    f"{server[-1]}: did not start; it needs {sites} loopback addresses"
                )
            yield Ministries(json.loads(first)["port"])
        finally:
            process.terminate()


# ---------------------------------------------------------------- the small server


@dataclass
class Site:
    """One list page: a fifth of the sites in GBK named in <meta> alone, a third with cut link texts."""

    number: int
    rows: list[tuple[int, str]] = field(default_factory=list)
    """Number and title of each paper, in the order shown."""

    def add(self) -> str:
        n = len(self.rows) + 1
        body = invented.BODIES[self.number % len(invented.BODIES)]
        make = (invented.draft_title, invented.final_title)[n % 2]
        title = f"{make(body, invented.name(self.number * 101 + n))}（{body[:2]}函〔2026〕{self.number}-{n}号）"
        self.rows.insert(0, (n, title))
        return title

    def reorder(self) -> str:
        self.rows.insert(0, self.rows.pop(7))
        return self.rows[0][1]

    def retitle(self) -> str:
        number, title = self.rows[2]
        self.rows[2] = (number, title.replace("关于", "關於", 1))
        return self.rows[2][1]

    def page(self, visitor: int) -> bytes:
        charset = "gb2312" if self.number % 5 == 0 else "utf-8"
        rows = "".join(
            f'<li><a href="./doc/{n}.html" title="{title}">{self._cut(title)}</a>'
            f"<span>{NEWEST + timedelta(days=n - ROWS)}</span></li>\n"
            for n, title in self.rows[:ROWS]
        )
        menu = "".join(
            f'<li class="c{n}"><a href="/channel/{n}/">{word}</a></li>\n'
            for n, word in enumerate(invented.ASPECTS * 4)
        )
        head = f'<!DOCTYPE html><html><head><meta charset="{charset}"><title>通知公告</title>'
        body = f'</head><body><ul class="nav">{menu}</ul><ul class="list">{rows}</ul>'
        foot = f'<div class="footer">您是第<b>{visitor}</b>位访问者</div></body></html>'
        script = "<script>" + "var a=document.body;" * 1_600
        frame = f"{head}{script[: PAGE - len((body + foot).encode())]}</script>{body}{foot}"
        return frame.encode("gb18030" if charset == "gb2312" else charset)

    def _cut(self, title: str) -> str:
        return title[:34] + "..." if self.number % 3 == 0 else title


CHALLENGE = "<!DOCTYPE html><html><head><title>安全检查</title><script>go()</script></head><body>请启用脚本后继续访问</body></html>"


class World:
    """All sites, and the answers to what is asked of them."""

    def __init__(self, sites: int) -> None:
        self.sites = [Site(n) for n in range(sites)]
        for site in self.sites:
            for _ in range(ROWS):
                site.add()
        self.visitors = 1_000_000
        self.blocked: set[int] = set()
        self.latency = 0.0
        """Seconds."""

    def answer(self, target: str) -> tuple[int, bytes]:
        url = urlsplit(target)
        asked = {name: values[0] for name, values in parse_qs(url.query).items()}
        match url.path.strip("/").split("/"):
            case ["site", number, "list.html"]:
                self.visitors += 1
                if int(number) in self.blocked:
                    return 200, CHALLENGE.encode()
                return 200, self.sites[int(number)].page(self.visitors)
            case ["control", "publish"]:
                added = self.publish(float(asked["pct"]), asked["seed"], asked["mode"])
                return 200, json.dumps({"added": added}).encode()
            case ["control", "faults"]:
                share = float(asked.get("pct", 0))
                self.blocked = {site.number for site in self.some(share, asked.get("seed", ""))}
                return 200, json.dumps({"sites": sorted(self.blocked)}).encode()
            case ["control", "latency"]:
                self.latency = float(asked["ms"]) / 1000
                return 200, b"{}"
        return 404, b""

    def some(self, percent: float, seed: str) -> list[Site]:
        count = round(len(self.sites) * percent / 100)
        return invented.dice(f"some {seed}").sample(self.sites, count)

    def publish(self, percent: float, seed: str, mode: str) -> dict[int, list[dict[str, str]]]:
        change = {"new": Site.add, "reorder": Site.reorder, "retitle": Site.retitle}[mode]
        return {site.number: [{"title": change(site)}] for site in self.some(percent, seed)}


async def serve(sites: int, hosts: int) -> None:
    world = World(sites)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                target = head.split(b" ", 2)[1].decode()
                status, body = world.answer(target)
                if target.startswith("/site/"):
                    await asyncio.sleep(world.latency)
                start = f"HTTP/1.1 {status} -\r\nContent-Type: text/html\r\n"
                writer.write(f"{start}Content-Length: {len(body)}\r\n\r\n".encode() + body)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    control = await asyncio.start_server(talk, "127.0.0.1", 0)
    port = control.sockets[0].getsockname()[1]
    if hosts:
        await asyncio.start_server(talk, [host_of(n) for n in range(hosts)], port)
    print(json.dumps({"ready": True, "port": port}), flush=True)
    await control.serve_forever()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sites", type=int, default=200)
    parser.add_argument("--hosts", type=int, default=0)
    args = parser.parse_args()
    asyncio.run(serve(args.sites, args.hosts))


if __name__ == "__main__":
    main()
