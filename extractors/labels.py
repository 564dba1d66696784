"""The names that the label guide and the data files share: actors, relations, topics, kinds of naming, acts and cues.

Nothing is computed here; what the data files say with these names belongs to `taxonomy`.
"""

ACTORS = ("EU", "CN", "RU", "UA", "US", "TW", "UK", "NATO")
PAIRS = {"EU-CN": ("EU", "CN"), "EU-RU": ("EU", "RU"), "CN-RU": ("CN", "RU")}
TRIANGLE = "EU-CN-RU"
RELATIONS = (*PAIRS, TRIANGLE)
WAYS = ("EU>CN", "CN>EU", "EU>RU", "RU>EU", "CN>RU", "RU>CN")  # who acts toward whom
TOPICS = (
    "summit-diplomacy diplomatic-dispute sanctions frozen-assets-finance export-controls critical-raw-materials "
    "dual-use-war-support trade-market-access trade-defence investment-economic-security technology energy supply-chains "
    "war-in-ukraine peace-ceasefire military-aid-defence taiwan hong-kong human-rights disinformation-influence "
    "cyber-espionage-hybrid nuclear-nonproliferation maritime-arctic enlargement-neighbourhood global-order "
    "agriculture-food climate-green-tech migration-mobility domestic-politics"
).split()
# Topics that two sides deal with each other in.
LINKING = (
    "summit-diplomacy diplomatic-dispute sanctions trade-market-access trade-defence investment-economic-security "
    "export-controls energy cyber-espionage-hybrid disinformation-influence dual-use-war-support frozen-assets-finance"
).split()
KINDS = (
    "name",
    "people",
    "capital",
    "place",
    "institution",
    "office",
    "person",
    "force",
    "company",
    "media",
    "vague",
    "mask",
)
GRADES = {"strong": 3.0, "plain": 1.5, "weak": 0.5, "mask": 0.0}
EVENTS = (
    "consult agree cooperate support aid concede accuse reject demand request threaten coerce sanction protest mobilize assault"
).split()
CUES = {
    "event": tuple(EVENTS),
    "domain": ("politics", "economy", "sport", "culture", "crime", "accident", "health", "lifestyle", "history"),
    "pair": tuple(PAIRS),
    "speech": ("say",),
    "frame": ("flow", "toward", "reaction", "opinion"),
}
CUE_IDS = tuple(f"{group}.{name}" for group, names in CUES.items() for name in names)
SCRIPTS = {
    "latin": frozenset(("en", "de", "fr", "pl", "ro", "pt", "es", "it")),
    "cyrillic": frozenset(("ru", "bg", "uk")),
    "han": frozenset(("zh",)),
}
LANGUAGES = tuple(sorted(frozenset().union(*SCRIPTS.values())))
