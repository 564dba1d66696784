"""The nouns of Tripolar: everything that travels between modules, frozen, slotted and keyword-only.

Nothing here computes, reads or writes: a type that needs a decision gets it in the module that decides.
Times are timezone-aware and in UTC. Offsets count Unicode code points of the text they belong to, half open.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

# --- What is asked for -----------------------------------------------------------------------------------------------


class Purpose(StrEnum):
    """What a URL is asked for, which decides how its bytes are read."""

    FEED = "feed"  # RSS, RDF, Atom or JSON Feed
    SITEMAP = "sitemap"  # a sitemap or a sitemap index
    PAGE = "page"  # something that may be an article
    ROBOTS = "robots"
    LISTING = "listing"  # an answer of another index of URLs, such as Wayback CDX


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """An outlet, as `flows/feeds.toml` describes it."""

    id: str
    name: str
    country: str  # ISO 3166-1 alpha-2, or EU
    language: str  # BCP 47
    time_zone: str  # IANA; what a date without a zone means here
    owner: str
    state: bool  # state-controlled editorial line
    family: str  # publisher group: outlets that share copy
    home: str
    hosts: tuple[str, ...] = ()  # hosts of its pages, without `www.`


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """One feed of a source."""

    url: str
    source_id: str
    language: str  # BCP 47; the source's unless the feed says otherwise
    kind: Literal["feed", "sitemap"] = "feed"
    interval: int = 1800  # seconds between two polls when nothing else is known
    note: str = ""  # where its address was seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What makes the next request for a URL conditional."""

    etag: str | None = None
    last_modified: str | None = None
    digest: str | None = None  # of the last payload, `sha256:<hex>`


@dataclass(frozen=True, slots=True, kw_only=True)
class Want:
    """A URL to ask for, and why. It is written to the segment beside the answer, so that loading needs nothing else."""

    url: str
    purpose: Purpose
    source_id: str | None = None
    referrer: str = ""  # the feed, sitemap, job or file that named the URL
    language: str | None = None  # declared by the feed
    time_zone: str | None = None  # of the source
    entry: "Entry | None" = None  # what the referrer said of the page
    validators: Validators = Validators()
    attempt: int = 1
    reason: Literal["new", "retry", "revisit", "backfill"] = "new"
    via: str = ""  # where it is asked for instead, such as an archive's address of it; `url` is what it is known by
    since: datetime | None = None  # only an article published then or later is wanted
    until: datetime | None = None  # and before then
    undated: bool = False  # with `since` or `until`: an article without a date is wanted, too


# --- What came over the wire -----------------------------------------------------------------------------------------


class Reason(StrEnum):
    """Why a URL gave nothing. The set is closed: it is stored, counted and shown."""

    BAD_URL = "bad-url"  # no http(s) URL, or not one that can be asked
    PRIVATE_ADDRESS = "private-address"  # resolves to an address that is not public
    ROBOTS = "robots"  # robots.txt forbids it
    ROBOTS_UNREACHABLE = "robots-unreachable"  # robots.txt could not be had: nothing may be asked for now
    DNS = "dns"
    CONNECT = "connect"
    TLS = "tls"
    TIMEOUT = "timeout"
    PROTOCOL = "protocol"  # not HTTP, broken framing, headers over the limit
    TRUNCATED = "truncated"  # the body ended before its length
    TOO_LARGE = "too-large"
    BOMB = "bomb"  # unfolds beyond the limit
    REDIRECTS = "redirects"  # a loop, too many, or nowhere to go
    FORBIDDEN = "forbidden"  # 401, 402, 403, 407, 451
    GONE = "gone"  # 404, 410
    RATE_LIMITED = "rate-limited"  # 429
    CLIENT_ERROR = "client-error"  # another 4xx
    SERVER_ERROR = "server-error"  # 5xx
    NO_CONTENT = "no-content"  # 204, 206, or 200 with nothing in it
    DEFERRED = "deferred"  # its host's time or the run's was used up; asked again next run


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request and its response.

    `body` is the entity as it was sent, content coding included, transfer coding removed.
    Header names keep their case; a name may come more than once.
    """

    url: str
    at: datetime  # when the response began
    status: int
    request_headers: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    method: str = "GET"
    protocol: str = "HTTP/1.1"
    ip: str | None = None
    elapsed_ms: int = 0  # from asking to the last byte

    def header(self, name: str) -> str | None:
        """Return the first header of that name, in any case, or None."""
        lower = name.lower()
        return next((value for key, value in self.headers if key.lower() == lower), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A body came (2xx)."""

    want: Want
    at: datetime  # when Tripolar got it
    exchange: Exchange
    hops: tuple[Exchange, ...] = ()  # the redirects on the way, in order


@dataclass(frozen=True, slots=True, kw_only=True)
class NotModified:
    """The same as last time: 304, or the same payload again."""

    want: Want
    at: datetime
    exchange: Exchange
    by: Literal["304", "digest"]
    hops: tuple[Exchange, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """Nothing usable came, and why."""

    want: Want
    at: datetime
    reason: Reason
    detail: str = ""  # one line for people
    exchange: Exchange | None = None  # the response, where there was one
    hops: tuple[Exchange, ...] = ()
    retry_after: float | None = None  # seconds, as the server asked


Outcome = Fetched | NotModified | Failed


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """An outcome and where in the archive it stands."""

    outcome: Outcome
    segment: str  # file name
    offset: int  # of the outcome's first record, bytes in the file
    length: int


# --- What a feed says ------------------------------------------------------------------------------------------------


class Precision(StrEnum):
    """How exactly a time is known."""

    SECOND = "second"
    MINUTE = "minute"
    DAY = "day"
    MONTH = "month"


class DateSource(StrEnum):
    """Where a publication date came from, most trusted first."""

    JSON_LD = "json-ld"
    META = "meta"
    FEED = "feed"
    TIME_TAG = "time-tag"
    URL = "url"
    TEXT = "text"
    SITEMAP = "sitemap"
    LIST = "list"  # a list of URLs with dates that someone gave


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A date as it was read. A day without a time is midnight of the zone it was read in, in UTC."""

    at: datetime
    precision: Precision
    raw: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One item of a feed or sitemap, with its links absolute and its text plain."""

    url: str
    guid: str = ""
    title: str = ""
    summary: str = ""  # plain text
    authors: tuple[str, ...] = ()
    published: Moment | None = None
    updated: Moment | None = None
    published_raw: str = ""
    language: str | None = None
    categories: tuple[str, ...] = ()
    origin: str = ""  # the outlet that an aggregator names, `<source>`
    date_source: DateSource = DateSource.FEED
    content: str = ""  # full text as HTML, where the feed carries it


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A feed, sitemap or index that was read: its entries, and the documents somebody should fetch to read on."""

    format: str  # rss20, rss10, atom10, json1, news-sitemap, sitemap, sitemapindex, ...
    title: str = ""
    language: str | None = None
    home: str = ""
    entries: tuple[Entry, ...] = ()
    more: tuple[Entry, ...] = ()  # next or archive pages, child sitemaps (with `updated` where they say so)
    ttl: int | None = None  # seconds, as the feed asks
    problem: str = ""  # one line when the document is damaged or is no listing; what could be read is kept


# --- What a page says ------------------------------------------------------------------------------------------------


class Fate(StrEnum):
    """What became of a page that was wanted, in exactly one word. Failures keep their `Reason` beside FAILED."""

    ARTICLE = "article"  # a new article
    REVISION = "revision"  # a known article with another text
    UNCHANGED = "unchanged"  # 304, same payload, or same text
    FAILED = "failed"
    NOT_HTML = "not-html"  # PDF, image, JSON, ...
    EMPTY = "empty"  # no text at all
    CHALLENGE = "challenge"  # a bot check, a consent wall, an error page sent as 200
    LISTING = "listing"  # an index, section or tag page
    NO_TEXT = "no-text"  # HTML in which no article was found
    UNREADABLE = "unreadable"  # content coding or markup that cannot be undone
    OUTSIDE = "outside"  # an article of another time than was wanted
    UNDATED = "undated"  # an article without a date, where only those of a certain time were wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An article as read from one page. Paragraphs of `text` are separated by one newline."""

    url: str  # canonical
    title: str
    text: str
    authors: tuple[str, ...] = ()
    language: str | None = None  # BCP 47 primary language; zh-Hant where the script says so
    published: Moment | None = None
    date_source: DateSource | None = None
    modified: Moment | None = None
    paywalled: bool | None = None  # None: the page does not say


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A page that is no article, and what it is."""

    fate: Fate
    detail: str = ""
    title: str = ""


# --- What an article is about ----------------------------------------------------------------------------------------

Part = Literal["title", "text"]


@dataclass(slots=True, kw_only=True, unsafe_hash=True)  # not frozen, as `Mention`: that would take three times as long
class Evidence:
    """A span that supports a tag: `text[start:end] == quote` in the part it names."""

    part: Part
    start: int
    end: int
    quote: str
    rule: str  # the rule of the taxonomy that fired


@dataclass(slots=True, kw_only=True, unsafe_hash=True)  # not frozen: an article has dozens, and nobody changes one
class Mention:
    """An actor, institution, office or person named in an article."""

    actor: str  # EU, CN, ...
    entity: str  # the id in the taxonomy, such as `EU/commission`
    part: Part
    start: int
    end: int
    surface: str
    resolved: str = ""  # the office's holder on that date, where the entity is an office


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A label of an article: an actor or a topic of the label guide."""

    kind: Literal["actor", "topic"]
    label: str
    score: float  # 0 to 1
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """Something between actors that the article reports: EU-CN, EU-RU, CN-RU or EU-CN-RU."""

    label: str
    score: float
    from_actor: str | None = None
    to_actor: str | None = None
    event: str | None = None  # PLOVER event type, lower case
    evidence: tuple[Evidence, ...] = ()  # the sentence, or neighbouring sentences, that link the sides


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """Who said what. `start` and `end` bound `words` in the part."""

    speaker: str  # as written
    speaker_actor: str | None
    verb: str  # empty where nobody's verb says so: `X: “…”`, a German mood
    words: str
    quoted: bool  # in quotation marks, or reported
    part: Part
    start: int
    end: int
    speaker_entity: str | None = None
    target_actor: str | None = None
    topic: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tagging:
    """Everything the tagger says of one article, under one version of the taxonomy."""

    language: str
    version: str
    mentions: tuple[Mention, ...] = ()
    tags: tuple[Tag, ...] = ()
    relations: tuple[Relation, ...] = ()
    statements: tuple[Statement, ...] = ()

    def labels(self, kind: Literal["actor", "topic"]) -> list[str]:
        """Return the labels of one kind, sorted."""
        return sorted(tag.label for tag in self.tags if tag.kind == kind)


# --- What loading makes of an outcome: ids are 32 hexadecimal digits of a hash ---------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighted:
    """An entry with the ids that it has in the corpus."""

    id: str  # of the entry in its feed
    url_id: str  # of the canonical form of its URL
    fingerprint: int  # 64 bits of title and dates: another one means that the outlet touched the entry
    entry: Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """One ask of a feed, sitemap or index, read."""

    record: Record
    listing: Listing | None = None  # None when nothing came, or nothing new
    sighted: tuple[Sighted, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One version of an article: what it says, by what it is known again, and what it is about."""

    id: str
    article_id: str
    article: Article
    source_id: str | None
    word_count: int
    text_hash: str
    bands: tuple[int, ...]  # of the MinHash, see `similarity`
    extractor_version: str
    tagging: Tagging


@dataclass(frozen=True, slots=True, kw_only=True)
class Captured:
    """One fetch of a page, read. `reading` is what the page was; FAILED and UNCHANGED come from the outcome itself."""

    record: Record
    url_id: str
    reading: Fate
    detail: str = ""
    revision: Revision | None = None
    archived_at: datetime | None = None  # when somebody else's archive took the bytes, where it says so
