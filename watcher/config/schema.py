"""The shape of sources.yaml: every key with its type; pydantic gathers every fault in one pass."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_args

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    ValidationError,
    ValidationInfo,
    model_validator,
)

from watcher.config import values
from watcher.config.secret import read_secret
from watcher.config.tree import Fault, Tree
from watcher.config.tree import Path as Steps
from watcher.model import Stage
from watcher.settings import Cadence, Quiet, Secret

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """What the values are held against: the surroundings of the file, and the codes that exist."""

    folder: Path
    environ: Mapping[str, str]
    sectors: Mapping[str, tuple[str, ...]] | None
    """Code to names; None: not known because the user's rules cannot be read, or not asked."""
    bodies: Mapping[str, tuple[str, ...]] | None
    """None: held against nothing, as what was found right when it was said."""


def _door(info: ValidationInfo) -> Door:
    assert isinstance(info.context, Door)  # noqa: S101 - a caller's mistake, never a user's
    return info.context


def _scalar(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"expected one value, not {_form(value)}")  # noqa: TRY004 - pydantic turns only ValueError into a fault
    return value


def _form(value: object) -> str:
    if isinstance(value, dict):
        return "keys and values"
    if isinstance(value, list):
        return "a list"
    return "one value" if isinstance(value, str) else "nothing"


def _of(parse: Callable[[str], T]) -> PlainValidator:
    def read(value: object) -> T:
        return parse(_scalar(value))

    return PlainValidator(read)


def _one_of(what: str, *choices: str) -> PlainValidator:
    return _of(lambda word: values.known(what, word, choices, {}))


def _code(what: str, table: str) -> PlainValidator:
    def read(value: object, info: ValidationInfo) -> str:
        word = _scalar(value)
        codes: Mapping[str, tuple[str, ...]] | None = getattr(_door(info), table)
        if codes is None:
            return word
        names = {name: code for code, all_names in codes.items() for name in all_names}
        return values.known(what, word, codes, names)

    return PlainValidator(read)


def _secret(value: object, info: ValidationInfo) -> Secret:
    door = _door(info)
    return read_secret(_scalar(value), door.folder, door.environ)


def _web_secret(value: object, info: ValidationInfo) -> Secret:
    secret = _secret(value, info)
    try:
        values.url(secret.reveal())
    except ValueError:
        raise ValueError(f"{secret.origin} does not hold an https:// address") from None
    return secret


def _endpoint(value: object, info: ValidationInfo) -> Secret:
    """A web address in clear, or where one is kept."""
    if _scalar(value).startswith(("env:", "file:")):
        return _web_secret(value, info)
    return Secret(values.url(_scalar(value)), "sources.yaml")


def _database(value: object, info: ValidationInfo) -> Secret:
    text = _scalar(value)
    if not text.startswith(("env:", "file:")):
        if values.holds_password(values.database(text)):
            raise ValueError("write env:NAME or file:PATH, not the secret itself")
        return Secret(text, "sources.yaml")
    secret = _secret(text, info)
    try:
        values.database(secret.reveal())
    except ValueError as exc:
        raise ValueError(f"what {secret.origin} holds {exc}") from None
    return secret


def _source_url(value: object, info: ValidationInfo) -> str:
    mailbox = info.data.get("kind") == "mailbox"
    return values.url(_scalar(value), ("imap", "imaps") if mailbox else ("http", "https"))


def _folder(value: object, info: ValidationInfo) -> Path:
    path = _door(info).folder / values.line(_scalar(value))
    try:
        if path.exists() and not path.is_dir():
            raise ValueError(f"{values.quoted(str(value))} is a file, not a folder")
    except OSError as exc:
        raise ValueError(f"{values.quoted(str(value))} cannot be used: {exc.strerror}") from None
    return path


def _headers(value: object) -> tuple[tuple[str, str], ...]:
    if not isinstance(value, dict):
        raise ValueError(f"expected keys and values, not {_form(value)}")  # noqa: TRY004 - as above
    faults, headers = [], []
    for name, text in value.items():
        try:
            headers.append(values.header(name, text))
        except ValueError as exc:
            faults.append(str(exc))
    if faults:
        raise ValueError("; ".join(faults))
    return tuple(headers)


Text = Annotated[str, _of(values.line)]
Id = Annotated[str, _of(values.identifier)]
Truth = Annotated[bool, _of(values.truth)]
Zone = Annotated[str, _of(values.zone)]
Every = Annotated[timedelta, _of(values.interval)]
Body = Annotated[str, _code("body", "bodies")]
Sector = Annotated[str, _code("sector", "sectors")]
Web_ = Annotated[str, _of(values.url)]
Credential = Annotated[Secret, PlainValidator(_secret)]


class Entry(BaseModel):
    """A mapping of known keys; a key without a value is as if it were absent."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _drop_nulls(cls, data: Any) -> Any:
        if isinstance(data, dict):
            return {key: value for key, value in data.items() if value is not None}
        return data

    def given(self, *but: str) -> dict[str, Any]:
        """The keys the file sets; the others take the defaults of `watcher.settings`."""
        return {name: getattr(self, name) for name in self.model_fields_set if name not in but}


class DefaultsEntry(Entry):
    every: Every = timedelta(minutes=30)
    timezone: Zone = "Asia/Shanghai"


class NetworkEntry(Entry):
    contact: Annotated[str | None, _of(values.contact)] = None
    allow_addresses: list[Annotated[str, _of(values.network)]] = []
    proxy: Annotated[str | None, _of(values.url)] = None


class RuleEntry(Entry):
    preset: Annotated[str | None, _one_of("preset", "jpaas", "trs", "json", "two-hop")] = None
    row: Text | None = None
    link: Text | None = None
    title: Text | None = None
    date: Text | None = None
    next: Text | None = None


class DetailEntry(Entry):
    follow: Truth = True
    title: Text | None = None
    body: Text | None = None
    published: Text | None = None
    attachments: Text | None = None


class MailboxEntry(Entry):
    username: Text
    password: Credential
    senders: list[Annotated[str, _of(values.mail_sender)]] = Field([], alias="from")
    mark_read: Truth = False


class StructureEntry(Entry):
    seen: Annotated[date, _of(values.day)]
    sure: Annotated[str, _one_of("certainty", "high", "medium", "low")]


class SourceEntry(Entry):
    id: Id
    name: Text | None = None
    body: Body | None = None
    kind: Annotated[
        str, _one_of("kind", "listing", "feed", "endpoint", "library", "brief", "mailbox")
    ]
    url: Annotated[str | None, PlainValidator(_source_url)] = None
    """`crosscheck` asks for it where there is no address by default."""
    mailbox: MailboxEntry | None = None
    structure: StructureEntry | None = None
    every: Every | None = None
    timezone: Zone | None = None
    rule: RuleEntry | None = None
    detail: DetailEntry | None = None
    fallback: Text | None = None
    complete: Truth = False
    allow_empty: Truth = False
    alert_since: Annotated[date | None, _of(values.day)] = None
    tls: Annotated[str, _one_of("tls", "default", "legacy", "seclevel1")] = "default"
    headers: Annotated[tuple[tuple[str, str], ...], PlainValidator(_headers)] = ()
    user_agent: Annotated[str | None, _of(values.user_agent)] = None
    cookies: Truth = False
    gap: Annotated[timedelta, _of(values.duration)] = timedelta(seconds=1)
    robots: Annotated[str, _one_of("robots", "honour", "ignore")] = "honour"
    render: Truth = False
    enabled: Truth = True


class TargetEntry(Entry):
    """Exactly one of its keys; `crosscheck` holds it to that."""

    slack: Annotated[str | None, _of(values.slack_channel)] = None
    email: Annotated[str | None, _of(values.mail_address)] = None
    webhook: Text | None = None
    apprise: Text | None = None
    console: Text | None = None


class SubscriptionEntry(Entry):
    id: Id
    sectors: list[Sector] = []
    bodies: list[Body] = []
    stages: list[Annotated[str, _one_of("stage", *Stage)]] = []
    keywords: list[Text] = []
    require: list[Text] = []
    exclude: list[Text] = []
    secondary: Truth = True
    min_score: Annotated[float, _of(values.share)] = 0.0
    when: Annotated[Cadence, _of(values.cadence)] = Cadence()
    as_: Annotated[str, _one_of("form", "alert", "brief")] = Field("alert", alias="as")
    days: Annotated[str, _one_of("days", "any", "workdays")] = "any"
    quiet: Annotated[Quiet | None, _of(values.quiet)] = None
    deadlines: list[Annotated[int, _of(values.days_before)]] = []
    in_force: list[Annotated[int, _of(values.days_before)]] = []
    events: list[Annotated[str, _one_of("event", "closed", "no_final")]] = []
    when_empty: Annotated[str, _one_of("way", "skip", "say")] = "skip"


class TeamEntry(Entry):
    id: Id
    name: Text | None = None
    timezone: Zone | None = None
    to: list[TargetEntry] = []
    subscriptions: list[SubscriptionEntry]
    greet: Truth = True


class SlackEntry(Entry):
    token: Credential | None = None
    webhook: Annotated[Secret | None, PlainValidator(_web_secret)] = None
    app_token: Credential | None = None
    base_url: Web_ | None = None


class EmailEntry(Entry):
    host: Annotated[str, _of(values.host)] = "localhost"
    port: Annotated[int, _of(values.port)] = 25
    sender: Annotated[str, _of(values.sender)] = Field("watcher@localhost", alias="from")
    username: Text | None = None
    password: Credential | None = None
    tls: Annotated[str, _one_of("tls", "starttls", "tls", "none")] = "starttls"
    per_minute: Annotated[int, _of(values.whole)] = 300


class WebhookEntry(Entry):
    id: Id
    url: Annotated[Secret, PlainValidator(_endpoint)]
    secret: Credential


class AppriseEntry(Entry):
    id: Id
    url: Credential


class ChannelsEntry(Entry):
    slack: SlackEntry | None = None
    email: EmailEntry | None = None
    webhooks: list[WebhookEntry] = []
    apprise: list[AppriseEntry] = []


class OperatorsEntry(Entry):
    to: list[TargetEntry] = []


class TranslateEntry(Entry):
    """`crosscheck` asks for what its service needs."""

    service: Annotated[str, _one_of("service", "deepl", "openai")]
    key: Credential | None = None
    url: Web_ | None = None
    model: Text | None = None
    characters_per_month: Annotated[int, _of(values.whole)] = 200_000
    timeout: Every = timedelta(seconds=20)
    glossary: Text | None = None


class WebEntry(Entry):
    host: Annotated[str, _of(values.host)] = "127.0.0.1"
    port: Annotated[int, _of(values.port)] = 8000
    public_url: Web_ = "http://127.0.0.1:8000"


class File(Entry):
    """All of sources.yaml."""

    defaults: DefaultsEntry = DefaultsEntry()
    database: Annotated[Secret | None, PlainValidator(_database)] = None
    state: Annotated[Path | None, PlainValidator(_folder)] = None
    network: NetworkEntry = NetworkEntry()
    rules: Text | None = None
    sources: list[SourceEntry]
    teams: list[TeamEntry] = []
    channels: ChannelsEntry = ChannelsEntry()
    operators: OperatorsEntry = OperatorsEntry()
    translate: TranslateEntry | None = None
    web: WebEntry = WebEntry()


class ReadingEntry(Entry):
    """A file for `extract --rule`: what a source says of how its pages are read."""

    rule: RuleEntry = RuleEntry()
    detail: DetailEntry = DetailEntry()


Form = TypeVar("Form", File, ReadingEntry, TeamEntry, SubscriptionEntry)


def read(tree: Tree, door: Door, form: type[Form]) -> Form | list[Fault]:
    """The typed file, or every fault of its keys and values."""
    try:
        return form.model_validate(tree.value, context=door)
    except ValidationError as exc:
        errors = exc.errors(include_url=False, include_input=True)
        return [tree.fault(tuple(e["loc"]), _problem(dict(e), form)) for e in errors]


def _problem(error: dict[str, Any], form: type[BaseModel]) -> str:
    """One pydantic error in the user's words. Values are quoted by the validators alone."""
    path: Steps = error["loc"]
    match error["type"]:
        case "missing":
            return "this key is required"
        case "extra_forbidden":
            keys = _keys(path[:-1], form)
            close = values.nearest(str(path[-1]), {key: key for key in keys})
            return "unknown key; " + (
                f"did you mean {close!r}?" if close else f"the keys are {', '.join(keys)}"
            )
        case "value_error":
            return str(error["ctx"]["error"])
        case "list_type":
            word = error["input"]
            hint = f"; write [{word}]" if isinstance(word, str) and len(word) < 40 else ""
            return f"expected a list, not {_form(word)}{hint}"
        case "model_type" | "model_attributes_type":
            return f"expected keys and values, not {_form(error['input'])}"
        case other:  # no field of the schema raises another
            raise AssertionError(f"unforeseen fault {other!r} at {path}")


def _keys(path: Steps, model: type[BaseModel]) -> list[str]:
    """The keys that may stand at `path` below `model`."""
    for step in path:
        if isinstance(step, str):
            by_key = {field.alias or name: field for name, field in model.model_fields.items()}
            model = next(_models(by_key[step].annotation))
    return [field.alias or name for name, field in model.model_fields.items()]


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)
