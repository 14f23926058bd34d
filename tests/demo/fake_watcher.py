"""A small working stand-in for `watcher`, so that the tour's handling of processes can be tested.

`fake_watcher.py MOOD --config FILE run|items|diff …`: it visits the lists of FILE, prints a line
per new paper and keeps its rows in the state folder. MOOD is good, dead (exits at once), mute
(alerts nobody), loud (alerts everybody), forgetful (ties no draft to its final) or sour (exits 4
when stopped).
"""

import json
import re
import signal
import sys
import time
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import yaml

ROW = re.compile(r'<a href="([^"]+)"[^>]* title="([^"]+)"')
DUE = re.compile(r"意见反馈截止时间为(\d+)年(\d+)月(\d+)日")
UNIT = re.compile(r'<script url="([^"]+)" querydata=')
HEADING = re.compile(r"<h3>\d+\. (.+?)</h3>")
WANTED = re.compile("智能灯具|影子数据|Shadows may|Smart lamps")


def say(text: str) -> None:
    sys.stdout.write(text + "\n")


def get(url: str) -> str:
    parts = urlsplit(url)
    connection = HTTPConnection(parts.netloc, timeout=10)
    try:
        connection.request("GET", parts._replace(scheme="", netloc="").geturl())
        body = connection.getresponse().read()
    finally:
        connection.close()
    try:
        return body.decode()
    except UnicodeDecodeError:
        return body.decode("gb18030")


def seen(source: dict[str, Any]) -> list[tuple[str, str]]:
    """Address and title of what stands on a source now."""
    text = get(source["url"])
    if source["kind"] == "brief":
        return [(f"{source['url']}#{title}", title) for title in HEADING.findall(text)]
    if found := UNIT.search(text):
        rows = json.loads(get(urljoin(source["url"], found[1])))["data"]["html"]
        return [(urljoin(source["url"], "/" + href), title) for href, title in ROW.findall(rows)]
    return [(urljoin(source["url"], href), title) for href, title in ROW.findall(text)]


def row(source: dict[str, Any], url: str, title: str) -> dict[str, Any]:
    due = DUE.search(get(url)) if "征求意见" in title else None
    return {
        "title": title,
        "url": url,
        "source": source["id"],
        "stage": "draft_for_comments" if "征求意见" in title else "final",
        "primary": "data-security" if WANTED.search(title) else "none",
        "deadline": "{}-{:02}-{:02}".format(*map(int, due.groups())) if due else None,
    }


def run(config: dict[str, Any], mood: str) -> None:
    def stop(_number: int, _frame: object) -> None:
        sys.exit(4 if mood == "sour" else 0)

    signal.signal(signal.SIGTERM, stop)
    state = Path(config["state"])
    state.mkdir()
    known: dict[str, dict[str, Any]] = {}
    visits = 0
    while True:
        for source in config["sources"]:
            for url, title in seen(source):
                old = known.get(url)
                followed = WANTED.search(title) is not None
                new = row(source, url, title) if old is None or followed else old
                told = mood == "loud" or (mood != "mute" and followed)
                if told and visits and (old is None or old["deadline"] != new["deadline"]):
                    say(f"alert: {title}")
                known[url] = new
        visits += 1
        lines = [json.dumps({"id": n, **found}) for n, found in enumerate(known.values(), 1)]
        part = state / "rows.part"
        part.write_text("\n".join(lines), encoding="utf-8")
        part.rename(state / "rows.jsonl")
        time.sleep(0.05)


def main() -> None:
    mood, _, path, command, *words = sys.argv[1:]
    if mood == "dead":
        sys.exit("the database is unusable")
    config = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    if command == "run":
        run(config, mood)
    elif command == "items":
        say((Path(config["state"]) / "rows.jsonl").read_text(encoding="utf-8"))
    elif command == "show":
        drafts = [] if mood == "forgetful" else [35]
        say(json.dumps({"id": int(words[0]), "links": [{"draft": n} for n in drafts]}))
    else:
        say(f"diff of {words[0]} and {words[1]}: 14 articles")


if __name__ == "__main__":
    main()
