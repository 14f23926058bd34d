"""New sources for sources.yaml: an id, the YAML that says so, and its place in the file as it stands."""

import json
import os
import re
import stat
import tempfile
from collections.abc import Collection, Iterator, Sequence
from dataclasses import fields, replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

import yaml

from watcher.config import load
from watcher.errors import ConfigError
from watcher.facts.bodies import body_of_host
from watcher.settings import LIBRARY, Manners, Rule, Source
from watcher.text import one_line

CHINA = "Asia/Shanghai"
_LONGEST_ID = 40
_DRESS = frozenset(("www", "wap", "m", "com", "org", "net", "cn", "co", "edu"))
_NO_COLUMN = re.compile(r"index\w*|list\w*|default\w*|main|home|en|zh|s?html?|col", re.I)

# ---------------------------------------------------------------- an id


def source_id(url: str, taken: Collection[str]) -> str:
    """An id that no source has yet: who, by the host, and the last named step of the path."""
    parts = urlsplit(url)
    body = body_of_host(url)
    host = [label for label in (parts.hostname or "").split(".") if label not in _DRESS]
    if len(host) > 1 and not host[-1].isdecimal():
        host = [label for label in host if label != "gov"]
    steps = [re.sub(r"\.\w{2,5}$", "", unquote(step)) for step in parts.path.split("/") if step]
    named = [step for step in steps if _slug(step) and not _NO_COLUMN.fullmatch(step)]
    told = [n for n, step in enumerate(named) if re.search(r"[a-z]", step, re.I)]
    column = [named[told[-1]], *named[told[-1] + 1 :][-1:]] if told else named[-1:]
    slug = _slug("-".join([body.lower() if body else "-".join(host), *column]))
    slug = slug[:_LONGEST_ID].strip("-") or "source"
    number = next(n for n in range(1, len(taken) + 2) if _numbered(slug, n) not in taken)
    return _numbered(slug, number)


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def _numbered(slug: str, number: int) -> str:
    return slug if number == 1 else f"{slug}-{number}"


# ---------------------------------------------------------------- its YAML


def block(source: Source, indent: int = 2, *, zone: str = CHINA) -> str:
    """A source as an item of `sources:`, a key a line; `zone` is the time zone of the file."""
    pairs = [f"{key}: {value}" for key, value in _pairs(source, zone)]
    margin = "\n" + " " * (indent + 2)
    return f"{' ' * indent}- {margin.join(pairs)}\n"


def flow(source: Source, *, zone: str = CHINA) -> str:
    """A source as an item of `sources: […]`, on one line."""
    return f"{{{', '.join(f'{key}: {value}' for key, value in _pairs(source, zone))}}}"


def name_from(text: str) -> str:
    """Scraped words as a `name:` may be: one line of what can be printed."""
    return "".join(char for char in one_line(text)[:80] if char.isprintable()).strip()


def _pairs(source: Source, zone: str) -> Iterator[tuple[str, str]]:
    """The keys that say what is not so by itself; not a mailbox, whose password is never shown."""
    yield "id", source.id
    if source.name != source.id:
        yield "name", scalar(source.name)
    if source.body:
        yield "body", source.body
    yield "kind", source.kind
    if source.kind != "library" or source.url != LIBRARY:
        yield "url", _quoted(source.url)
    yield "every", span(source.every)
    if source.timezone != zone:
        yield "timezone", source.timezone
    rule = {f.name: value for f in fields(Rule) if (value := getattr(source.rule, f.name))}
    if rule:
        yield "rule", _mapping(rule)
    detail: dict[str, str] = {"follow": "true" if source.detail.follow else "false"}
    for name in ("title", "body", "published", "attachments"):
        if value := getattr(source.detail, name):
            detail[name] = value
    yield "detail", _mapping(detail)
    if source.fallback:
        yield "fallback", source.fallback
    for name in ("complete", "allow_empty"):
        if getattr(source, name):
            yield name, "true"
    if source.alert_since:
        yield "alert_since", source.alert_since.isoformat()
    yield from _manners(source.manners)
    if source.structure:
        seen = source.structure.seen.isoformat()
        yield "structure", _mapping({"seen": seen, "sure": source.structure.sure})
    if not source.enabled:
        yield "enabled", "false"


def _manners(manners: Manners) -> Iterator[tuple[str, str]]:
    plain = Manners()
    for name in ("tls", "user_agent", "robots"):
        if (value := getattr(manners, name)) != getattr(plain, name):
            yield name, scalar(value)
    if manners.headers:
        yield "headers", _mapping(dict(manners.headers))
    for name in ("cookies", "render"):
        if getattr(manners, name):
            yield name, "true"
    if manners.gap != plain.gap:
        yield "gap", span(manners.gap)


def _mapping(pairs: dict[str, str]) -> str:
    return f"{{{', '.join(f'{scalar(key)}: {scalar(value)}' for key, value in pairs.items())}}}"


_PLAIN = re.compile(
    r"[A-Za-z0-9\u3400-\u9fff](?:[A-Za-z0-9\u3400-\u9fff ._/+-]*[A-Za-z0-9\u3400-\u9fff])?"
)


def scalar(text: str) -> str:
    """`text` as a YAML scalar that may stand in a block or in braces."""
    if _PLAIN.fullmatch(text) and text.lower() != "null":
        return text
    return _quoted(text)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def span(span: timedelta) -> str:
    """A duration as the file has it: 90s, 30m, 2h, 7d."""
    seconds = int(span.total_seconds())
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "m")):
        if seconds and seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


# ---------------------------------------------------------------- its place in the file


def insert(text: str, sources: Sequence[Source], *, zone: str = CHINA) -> str:
    """`text` of a valid sources.yaml with `sources` after the last one; nothing else is touched."""
    newline = "\r\n" if "\r\n" in text else "\n"
    root = yaml.compose(text, yaml.CSafeLoader)
    pairs = root.value if isinstance(root, yaml.MappingNode) else []
    listed = next((value for key, value in pairs if key.value == "sources"), None)
    if not isinstance(listed, yaml.SequenceNode):
        raise ValueError("sources: is not a list")  # noqa: TRY004 - the file's fault, not a caller's
    if listed.flow_style:
        items = [flow(source, zone=zone) for source in sources]
        if not listed.value:
            place = listed.end_mark.index - 1
            return text[:place] + f",{newline}  ".join(items) + text[place:]
        place = listed.value[-1].end_mark.index
        return text[:place] + "".join(f",{newline}  {item}" for item in items) + text[place:]
    place = _line_end(text, _last_mark(listed))
    margin = listed.start_mark.column
    added = "".join(block(source, margin, zone=zone) for source in sources).replace("\n", newline)
    gap = "" if text[:place].endswith("\n") else newline
    return text[:place] + gap + added + text[place:]


def _last_mark(node: yaml.Node) -> int:
    """Where the last word of `node` ends; a block's own mark lies behind the comments after it."""
    while isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        key, value = last if isinstance(last, tuple) else (last, last)
        # a key without a value has an empty node behind the comments as well
        empty = isinstance(value, yaml.ScalarNode) and not value.value and not value.style
        node = key if empty else value
    return int(node.end_mark.index)


def _line_end(text: str, place: int) -> int:
    """The start of the line after the last one that has something to say before `place`."""
    place = len(text[:place].rstrip())
    end = text.find("\n", place)
    return len(text) if end < 0 else end + 1


def add_to_file(path: Path, sources: Sequence[Source]) -> None:
    """Put `sources` into the file at `path`, which keeps its comments, form, mode and owner.

    The result is loaded before it takes the file's place in one step; on any fault nothing is
    changed. ConfigError when it would not load, or would say something else than meant.
    """
    path = path.resolve()  # a link to the file stays a link
    before = path.read_bytes()
    known = load(path)
    raw = before.decode("utf-8-sig")
    mark = b"\xef\xbb\xbf" if before.startswith(b"\xef\xbb\xbf") else b""
    try:
        after = mark + insert(raw, sources, zone=known.timezone).encode()
    except ValueError as exc:
        raise ConfigError([f"{path}: {exc}"]) from exc
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(after)
            _dress(file.fileno(), path.stat())
            file.flush()
            os.fsync(file.fileno())
        _check(path, draft, [*known.sources, *sources])
        if path.read_bytes() != before:
            raise ConfigError([f"{path}: was changed by somebody else meanwhile; try again"])
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _dress(handle: int, like: os.stat_result) -> None:
    os.fchmod(handle, stat.S_IMODE(like.st_mode))
    own = os.fstat(handle)
    if (own.st_uid, own.st_gid) != (like.st_uid, like.st_gid):
        os.fchown(handle, like.st_uid, like.st_gid)


def _meant(source: Source) -> Source:
    """A source without what two readings of one file tell apart: a password is equal to no other."""
    return replace(source, mailbox=None)


def _check(path: Path, draft: Path, expected: Sequence[Source]) -> None:
    try:
        found = load(draft).sources
    except ConfigError as exc:
        told = [problem.replace(str(draft), str(path)) for problem in exc.problems]
        raise ConfigError([f"{problem} (nothing was written)" for problem in told]) from exc
    if [_meant(source) for source in found] != [_meant(source) for source in expected]:
        raise ConfigError(
            [f"{path}: its form is not understood well enough to add to it; paste the YAML by hand"]
        )
