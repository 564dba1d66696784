"""Articles of an invented outlet, any number of them, each unlike the others. All words are our own."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

FIRST = datetime(2021, 1, 4, 6, 0, tzinfo=UTC)
_WHO = [
    "The European Commission",
    "China's commerce ministry",
    "The Kremlin",
    "The European Parliament",
    "Beijing",
    "Moscow",
    "Brussels",
    "A committee of harbour towns",
    "The shipping register",
    "An association of canners",
]
_DID = [
    "discussed",
    "rejected",
    "welcomed",
    "postponed",
    "criticised",
    "proposed",
    "extended",
    "reviewed",
    "suspended",
    "published",
]
_WHAT = [
    "new export controls on magnets",
    "a ceiling for the price of crude oil",
    "the sanctions on dredging ships",
    "an inquiry into subsidies for electric ferries",
    "a memorandum on grain corridors",
    "the fees of the northern canal",
    "a list of frozen accounts",
    "the quota for tinned fish",
    "rules for undersea cables",
    "a tender for lighthouse lamps",
]
_WHERE = [
    "in the old customs house",
    "at a meeting in Brussels",
    "after talks in Beijing",
    "before the spring tide",
    "on the quay",
]
_WHY = [
    "because the winter was long",
    "although few had asked for it",
    "as members had expected",
    "for the third time this year",
    "without a vote",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One article and where it stands."""

    number: int
    title: str
    paragraphs: tuple[str, ...]
    published: datetime

    @property
    def path(self) -> str:
        """Its path on the outlet's site, which says nothing of its date."""
        return f"/world/story-{self.number}.html"

    @property
    def text(self) -> str:
        """Its text as the corpus should have it."""
        return "\n".join(self.paragraphs)

    def page(self, *, dated: bool = True, extra: str = "") -> bytes:
        """Return its page."""
        date = f'<meta property="article:published_time" content="{self.published.isoformat()}">' if dated else ""
        body = "".join(f"<p>{each}</p>" for each in (*self.paragraphs, *([extra] if extra else [])))
        return (
            f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{self.title}</title>{date}'
            f'<meta property="og:type" content="article"></head><body><header><a href="/">The Quay</a></header>'
            f"<main><article><h1>{self.title}</h1>{body}</article></main><footer>Printed on the quay</footer>"
            "</body></html>"
        ).encode()


def story(number: int) -> Story:
    """Return the article of that number: always the same, one every eight hours."""
    dice = random.Random(number)

    def sentence() -> str:
        return (
            f"{dice.choice(_WHO)} {dice.choice(_DID)} {dice.choice(_WHAT)} {dice.choice(_WHERE)}, {dice.choice(_WHY)}."
        )

    head = f"{dice.choice(_WHO)} {dice.choice(_DID)} {dice.choice(_WHAT)}, report {number}"
    paragraphs = tuple(" ".join(sentence() for _ in range(dice.randint(3, 5))) for _ in range(dice.randint(4, 7)))
    return Story(number=number, title=head, paragraphs=paragraphs, published=FIRST + timedelta(hours=8 * number))
