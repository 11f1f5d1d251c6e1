"""datetime: random arithmetic, comparisons, conversions, pickles and timestamps."""
import copy
import os
import pickle
import random
import time as clock
from datetime import *

os.environ["TZ"] = "Europe/Berlin"
clock.tzset()
r = random.Random(7)


def told(function, *args):
    try:
        return repr(function(*args))
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def delta():
    kind = r.randrange(6)
    if kind == 0:
        return timedelta(r.randrange(-999999999, 999999999), r.randrange(86400), r.randrange(10**6))
    if kind == 1:
        return timedelta(microseconds=r.randrange(-10**r.randrange(1, 20), 10**r.randrange(1, 20)))
    if kind == 2:
        return timedelta(r.randrange(-400, 400), hours=r.uniform(-50, 50))
    if kind == 3:
        return timedelta(**{u: r.uniform(-10, 10) for u in ("weeks", "days", "hours", "minutes", "seconds", "milliseconds", "microseconds")})
    if kind == 4:
        return timedelta(microseconds=r.randrange(-20, 20) / 2, milliseconds=r.randrange(-20, 20) / 2000)
    return timedelta(r.randrange(-3, 4))


def number():
    return r.choice([r.randrange(-10, 10), r.randrange(-10**18, 10**18), r.randrange(-10**25, 10**25), r.uniform(-3, 3),
                     r.uniform(-1, 1) * 10.0**r.randrange(-320, 300), 0, 0.5, -2.5, 3, True, 5e-324, 2.0**70, float("inf"), float("nan")])


def zone():
    return r.choice([None, None, timezone.utc, timezone(timedelta(minutes=r.randrange(-1439, 1440))), timezone(timedelta(seconds=r.randrange(-86399, 86400)))])


def day():
    return date.fromordinal(r.choice((1, 2, 365, 366, 3652059, 3652058, r.randrange(1, 3652060), r.randrange(719163, 750000))))


def moment():
    return datetime.combine(day(), time(r.randrange(24), r.randrange(60), r.randrange(60), r.choice((0, r.randrange(10**6))), zone(), fold=r.randrange(2)))


operators = {"+": lambda x, y: x + y, "-": lambda x, y: x - y, "*": lambda x, y: x * y, "/": lambda x, y: x / y,
             "//": lambda x, y: x // y, "%": lambda x, y: x % y, "divmod": divmod, "<": lambda x, y: x < y,
             "<=": lambda x, y: x <= y, "==": lambda x, y: x == y, "!=": lambda x, y: x != y, ">": lambda x, y: x > y, ">=": lambda x, y: x >= y}
for _ in range(1200):
    x, y = r.choice((delta, delta, number))(), delta()
    if r.randrange(2):
        x, y = y, x
    for name, operator in operators.items():
        print(name, repr(x), repr(y), told(operator, x, y))
for _ in range(300):
    t = delta()
    print(repr(t), t, -t if t.days > -10**8 else "", +t, abs(t), bool(t), t.total_seconds(), hash(t), t.days, t.seconds, t.microseconds)
    assert pickle.loads(pickle.dumps(t)) == t == copy.deepcopy(t) and hash(copy.copy(t)) == hash(t)
for args in ((0.5,), (-0.5,), (1.5, 2.5), (0, 0, 0.5), (0, 0, 1.5), (0, 0, 2.5, 0.0005), (0, 1e-6), (0, 5e-7), (0, 1.5e-6), (1e-20, 1e-20), (1e9,), (-1e9,), (0, 0, 1e25), (0, 8.64e13)):
    print(args, told(timedelta, *args))

for _ in range(800):
    x = r.choice((moment, moment, day))()
    y = r.choice((moment, day, delta, delta))()
    for name in ("+", "-", "<", "<=", "==", "!=", ">", ">="):
        print(name, repr(x), repr(y), told(operators[name], x, y), told(operators[name], y, x))
for _ in range(500):
    d, m, t = day(), moment(), moment().timetz()
    print(d, d.toordinal(), d.weekday(), d.isoweekday(), tuple(d.isocalendar()), d.timetuple()[:9], d.ctime())
    week = d.isocalendar()
    assert date.fromisocalendar(*week) == d == date(*d.timetuple()[:3]) == date.fromordinal(d.toordinal())
    print(repr(m), m.timetuple()[:9], told(m.utctimetuple), told(m.timestamp), told(m.astimezone), told(m.astimezone, timezone(timedelta(hours=r.randrange(-12, 13)))), m.utcoffset(), m.tzname(), m.dst())
    print(repr(t), t.utcoffset(), t.tzname(), t.replace(hour=3, fold=1 - t.fold), t == m.timetz(), told(lambda: t < m.timetz()))
    for x in (d, m, t):
        for protocol in range(6):
            again = pickle.loads(pickle.dumps(x, protocol))
            assert again == x and type(again) is type(x) and hash(again) == hash(x), (x, again)
        assert copy.copy(x) == x == copy.deepcopy(x)
        print(x.__reduce__(), x.__reduce_ex__(2), x.__reduce_ex__(4))

# Timestamps: around the changes of clocks, and at the ends.
for start in (1603584000, 1585440000, -1e9, 0, 2e9, 1e10):
    for i in range(12):
        s = start + i * 900 + r.random()
        m = datetime.fromtimestamp(s)
        print(s, repr(m), repr(datetime.utcfromtimestamp(s)), repr(datetime.fromtimestamp(s, timezone.utc)), date.fromtimestamp(s), m.timestamp(), m.replace(fold=1 - m.fold).timestamp(), repr(m.astimezone()), repr(m.replace(fold=0).astimezone(timezone.utc)))
for i in range(40):
    m = datetime(2021, 3, 28, 1, 30) + timedelta(minutes=5 * i)
    print(m, m.timestamp(), m.replace(fold=1).timestamp(), m.astimezone(), m.replace(fold=1).astimezone())
for s in (1e11, 2.5e11, 253402300799, 253402300800, -62135596800, -62135510400, -62135596801, 1e15, 1e17, -1e17, 1e19, 1e-7, -1e-7, 5e-7, 1.5e-6, -1.5e-6, 0.9999999, 10**20):
    for function in (datetime.fromtimestamp, datetime.utcfromtimestamp, date.fromtimestamp):
        print(s, told(function, s))

# Equal means equal hashes, whatever the zone and fold.
for _ in range(300):
    m = moment().replace(tzinfo=timezone.utc, year=2000)
    other = m.astimezone(timezone(timedelta(minutes=r.randrange(-1439, 1440))))
    assert m == other and hash(m) == hash(other) == hash(other.replace(fold=1)) and m - other == timedelta(0)
    assert len({m, other, m.replace(fold=1)}) == 1
# Python 2's pickles.
for text in (b"cdatetime\ndate\n(S'\\x07\\xe0\\x01\\x02'\ntR.", b"cdatetime\ndatetime\n(S'\\x07\\xe0\\x01\\x02\\x03\\x04\\x05\\x06\\x07\\xff'\ntR.", b"cdatetime\ntime\n(S'\\x01\\x02\\x03\\x04\\x05\\xff'\ntR."):
    print(repr(pickle.loads(text, encoding="latin1")), repr(pickle.loads(text, encoding="bytes")))
print(timezone.utc is pickle.loads(pickle.dumps(timezone.utc)) is copy.deepcopy(timezone.utc), repr(pickle.loads(pickle.dumps(timezone(timedelta(1, -1), "q")))))
print(repr(timezone.min), repr(timezone.max), repr(date.min), repr(datetime.max), repr(time.resolution), date.min.__class__)
now = datetime.now()
assert abs(datetime.utcnow() - datetime.now(timezone.utc).replace(tzinfo=None)) < timedelta(seconds=5) and date.today() in (now.date(), datetime.today().date())
