"""What the operator decides: sources, teams, channels. Frozen; `config` reads them from sources.yaml."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

# ---------------------------------------------------------------- sources

LIBRARY = "https://sousuo.www.gov.cn/search-gov/data"
"""Where gov.cn's policy library is searched: the final papers of all ministries in one form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How a source's list is read. All None: found from the page's own conventions."""

    preset: str | None = None
    """A site generation: jpaas, trs, json, two-hop."""
    row: str | None = None
    link: str | None = None
    title: str | None = None
    date: str | None = None
    next: str | None = None
    """CSS selectors (`row` and `next` within the page, the others within the row); for JSON, dotted paths."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DetailRule:
    """Whether and how a source's papers are read. Selectors are CSS; None: found by convention."""

    follow: bool = True
    title: str | None = None
    body: str | None = None
    published: str | None = None
    attachments: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """How a source's server is asked: what differs from source to source in the asking itself."""

    tls: str = "default"
    """default, legacy (old renegotiation allowed) or seclevel1 (old ciphers allowed); always verified."""
    headers: tuple[tuple[str, str], ...] = ()
    user_agent: str | None = None
    """None: our own honest one, with the operator's contact."""
    cookies: bool = False
    gap: timedelta = timedelta(seconds=1)
    """Least time between two requests to one host."""
    robots: str = "honour"
    """honour or ignore."""
    render: bool = False
    """Run the page's scripts in a browser and read what they make of it (extra `render`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """How an IMAP folder is read; its host, port and folder stand in the source's url."""

    username: str
    password: "Secret"
    senders: tuple[str, ...] = ()
    """Only letters from these addresses, or from any address at `@domain`; empty: all."""
    mark_read: bool = False
    """Set the \\Seen flag of what was read; else nothing on the server is touched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Structure:
    """When, and how surely, a source's address and form were last seen to be so."""

    seen: date
    sure: str
    """high, medium or low."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One watched list, feed, endpoint or brief, with its rule."""

    id: str
    name: str
    kind: str
    """listing, feed, endpoint, library (gov.cn's search of all ministries' finals), brief or mailbox."""
    url: str
    every: timedelta
    body: str | None = None
    """Code of the default issuing body."""
    timezone: str = "Asia/Shanghai"
    rule: Rule = Rule()
    detail: DetailRule = DetailRule()
    fallback: str | None = None
    complete: bool = False
    """An item that leaves the list has been withdrawn."""
    allow_empty: bool = False
    alert_since: date | None = None
    manners: Manners = Manners()
    mailbox: Mailbox | None = None
    """Of a source of that kind."""
    structure: Structure | None = None
    enabled: bool = True
    """A source that is off is still visited while it stands in for another (`fallback`)."""


# ---------------------------------------------------------------- who hears of it


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Target:
    """Where to: one Slack channel, one address, or the console."""

    kind: str
    """slack, email, webhook, apprise or console."""
    address: str
    """A channel, a mail address; of webhook and apprise the id of the channel."""

    def __str__(self) -> str:
        return f"{self.kind}:{self.address}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cadence:
    """When a subscription is told: at once, or at a wall-clock time in the team's zone."""

    every: str = "now"
    """now, daily, weekly or monthly."""
    hour: int = 0
    minute: int = 0
    day: int = 1
    """weekly: 0 = Monday … 6 = Sunday; monthly: day of the month, 1..28."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """Hours in which nothing is sent, minutes after midnight in the team's zone; may wrap midnight."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """What a team wants to hear of; an empty tuple means no limit."""

    id: str
    sectors: tuple[str, ...] = ()
    bodies: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    """Any of these in title or text lets a document in, on top of the sectors."""
    require: tuple[str, ...] = ()
    """One of these must stand in title or text; without sectors it is all that is asked for."""
    exclude: tuple[str, ...] = ()
    """None of these may stand in the title."""
    secondary: bool = True
    min_score: float = 0.0
    when: Cadence = Cadence()
    as_: str = "alert"
    days: str = "any"
    """any, or workdays."""
    quiet: Quiet | None = None
    deadlines: tuple[int, ...] = ()
    """Days before a comment deadline at which to remind."""
    in_force: tuple[int, ...] = ()
    """Days before a final takes effect at which to remind."""
    events: tuple[str, ...] = ()
    """What else of the calendar is told: closed (comments), no_final (long after a draft)."""
    when_empty: str = "skip"
    """Of a digest without papers: skip, or say that there was nothing."""
    since: datetime | None = None
    """It hears of no change older than this; None: of all. Not in the file: the store keeps it."""
    before: "Subscription | None" = None
    """What it wanted until `since`: older changes it hears of if both want them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    id: str
    name: str
    timezone: str
    to: tuple[Target, ...]
    subscriptions: tuple[Subscription, ...]
    greet: bool = True
    """Each of its targets is told once, at first, what is open now."""
    made: bool = False
    """Made while watcher runs, and kept in the store; else it stands in the file."""
    joined: tuple[tuple[Target, datetime], ...] = ()
    """Since when each of its targets is told, by the store; one that is not here: of all."""
    line: int = field(default=0, compare=False)
    """Where in the file; 0 for one that does not stand there."""


# ---------------------------------------------------------------- how it is told, and the rest


class Secret:
    """A credential that cannot be printed by accident: ask for it with `reveal()`."""

    __slots__ = ("_value", "origin")

    def __init__(self, value: str, origin: str) -> None:
        self._value = value
        self.origin = origin
        """Where it came from (env:NAME, file:PATH), for messages."""

    def reveal(self) -> str:
        return self._value

    def __repr__(self) -> str:
        return f"Secret({self.origin})"


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackChannel:
    """A bot token (chat.postMessage) or an incoming webhook; exactly one of them."""

    token: Secret | None = None
    webhook: Secret | None = None
    app_token: Secret | None = None
    base_url: str | None = None
    """Of a local API instead of Slack's; must end with "/"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailChannel:
    host: str = "localhost"
    port: int = 25
    sender: str = "watcher@localhost"
    username: str | None = None
    password: Secret | None = None
    tls: str = "starttls"
    """starttls, tls or none."""
    per_minute: int = 300
    """Mails handed to the server in a minute, at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookChannel:
    """A program of the operator's that is told by HTTP; its address is trusted."""

    id: str
    url: Secret
    secret: Secret
    """Signs what is posted (HMAC-SHA256)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppriseChannel:
    """A service that Apprise speaks to."""

    id: str
    url: Secret
    """Apprise's own address of it, which holds the credential."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    contact: str | None = None
    """A mailto: or https: address that goes into the User-Agent."""
    allow_addresses: tuple[str, ...] = ()
    """CIDRs exempt from the address guard."""
    proxy: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Translate:
    """A service that puts titles into English; its address is the operator's own and trusted."""

    service: str
    """deepl or openai (any server with OpenAI's chat completions)."""
    key: Secret | None = None
    """DeepL needs one; a server of one's own may not."""
    url: str | None = None
    """None: DeepL's, by the plan its key is of. For openai what stands before /chat/completions."""
    model: str | None = None
    """Of openai."""
    characters_per_month: int = 200_000
    timeout: timedelta = timedelta(seconds=20)
    glossary: str | None = None
    """The id of a glossary kept at DeepL."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Web:
    host: str = "127.0.0.1"
    port: int = 8000
    public_url: str = "http://127.0.0.1:8000"


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """sources.yaml, validated, with its secrets resolved."""

    path: Path
    state: Path
    database: Secret | None = None
    """A SQLAlchemy URL (it may hold a password); None: SQLite under `state`."""
    timezone: str = "Asia/Shanghai"
    network: Network = Network()
    rules: Path | None = None
    sources: tuple[Source, ...] = ()
    teams: tuple[Team, ...] = ()
    slack: SlackChannel | None = None
    email: EmailChannel | None = None
    webhooks: tuple[WebhookChannel, ...] = ()
    apprise: tuple[AppriseChannel, ...] = ()
    operators: tuple[Target, ...] = ()
    translate: Translate | None = None
    web: Web = Web()

    @property
    def sources_by_id(self) -> Mapping[str, Source]:
        return {source.id: source for source in self.sources}
