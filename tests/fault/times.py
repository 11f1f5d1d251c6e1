"""Dates, times, time zones."""
import io
import struct
from datetime import *
from zoneinfo import ZoneInfo

U = timezone.utc
HEADER = b"TZif2" + bytes(15)
FILE = (HEADER + struct.pack(">6l", 0, 0, 0, 0, 0, 0) + HEADER + struct.pack(">6l", 0, 0, 0, 2, 2, 8) + struct.pack(">2q", 10**8, 11 * 10**7) +
        bytes((1, 0)) + struct.pack(">lbblbb", 3600, 0, 0, 7200, 1, 4) + b"CET\0CST\0" + b"\nCET-1CEST,M3.5.0,M10.5.0/3\n")


class D(datetime): pass


def case_making():
    return (date(2024, 2, 29), datetime(2024, 2, 29, 1, 2, 3, 4, U, fold=1), time(1, 2, tzinfo=U), timedelta(1.5, 2, hours=-3), timezone(timedelta(hours=2), "X"),
            timedelta(10**30, hours=-24 * 10**30), D(2020, 1, 1).replace(hour=3), datetime.combine(date.min, time(3)), date.fromisocalendar(2020, 53, 7).isocalendar(),
            datetime.fromtimestamp(1e9, U), datetime.utcfromtimestamp(5), datetime(2020, 1, 1).timetuple(), D.fromordinal(5), type(datetime.now()))


def case_text():
    d = datetime(2024, 2, 29, 1, 2, 3, 4, timezone(timedelta(hours=-2, seconds=5)))
    return (repr(d), str(d), d.isoformat("é", "milliseconds"), d.strftime("%Y %z %Z %f"), f"{d:%d.%m.}", d.ctime(), str(timedelta(-1, 5)), repr(timedelta(1, 2, 3)),
            datetime.fromisoformat("2024-02-29T01:02:03.5+01:30"), date.fromisoformat("2024-W09-4"), time.fromisoformat("10:11Z"), repr(d.timetz()), str(d.tzinfo))


def case_arithmetic():
    d, e = datetime(2024, 2, 29, tzinfo=U), datetime(2024, 2, 29, tzinfo=timezone(timedelta(hours=1)))
    t = timedelta(1, 2, 3)
    return (d - e, d + t, d < e, d == e, hash(d) == hash(e + timedelta(hours=1)), t * 2.5, t / 3, t / 0.7, t // 7, t % timedelta(7), divmod(t, timedelta(0, 5)), t / t,
            timedelta.max / timedelta(microseconds=7), -t, abs(-t), d.astimezone(e.tzinfo), d.timestamp(), d.utctimetuple(), d.__reduce_ex__(4), time(1, tzinfo=U) < time(2, tzinfo=e.tzinfo))


def case_zone():
    z = ZoneInfo.from_file(io.BytesIO(FILE), key="made")
    d = datetime(2024, 10, 27, 1, 30, tzinfo=U)
    try:
        same = ZoneInfo("UTC") is ZoneInfo("UTC")
    finally:
        ZoneInfo.clear_cache()
    return (d.astimezone(z).isoformat(), d.astimezone(z).fold, d.replace(tzinfo=z).tzname(), d.replace(tzinfo=z, year=1972).dst(), repr(z), z.__reduce__ is not None, same)
