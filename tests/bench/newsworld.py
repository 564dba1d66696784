"""A plausible world of news, made from a seed: segments of articles, polls, revisits and edits, as Arrow tables for the loader.

The words are invented by syllables, with the frequencies of a natural language, so that a corpus of them is at least as hard to
compress and to search as a real one. Nothing here reads pages: extraction is measured elsewhere.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from extractors.model import Feed, Source
from storage import rows
from storage.archive import Info
from storage.loading import SegmentFacts

END = datetime(2026, 7, 1, tzinfo=UTC)
DAILY = 1000  # articles a day, and a segment
WORDS = 30_000  # of a language
FEEDS_PER_SOURCE = 2
POLLS_PER_DAY = 8
LISTED = 25  # entries of a feed

TOPICS = (
    "sanctions trade-market-access energy war-in-ukraine critical-raw-materials export-controls technology summit-diplomacy "
    "supply-chains human-rights trade-defence peace-ceasefire dual-use-war-support taiwan global-order climate-green-tech "
    "cyber-espionage-hybrid disinformation-influence agriculture-food military-aid-defence"
).split()
RELATIONS = {"EU-CN": ("EU", "CN"), "EU-RU": ("EU", "RU"), "CN-RU": ("CN", "RU")}
EVENTS = ("consult", "accuse", "reject", "demand", "threaten", "sanction", "agree", "cooperate")
LANGUAGES = {
    "en": (0.34, "ba re ti on mer sta lin go pa der ex tu so ve ning ard port el ry com"),
    "ru": (0.22, "ко на ре ста ви пра ло го дер ени та мо ску пе ми зор ный ова лет бра"),
    "zh": (0.14, "国 中 会 议 经 济 贸 易 政 府 关 系 发 展 问 题 报 道 部 长 声 明 欧 盟 俄 罗 斯 合 作 技 术 出 口 限 制 市 场 安 全"),
    "de": (0.12, "ver ge schaft ung be hand reg ier lich mini ster aus land wirt kom ein bund tag"),
    "fr": (0.10, "le mon con tion res par eur ment pro ai gou ver ne lois com mer ce ité dé vou"),
    "pl": (0.08, "prze kra nie sta wi go rząd ski ość po mi ni ster han dlo wy roz mo wa dze"),
}  # fmt: skip
NAMES = {
    "en": {"EU": "the Commission", "CN": "Beijing", "RU": "Moscow", "UA": "Kyiv", "US": "Washington"},
    "ru": {"EU": "Еврокомиссия", "CN": "Пекин", "RU": "Москва", "UA": "Киев", "US": "Вашингтон"},
    "zh": {"EU": "欧盟委员会", "CN": "北京", "RU": "莫斯科", "UA": "基辅", "US": "华盛顿"},
    "de": {"EU": "die Kommission", "CN": "Peking", "RU": "Moskau", "UA": "Kiew", "US": "Washington"},
    "fr": {"EU": "la Commission", "CN": "Pékin", "RU": "Moscou", "UA": "Kiev", "US": "Washington"},
    "pl": {"EU": "Komisja", "CN": "Pekin", "RU": "Moskwa", "UA": "Kijów", "US": "Waszyngton"},
}
COUNTRIES = ("DE", "FR", "PL", "BE", "CN", "RU", "GB", "US", "UA", "EU")
MONTHS = ("January", "March", "May", "July", "September", "November")


@dataclass(frozen=True, slots=True, kw_only=True)
class Loadable:
    """What `loading.commit` takes, and how many bytes of article text are new in it."""

    info: Info
    facts: SegmentFacts
    tables: rows.Tables
    text_bytes: int


class World:
    """Makes segments. Segment `n` is always the same for the same seed and total, whichever are made before it."""

    def __init__(self, seed: int = 1, *, articles: int) -> None:
        self.days = max(1, articles // DAILY)
        self.size = min(DAILY, articles)
        self._seed = seed
        rng = np.random.default_rng(seed)
        self._vocabulary = {language: _vocabulary(rng, said, language) for language, (_, said) in LANGUAGES.items()}
        weights = 1.0 / (np.arange(WORDS) + 2.7)
        self._cumulative = np.cumsum(weights / weights.sum())
        self.sources = tuple(_source(i) for i in range(50))
        self.feeds = tuple(
            Feed(url=f"{source.home}feed{n}.xml", source_id=source.id, language=source.language)
            for source in self.sources
            for n in range(FEEDS_PER_SOURCE)
        )

    def segments(self, start: int = 0, stop: int | None = None) -> Iterator[Loadable]:
        """Make the segments of the days from `start` up to `stop`."""
        for day in range(start, self.days if stop is None else stop):
            yield self.segment(day)

    def segment(self, day: int) -> Loadable:
        """Make one day: its articles, the polls that named them, its captures, and looks at the articles of the day before."""
        rng = np.random.default_rng([self._seed, day])
        midnight = END - timedelta(days=self.days - day)
        name = f"{midnight:%Y%m%dT%H%M%SZ}-bench-{day:04d}.warc.gz"
        sheet = _Sheet(self, day, midnight, name, rng)
        tables = sheet.tables()
        info = Info(
            run_id=f"day{day}",
            run_kind="ingest",
            started_at=midnight,
            software="tripolar bench",
            sources=self.sources,
            feeds=self.feeds,
        )
        facts = SegmentFacts(
            name=name,
            bytes=8_000_000,
            digest="sha256:" + identity(name) * 2,
            outcomes=len(tables.capture) + len(tables.poll),
            damaged=0,
        )
        return Loadable(info=info, facts=facts, tables=tables, text_bytes=sheet.text_bytes)

    def words(self, rng: np.random.Generator, language: str, count: int) -> list[str]:
        """Draw words by their frequency."""
        vocabulary = self._vocabulary[language]
        drawn = np.searchsorted(self._cumulative, rng.random(count))
        return [vocabulary[i] for i in np.minimum(drawn, WORDS - 1).tolist()]


def identity(*parts: object) -> str:
    """Return an id of 32 hexadecimal digits."""
    return hashlib.md5("|".join(map(str, parts)).encode()).hexdigest()


def _vocabulary(rng: np.random.Generator, syllables: str, language: str) -> list[str]:
    said = syllables.split()
    counts = rng.integers(1, 3 if language == "zh" else 5, WORDS)
    words = ["".join(said[i] for i in rng.integers(0, len(said), n).tolist()) for n in counts.tolist()]
    ends = rng.random(WORDS)
    full, pause = ("。", "，") if language == "zh" else (".", ",")
    return [
        word + (full if e < 0.05 else pause if e < 0.11 else "") for word, e in zip(words, ends.tolist(), strict=True)
    ]


def _source(number: int) -> Source:
    languages = list(LANGUAGES)
    home = f"https://outlet{number:02d}.example/"
    return Source(
        id=f"outlet{number:02d}",
        name=f"Outlet {number}",
        country=COUNTRIES[number % len(COUNTRIES)],
        language=languages[number % len(languages)],
        time_zone="UTC",
        owner=f"Owner {number % 20}",
        state=COUNTRIES[number % len(COUNTRIES)] in ("CN", "RU") and number % 3 != 0,
        family=f"family{number % 30}",
        home=home,
        hosts=(f"outlet{number:02d}.example",),
    )


class _Sheet:
    """One day's rows, column by column in the order of the schemas of `storage.rows`."""

    def __init__(self, world: World, day: int, midnight: datetime, name: str, rng: np.random.Generator) -> None:
        self.world, self.day, self.midnight, self.name, self.rng = world, day, midnight, name, rng
        self.text_bytes = 0
        self._offset = 0
        self.poll: list[dict[str, Any]] = []
        self.entry: list[dict[str, Any]] = []
        self.capture: list[dict[str, Any]] = []
        self.revision: list[dict[str, Any]] = []
        self.mention: list[dict[str, Any]] = []
        self.tag: list[dict[str, Any]] = []
        self.relation: list[dict[str, Any]] = []
        self.statement: list[dict[str, Any]] = []

    def tables(self) -> rows.Tables:
        """Make the day and return it."""
        stubs = [_Stub(self.world, self.day, i, self.midnight) for i in range(self.world.size)]
        before = (
            [_Stub(self.world, self.day - 1, i, self.midnight - timedelta(days=1)) for i in range(self.world.size)]
            if self.day
            else []
        )
        self._polls(stubs, before)
        for stub in stubs:
            self._visit(stub)
        for stub in before:
            self._revisit(stub)
        schemas = {name: getattr(rows, name.upper()) for name in rows.Tables.__dataclass_fields__}
        return rows.Tables(
            **{name: pa.Table.from_pylist(getattr(self, name), schema=schema) for name, schema in schemas.items()}
        )

    def _place(self) -> int:
        self._offset += 9_000
        return self._offset

    def _polls(self, stubs: list["_Stub"], before: list["_Stub"]) -> None:
        outcomes = self.rng.choice(3, size=(len(self.world.feeds), POLLS_PER_DAY), p=(0.55, 0.4, 0.05))
        by_feed: dict[str, list[_Stub]] = {feed.url: [] for feed in self.world.feeds}
        for stub in sorted([*before, *stubs], key=lambda s: s.named):
            by_feed[stub.feed].append(stub)
        for f, feed in enumerate(self.world.feeds):
            for p in range(POLLS_PER_DAY):
                time = self.midnight + timedelta(hours=24 * (p + 1) / POLLS_PER_DAY, seconds=f)
                self._poll(feed, time, int(outcomes[f, p]), [s for s in by_feed[feed.url] if s.named <= time][-LISTED:])

    def _poll(self, feed: Feed, time: datetime, outcome: int, listed: list["_Stub"]) -> None:
        fetched = outcome == 0
        self.poll.append(
            {
                "segment": self.name, "offset": self._place(), "url": feed.url, "source_id": feed.source_id, "polled_at": time,
                "outcome": ("fetched", "not-modified", "failed")[outcome], "reason": "timeout" if outcome == 2 else None,
                "status": (200, 304, None)[outcome], "format": "rss20" if fetched else None, "entries": len(listed) if fetched else None,
                "keys": [int(s.entry_id[:16], 16) for s in listed] if fetched else None, "etag": f'"{int(time.timestamp())}"',
                "digest": "sha256:" + identity(feed.url, time) * 2 if fetched else None, "elapsed_ms": 120, "bytes": 20_000 if fetched else 0,
            }
        )  # fmt: skip
        if fetched:
            self.entry += [s.entry(time) for s in listed]

    def _visit(self, stub: "_Stub") -> None:
        time = stub.captured
        draw = self.rng.random()
        kind = "failed" if draw < 0.03 else "fetched"
        reading = "failed" if draw < 0.03 else "no-text" if draw < 0.05 else "article"
        self._capture(stub, time, kind, reading, "new", 0)
        if reading == "article":
            self._tell(stub, 0, time)

    def _revisit(self, stub: "_Stub") -> None:
        draw = self.rng.random()
        time = stub.captured + timedelta(days=1)
        if draw < 0.04:
            self._capture(stub, time, "fetched", "article", "revisit", 1)
            self._tell(stub, 1, time)
        elif draw < 0.05:
            self._capture(stub, time, "failed", "failed", "revisit", 0, reason="gone")
        else:
            self._capture(stub, time, "not-modified", "unchanged", "revisit", 0)

    def _capture(
        self,
        stub: "_Stub",
        time: datetime,
        outcome: str,
        reading: str,
        wanted: str,
        version: int,
        reason: str = "timeout",
    ) -> None:
        article = reading == "article"
        self.capture.append(
            {
                "segment": self.name, "offset": self._place(), "length": 8_900, "url": stub.url, "url_id": stub.url_id, "final_url": stub.url,
                "source_id": stub.source.id, "referrer": stub.feed, "wanted": wanted, "attempt": 1, "captured_at": time, "outcome": outcome,
                "reason": reason if outcome == "failed" else None, "status": None if outcome == "failed" else 200, "reading": reading,
                "etag": f'"{stub.url_id[:12]}"', "digest": "sha256:" + identity(stub.url, version) * 2 if outcome == "fetched" else None,
                "elapsed_ms": 200, "bytes": 60_000, "article_id": stub.article_id if article else None,
                "revision_id": stub.revision_id(version) if article else None,
            }
        )  # fmt: skip

    def _tell(self, stub: "_Stub", version: int, time: datetime) -> None:
        story = _Story(self.world, stub, version)
        self.text_bytes += len(story.text.encode())
        revision_id = stub.revision_id(version)
        self.revision.append(
            {
                "revision_id": revision_id, "article_id": stub.article_id, "url": stub.url, "source_id": stub.source.id, "title": story.title,
                "text": story.text, "authors": [f"Author {stub.number % 700}"], "language": stub.source.language, "published_at": stub.published,
                "published_precision": "second", "published_raw": stub.published.isoformat(), "date_source": "json-ld",
                "word_count": story.count, "text_hash": identity(revision_id), "bands": story.bands, "captured_at": time,
                "extractor_version": "1",
            }
        )  # fmt: skip
        same = {"revision_id": revision_id, "taxonomy_version": "bench"}
        self.mention += [{**same, **mention} for mention in story.mentions]
        self.tag += [{**same, **tag} for tag in story.tags]
        self.relation += [{**same, **relation} for relation in story.relations]
        self.statement += [{**same, **statement} for statement in story.statements]


class _Stub:
    """An article as far as feeds and captures know it: derived from its number, so that any day can name it again."""

    def __init__(self, world: World, day: int, number: int, midnight: datetime) -> None:
        self.day, self.number = day, number
        pick = int(identity(world._seed, day, number)[:8], 16)
        self.source = world.sources[pick % len(world.sources)]
        self.feed = f"{self.source.home}feed{pick // 64 % FEEDS_PER_SOURCE}.xml"
        self.published = midnight + timedelta(seconds=86_000 * number / world.size)
        self.named = self.published + timedelta(minutes=pick % 30)
        self.captured = self.named + timedelta(minutes=31)
        self.url = f"{self.source.home}{midnight:%Y/%m/%d}/story-{number}-{pick % 9973}"
        self.url_id = identity("url", self.url)
        self.article_id = self.url_id
        self.entry_id = identity(self.feed, self.url)

    def revision_id(self, version: int) -> str:
        return identity(self.article_id, version)

    def entry(self, time: datetime) -> dict[str, Any]:
        return {
            "entry_id": self.entry_id, "feed": self.feed, "source_id": self.source.id, "url": self.url, "url_id": self.url_id, "guid": self.url,
            "title": f"Story {self.number} of day {self.day}", "summary": "What the feed says of it in a sentence.", "authors": [],
            "published_at": self.published, "published_precision": "second", "published_raw": self.published.isoformat(),
            "language": self.source.language, "categories": [], "origin": "", "date_source": "feed",
            "fingerprint": int(self.entry_id[16:], 16), "first_seen_at": time, "last_seen_at": time,
        }  # fmt: skip


class _Story:
    """The words of one revision, and what a tagger would say of them."""

    def __init__(self, world: World, stub: _Stub, version: int) -> None:
        rng = np.random.default_rng([world._seed, stub.day, stub.number])
        language = stub.source.language
        gap = "" if language == "zh" else " "
        self.count = int(rng.lognormal(5.65, 0.5)) + 40
        words = world.words(rng, language, self.count + 12 + 30 * version)
        pair = list(RELATIONS)[int(rng.integers(0, 3))]
        actors = list(RELATIONS[pair]) if rng.random() < 0.7 else ["US", "UA"]
        names = NAMES[language]
        one, other = names[actors[0]], names[actors[1]]
        third = self.count // 3
        parts = [
            one, gap.join(words[:4]), other, gap.join(words[4:third]), one, gap.join(words[third : 2 * third]), other,
            gap.join(words[2 * third : self.count + 30 * version]),
        ]  # fmt: skip
        if rng.random() < 0.1:
            later = stub.published + timedelta(days=int(rng.integers(5, 200)))
            parts.append(f"{later.day} {later:%B} {later.year}." if language == "en" else f"{later:%Y-%m-%d}.")
        starts = np.cumsum([0, *(len(part) + len(gap) for part in parts)]).tolist()
        self.text = gap.join(parts)
        self.title = gap.join([one, *words[self.count : self.count + 8]])
        whose = ((0, actors[0]), (2, actors[1]), (4, actors[0]), (6, actors[1]))
        self.mentions = [self._mention(a, "text", starts[i], parts[i]) for i, a in whose]
        self.mentions.append(self._mention(actors[0], "title", 0, one))
        evidence = [{"part": "text", "start": 0, "stop": starts[3] - len(gap), "rule": "bench.lead"}]
        topics = {TOPICS[int(len(TOPICS) * rng.random() ** 2)] for _ in range(1 + int(rng.integers(0, 2)))}
        self.tags = [{"kind": "actor", "label": a, "score": 0.9, "evidence": evidence} for a in actors]
        self.tags += [{"kind": "topic", "label": t, "score": 0.8, "evidence": evidence} for t in sorted(topics)]
        event = EVENTS[int(rng.integers(0, len(EVENTS)))]
        self.relations = [] if "US" in actors else [
            {"label": pair, "score": 0.8, "from_actor": actors[0], "to_actor": actors[1], "event": event, "evidence": evidence}
        ]  # fmt: skip
        said = starts[3]
        self.statements = [] if rng.random() < 0.4 else [
            {
                "speaker": f"Speaker {stub.number % 400}", "speaker_actor": actors[0], "speaker_entity": f"{actors[0]}/person{stub.number % 400}",
                "verb": "said", "words": self.text[said : said + 90], "quoted": bool(stub.number % 2), "part": "text", "start": said,
                "stop": min(said + 90, len(self.text)), "target_actor": actors[1], "topic": sorted(topics)[0],
            }
        ]  # fmt: skip
        self.bands = rng.integers(0, 2**32, 16, dtype=np.uint64).tolist()
        if stub.number % 10 == 9:  # a reprint of the article before it, with a few words changed
            copied = (
                np.random.default_rng([world._seed, stub.day, stub.number // 10])
                .integers(0, 2**32, 16, dtype=np.uint64)
                .tolist()
            )
            self.bands[:12] = copied[:12]
        elif stub.number % 10 == 8:
            self.bands = (
                np.random.default_rng([world._seed, stub.day, stub.number // 10])
                .integers(0, 2**32, 16, dtype=np.uint64)
                .tolist()
            )

    @staticmethod
    def _mention(actor: str, part: str, start: int, surface: str) -> dict[str, Any]:
        return {
            "actor": actor,
            "entity": f"{actor}/capital",
            "part": part,
            "start": start,
            "stop": start + len(surface),
            "surface": surface,
            "resolved": None,
        }
