"""Where follow-ups belong, and which posted alerts are put right, in every database."""

from sqlalchemy import select

from tests.store.samples import LAW, MAIL, NOW, after, claim, item, show
from watcher.settings import Target
from watcher.store import Store
from watcher.store import schema as t


def send(store: Store, target: Target = LAW, place: str = "C1/1", **span: float) -> None:
    batch = store.outbox.claim(target, after(**span))
    assert batch is not None
    store.outbox.mark_sent(batch, "ok", after(**span), place=place)


def paper_id(store: Store, word: str) -> int:
    [found] = [
        each.document.id
        for each in store.papers.newest()
        if each.document.url == f"https://x.example/{word}"
    ]
    return found


def letters(store: Store) -> list[object]:
    with store.db.read() as tx:
        return list(tx.execute(select(t.delivery.c.letter).order_by(t.delivery.c.id)).scalars())


def test_the_first_alert_of_a_family_is_where_its_followers_go(store: Store) -> None:
    show(store)
    for n, word in enumerate("abc"):
        show(store, item(word), to=(LAW, MAIL))
        send(store, place=f"C1/{n}", minutes=n)
        send(store, MAIL, place=f"<{n}@x>", minutes=n)
    a, b, c = (paper_id(store, word) for word in "abc")
    assert store.postings.thread_of(LAW, {b, c}) == "C1/1"
    assert store.postings.thread_of(LAW, {c, a}) == "C1/0"
    assert store.postings.thread_of(MAIL, {c}) == "<2@x>"
    assert store.postings.thread_of(Target(kind="slack", address="#other"), {a}) == ""
    assert store.postings.thread_of(LAW, set()) == ""


def test_only_what_was_sent_alone_and_has_a_place_is_followed(store: Store) -> None:
    show(store)
    show(store, item("a"), digest="law/all/1")
    send(store)
    show(store, item("b"))
    send(store, place="")
    show(store, item("c"))
    found = [paper_id(store, word) for word in "abc"]
    assert store.postings.thread_of(LAW, found) == ""


def test_a_correction_puts_right_what_slack_shows(store: Store) -> None:
    show(store)
    show(store, item("a"), to=(LAW, MAIL))
    send(store)
    send(store, MAIL, place="<1@x>")
    edited = item("a", title="灯具局关于印发《甲号灯具数据管理办法》的通知")
    show(store, edited, now=after(hours=1), to=())
    [first] = [
        row["id"] for row in store.outbox.rows() if row["receipt"] and row["target"] == str(LAW)
    ]
    assert [each for each in letters(store) if each] == [{"kind": "update", "delivery": first}]
    posted = store.postings.posted(first)
    assert posted is not None
    assert posted.place == "C1/1"
    assert store.postings.posted(first + 99) is None


def test_a_held_correction_rewrites_nothing(store: Store) -> None:
    show(store)
    show(store, item("a"))
    send(store)
    state = claim(store, now=after(hours=1))
    with store.db.write() as tx:
        tx.execute(t.source.update().values(holding=True))
    edited = item("a", title="灯具局关于印发《甲号灯具数据管理办法》的通知")
    show(store, edited, now=after(hours=1), state=state)
    assert not any(letters(store))


def test_the_latest_word_of_a_team_stands(store: Store) -> None:
    show(store)
    show(store, item("a"))
    document_id = paper_id(store, "a")
    with store.db.write() as tx:
        for team, state in (("law", "reviewed"), ("tax", "open"), ("law", "not_relevant")):
            values = {"document_id": document_id, "team_id": team, "by": "Ann", "at": NOW}
            tx.execute(t.review.insert().values(state=state, **values))
    said = store.postings.review(document_id, "law")
    assert said is not None
    assert (said.state, said.by, said.at) == ("not_relevant", "Ann", NOW)
    assert store.postings.review(document_id, None) is None
