"""The tagger: one article in, its actors, relations, topics, mentions and statements out, each with its evidence.

`tag` is the whole interface. It puts the parts together: `reading` finds, `salience`, `topics` and `relations` weigh,
`weighing` decides, `proof` says why. Loading the taxonomy belongs to `taxonomy`, keeping a compiled one to the caller.
"""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from extractors import (
    acts,
    decision,
    hearing,
    proof,
    reading,
    relations,
    salience,
    scenes,
    statements,
    topics,
    weighing,
    witnesses,
)
from extractors import language as languages
from extractors.hearing import Said
from extractors.labels import ACTORS, LANGUAGES, PAIRS, TRIANGLE
from extractors.matching import Matcher
from extractors.model import Tag, Tagging
from extractors.reading import Reading, Tables
from extractors.taxonomy import Taxonomy
from extractors.topics import Subject
from extractors.weighing import Model
from extractors.witnesses import Witnesses

# Probability of both sides from which on sentences are asked about a pair. Less than `decision` wants of the sides of a pair: the
# triangle may come of a third side that is hardly named.
_WORTH_ASKING = 0.2


@dataclass(slots=True, kw_only=True)
class Weighed:
    """The probabilities of every label that anything speaks for."""

    reading: Reading
    actors: dict[str, float] = field(default_factory=dict)
    topics: dict[str, float] = field(default_factory=dict)
    relations: dict[str, float] = field(default_factory=dict)
    subjects: dict[int, Subject] = field(default_factory=dict)
    spoken: dict[str, Said] = field(default_factory=dict)  # what its sentences say, by kind of label


class Tagger:
    """A taxonomy ready for use: matchers by language and the models. Not picklable; the taxonomy is."""

    def __init__(self, known: Taxonomy) -> None:
        self.known = known
        self.columns: Tables = reading.tables(known)
        self._matchers: dict[str, Matcher] = {}

    @cached_property
    def models(self) -> dict[str, Model]:
        """The fitted models by kind."""
        features = {
            "actor": salience.FEATURES,
            "topic": topics.FEATURES,
            "relation": relations.FEATURES,
            "triangle": relations.TRIANGLE,
            "event": acts.EVENT,
            "direction": acts.DIRECTION,
            **{f"{kind}-sentence": names for kind, names in witnesses.NAMES.items()},
        }
        known = self.known
        if lacking := features.keys() - known.weights.keys():
            raise ValueError(f"weights.toml has no {', '.join(sorted(lacking))}: run `python -m tests.eval.fit`")
        return {
            kind: weighing.model(known.weights[kind], names, known.words.get(kind, {}))
            for kind, names in features.items()
        }

    def matcher(self, language: str) -> Matcher:
        """Return the matcher of a language, built when first asked for."""
        if language not in self._matchers:
            self._matchers[language] = Matcher(self.known, language)
        return self._matchers[language]

    def read(self, title: str, text: str, language: str | None) -> Reading:
        """Return the article with everything found in it."""
        primary = (language or "").split("-")[0].lower()
        if primary not in LANGUAGES or languages.contradicted(f"{title[:200]}\n{text[:400]}", primary):
            found = languages.detect(f"{title}\n{text[:2000]}") or "en"
            language, primary = found, found.split("-")[0]
        elif language:
            language = primary + language[len(primary) :]
        return Reading(
            title=title,
            body=text,
            language=language or primary,
            matcher=self.matcher(primary if primary in LANGUAGES else "en"),
            known=self.known,
            columns=self.columns,
        )

    def weigh(self, read: Reading) -> Weighed:
        """Return the probabilities of all labels."""
        models, weighed = self.models, Weighed(reading=read)
        story, seen = salience.story_features(read), scenes.scenes(read)
        said = self._ask("actor", weighed, witnesses.actors(read, seen))
        acting = hearing.by_sentence(said)
        for actor, values in salience.features(read, story, hearing.pooled(said)).items():
            weighed.actors[actor] = models["actor"].score(actor, values)
        weighed.subjects = topics.subjects(read)
        asked = topics.asked(weighed.subjects)
        said = self._ask("topic", weighed, witnesses.topics(read, seen, acting, asked))
        touched = hearing.by_sentence(said)
        for topic, values in topics.features(read, weighed.subjects, asked, story, hearing.pooled(said)).items():
            weighed.topics[topic] = models["topic"].score(topic, values)
        sides = {actor for actor, p in weighed.actors.items() if p >= _WORTH_ASKING}
        among = [pair for pair, two in PAIRS.items() if sides.issuperset(two)]
        said = self._ask("relation", weighed, witnesses.pairs(read, seen, acting, touched, among))
        links = relations.links(read, weighed.actors, story, hearing.pooled(said))
        for pair, values in links.items():
            weighed.relations[pair] = models["relation"].score(pair, values)
        three = relations.triangle(read, links, weighed.relations, weighed.actors, relations.met(said))
        if three is not None:
            weighed.relations[TRIANGLE] = models["triangle"].score(TRIANGLE, three)
        return weighed

    def _ask(self, kind: str, weighed: Weighed, found: Witnesses) -> Said:
        """Return what the sentences say for each label, and keep it."""
        read = weighed.reading
        said = weighed.spoken[kind] = witnesses.probabilities(self.models[f"{kind}-sentence"], found, read.language)
        return said


def tag(
    title: str, text: str, *, language: str | None, published_at: datetime | None, taxonomy: Taxonomy | Tagger
) -> Tagging:
    """Tag one article. `language` is BCP 47 and is guessed when unknown; `published_at` resolves offices to holders.

    Never raises on any text. A `Tagger` instead of the taxonomy saves building the matchers again.
    """
    tagger = taxonomy if isinstance(taxonomy, Tagger) else Tagger(taxonomy)
    weighed = tagger.weigh(tagger.read(title, text, language))
    read, models, spoken = weighed.reading, tagger.models, weighed.spoken
    labels = decision.decide(
        weighed.actors, weighed.topics, weighed.relations, {kind: model.threshold for kind, model in models.items()}
    )
    tags = [
        Tag(
            kind="actor",
            label=actor,
            score=round(weighed.actors[actor], 4),
            evidence=proof.actor(read, ACTORS.index(actor), proof.telling(spoken["actor"][actor])),
        )
        for actor in labels.actors
    ]
    tags += [
        Tag(
            kind="topic",
            label=topic,
            score=round(weighed.topics[topic], 4),
            evidence=proof.topic(read, weighed.subjects, topic, proof.telling(spoken["topic"].get(topic, ()))),
        )
        for topic in labels.topics
    ]
    said = statements.find(read, weighed.topics)
    found = tuple(
        proof.relation(read, label, weighed.relations[label], spoken["relation"], said, models)
        for label in labels.relations
    )
    return Tagging(
        language=read.language,
        version=tagger.known.version,
        mentions=proof.mentions(read, published_at),
        tags=tuple(tags),
        relations=found,
        statements=said,
    )
