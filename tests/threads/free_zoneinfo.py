"""Threads share the cache of ZoneInfo, zones, and the hashes of datetimes: whoever asks for a zone first, all get the
same one while anybody has it, and answers do not depend on who else is asking or clearing."""
import gc
import random
import threading
import weakref
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from _together import in_threads

KEYS = ["Europe/Berlin", "America/New_York", "Asia/Tokyo", "UTC", "Australia/Sydney", "Africa/Cairo", "Asia/Kolkata",
        "Europe/London", "America/Sao_Paulo", "Pacific/Auckland"]
THREADS = 4


class Sub(ZoneInfo):
    pass


# A round: everybody asks for the same keys, which nobody has asked for yet.
for cls in (ZoneInfo, Sub):
    for round in range(15):
        cls.clear_cache()
        barrier = threading.Barrier(THREADS)
        got = [None] * THREADS

        def ask(i):
            keys = KEYS[:] if round % 2 else random.sample(KEYS, len(KEYS))
            barrier.wait()
            zones = {key: cls(key) for key in keys}
            barrier.wait()
            got[i] = zones

        in_threads(*[lambda i=i: ask(i) for i in range(THREADS)])
        for key in KEYS:
            assert len({id(zones[key]) for zones in got}) == 1, (cls, key)
            assert type(got[0][key]) is cls and got[0][key].key == key and cls(key) is got[0][key]

# The cache lets zones go that nobody has: of ZoneInfo those that were not asked for lately.
dead = [weakref.ref(ZoneInfo(key)) for key in KEYS]
del got
gc.collect()
assert [w() is None for w in dead] == [True] * 2 + [False] * 8
ZoneInfo.clear_cache()
gc.collect()
assert all(w() is None for w in dead) and weakref.ref(Sub("Asia/Tokyo"))() is None

# Clearing, asking, pickling and converting at once: what comes out is right all the same.
moments = [datetime(2000, 1, 1, tzinfo=timezone.utc) + timedelta(hours=1009 * i) for i in range(40)]
expected = {key: [(m.astimezone(ZoneInfo.no_cache(key)).replace(tzinfo=None)) for m in moments] for key in KEYS}
shared = {key: ZoneInfo(key) for key in KEYS}


def convert(seed):
    r = random.Random(seed)
    for _ in range(60):
        key = r.choice(KEYS)
        zone = r.choice((ZoneInfo, Sub, lambda key: shared[key], ZoneInfo.no_cache))(key)
        assert zone.key == key
        for m, local in zip(moments, expected[key]):
            shown = m.astimezone(zone)
            assert shown.replace(tzinfo=None) == local
            assert shown == m and hash(shown) == hash(m)
        if r.randrange(4) == 0:
            r.choice((ZoneInfo.clear_cache, Sub.clear_cache, lambda: ZoneInfo.clear_cache(only_keys=[key])))()


in_threads(*[lambda i=i: convert(i) for i in range(THREADS)])

# Objects that all threads hash, compare, print and add to for the first time.
things = [datetime(2020, 1, 1, tzinfo=shared[key]) + timedelta(minutes=i) for i, key in enumerate(KEYS * 20)]
answers = [None] * THREADS


def look(i):
    answers[i] = [(hash(x), hash(x - things[0]), hash(x.date()), str(x), x + timedelta(1), x.isocalendar()) for x in things]


in_threads(*[lambda i=i: look(i) for i in range(THREADS)])
assert all(a == answers[0] for a in answers)
print("ok")
