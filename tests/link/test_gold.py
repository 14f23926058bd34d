"""Floors on the real pool of drafts and finals, and on a pool of some thousands."""

import time
from datetime import date, timedelta

import yaml

from tests.real import shared
from watcher.link import Paper, cores, link


def test_true_links_are_found_and_false_ones_are_not() -> None:
    gold = yaml.safe_load(shared("gold/links_dev.yaml").read_text(encoding="utf-8"))
    pool = [
        Paper(
            id=row["id"],
            title=row["title"],
            published=date.fromisoformat(str(row["published"])) if row["published"] else None,
            bodies=tuple(row["bodies"]),
            text=row.get("text") or "",
        )
        for row in gold["documents"]
    ]
    truth = {(row["draft"], row["final"]) for row in gold["links"]}
    found = {
        (one.draft, one.final)
        for one in link(pool)
        if one.kind == "final" and one.state == "linked"
    }
    assert len(found & truth) / len(found) >= 0.97
    assert len(found & truth) / len(truth) >= 0.92

    titles = {paper.id: cores(paper.title, paper.text) for paper in pool}
    indexed = [pair for pair in truth if titles[pair[0]] & titles[pair[1]]]
    assert len(indexed) / len(truth) >= 0.88


def test_a_pool_of_thousands_takes_no_pairwise_time() -> None:
    day = date(2031, 1, 1)
    pool = []
    for n in range(2000):
        name = f"{''.join(chr(0x4E00 + (n * k) % 997) for k in (1, 7, 13, 29, 31, 37, 41, 43))}管理办法"
        pool.append(Paper(id=f"d{n}", title=f"{name}（征求意见稿）", published=day))
        pool.append(Paper(id=f"f{n}", title=name, published=day + timedelta(days=n % 900 + 1)))
    began = time.process_time()
    found = link(pool)
    assert time.process_time() - began < 5
    assert len(found) >= 1900
