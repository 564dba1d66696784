"""A span of time, and whether a date that is known to the second, the day or the month lies in it.

Where dates come from does not belong here.
"""

from datetime import datetime, timedelta

from extractors.model import Moment, Precision

_NOON = timedelta(hours=12)


def covers(moment: Moment, since: datetime | None, until: datetime | None) -> bool:
    """Tell whether a date may lie in the span from `since` up to and without `until`; None leaves a side open.

    A day or a month is kept as midnight of the zone that it was read in, in UTC. Noon of that day is, in any zone from
    UTC-11 to UTC+12, the same day in UTC: so a day is compared as the day that its outlet wrote.
    """
    first = behind = moment.at
    if moment.precision in (Precision.DAY, Precision.MONTH):
        first = (moment.at + _NOON).replace(hour=0, minute=0, second=0, microsecond=0)
        behind = first + timedelta(days=1)
    if moment.precision is Precision.MONTH:
        behind = (first + timedelta(days=31)).replace(day=1)
    return (since is None or moment.at >= since or behind > since) and (until is None or first < until)
