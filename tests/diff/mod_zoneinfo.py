"""zoneinfo: every zone of the system at random times, TZ strings, files made by hand, caches, errors."""
import copy
import io
import pickle
import random
import re
import struct
import weakref
import zoneinfo
from datetime import *
from zoneinfo import ZoneInfo

r = random.Random(11)


def told(function, *args, **kwargs):
    try:
        return re.sub("0x[0-9a-f]+", "0x", repr(function(*args, **kwargs)))
    except Exception as error:
        return f"{type(error).__name__}: {error}"


# Every zone: offsets by local clocks with both folds, and from UTC and back.
names = sorted(zoneinfo.available_timezones())
print(len(names))
for name in names:
    z = ZoneInfo(name)
    line = [name, repr(z), str(z), told(z.utcoffset, None), told(z.tzname, None), told(z.dst, None)]
    for _ in range(12):
        when = datetime(r.choice((1, 1850, 1900, 1916, 1943, 1970, 1986, 2011, 2024, 2037, 2038, 2100, 9998)), r.randrange(1, 13), r.randrange(1, 29), r.randrange(24), r.randrange(60))
        for fold in (0, 1):
            local = when.replace(tzinfo=z, fold=fold)
            line += [local.utcoffset(), local.dst(), local.tzname()]
        shown = when.replace(tzinfo=timezone.utc).astimezone(z)
        line += [shown.replace(tzinfo=None), shown.fold, shown.astimezone(timezone.utc) == when.replace(tzinfo=timezone.utc)]
    print(*line)

# Around each change of clocks, second by second.
for name in ("Europe/Berlin", "Europe/Dublin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Gaza", "Pacific/Apia", "America/Nuuk", "Asia/Tehran", "Africa/El_Aaiun"):
    z = ZoneInfo(name)
    for year in (1945, 1980, 2011, 2022, 2050):
        t, before = datetime(year, 1, 1, tzinfo=timezone.utc), None
        for _ in range(366):
            offset = t.astimezone(z).utcoffset()
            if before is not None and offset != before:
                low, high = t - timedelta(days=1), t
                while high - low > timedelta(seconds=1):
                    middle = low + (high - low) // 2
                    middle = middle.replace(microsecond=0)
                    if middle.astimezone(z).utcoffset() == before:
                        low = middle
                    else:
                        high = middle
                print(name, high)
                for seconds in (-7201, -7200, -3601, -3600, -1801, -1800, -1, 0, 1, 1799, 1800, 3599, 3600, 7199, 7200):
                    u = high + timedelta(seconds=seconds)
                    m = u.astimezone(z)
                    folded = (high + before).replace(tzinfo=z) + timedelta(seconds=seconds)
                    print(seconds, m, m.fold, m.tzname(), [(x.utcoffset(), x.tzname(), x.dst()) for x in (folded, folded.replace(fold=1))], folded == u, folded.timestamp())
            before = offset
            t += timedelta(days=1)


# TZ strings.
def header(*counts):
    return b"TZif2" + bytes(15) + struct.pack(">6l", *counts)


def of_string(text):
    return ZoneInfo.from_file(io.BytesIO(header(0, 0, 0, 0, 0, 0) * 2 + b"\n" + text.encode() + b"\n"), key=text)


good = ["UTC0", "U0", "<>0", "<UT+3>-3", "UTC+0", "UTC-0:30", "UTC-00:30:15", "UTC-00:60", "UTC23:59:59", "UTC24", "AAA3BBB,59/12,304/12",
        "AAA3BBB,0/0,J365/25", "AAA3BBB,0/1,100/1", "AAA3BBB,J1/1,J59/1", "AAA3BBB,J60/1,J365/1", "AAA3BBB,365/1,1", "AAA3BBB,M3.2.0/24,M11.1.0/25",
        "AAA3BBB,M3.2.0/+2,M11.1.0", "AAA3BBB,M3.2.0/2:30,M11.1.0/2:30:30", "AAA3BBB,M03.2.0,M11.5.6", "AAA3BBB2,M3.2.0,M11.1.0", "AAA3BBB-2:30,M3.2.0,M11.1.0",
        "IST-1GMT0,M10.5.0,M3.5.0/1", "<-03>3<-02>,M3.5.0/-2,M10.5.0/-1", "AEST-10AEDT,M10.1.0/2,M4.1.0/3", "AAA3BBB3,M3.2.0,M11.1.0", "AAA3AAA,M3.2.0,M3.2.0",
        "EST5EDT,M3.2.0/99,M11.1.0/-99", "AAA0BBB,J58,J60", "AAA0BBB,J59,J61", "AAA0BBB,58,60"]
bad = ["UTC", "UTC0,", "A1B0", "<U C>0", "UTC-00:30:5", "UTC-00:3", "UTC024", "UTC25", "AAA3BBB,M3.2.0/167,M11.1.0", "AAA3BBB,M3.2.0/2:3,M11.1.0", "AAA3BBB,M3.2.0/,M11.1.0",
       "AAA3BBB,M3.2.0/2x,M11.1.0", "AAA3BBB,M003.2.0/2,M11.1.0", "AAA3BBB,M3.02.0,M11.1.0", "AAA3BBB,M3.2.0,M11.1.0,", "AAA3BBB,M3.2.0,M11.1.0x", "AAA3BBB,M3.2.0 ,M11.1.0",
       "AAA3BBB,J060,J0305", "AAA3BBB,J,J1", "AAA3BBB,m3.2.0,M11.1.0", "AAA3BBB,366,J1", "AAA3BBB,J0,J1", "AAA3BBB,J366,J1", "AAA3BBB", "AAA3BBB,", "AAA3BBB,J1", "3", "-3", "",
       "A_A3", "A.A3", "AAA3.5", "AAA 3", "AAA+-3", "AAA3BBB,M0.1.1,M1.1.1", "AAA3BBB,M13.1.1,M1.1.1", "AAA3BBB,M1.6.1,M1.1.1", "AAA3BBB,M1.0.1,M1.1.1", "AAA3BBB,M1.1.7,M1.1.1", "<AB", "<AB>", "AAA3<BB,J1,J2"]
for text in good:
    z = of_string(text)
    for year in (1969, 2019, 2020, 2400):
        t, before = datetime(year, 1, 1, tzinfo=timezone.utc), None
        for _ in range(366 * 24):
            m = t.astimezone(z)
            try:
                state = m.utcoffset(), m.dst(), m.tzname(), m.fold
            except ValueError as error:
                print(text, error)
                break
            if state != before:
                local = t.replace(tzinfo=z)
                print(text, t, *state, local.utcoffset(), local.replace(fold=1).utcoffset())
            before = state
            t += timedelta(hours=1 if year < 2400 else 25)
for text in bad:
    print(text, told(of_string, text))


# Files made by hand.
def made(types, changes, foot=b"", names=b"AAA\0BBB\0"):
    body = b"".join(struct.pack(">q", t) for t, _ in changes) + bytes(i for _, i in changes) + b"".join(struct.pack(">lbb", *t) for t in types) + names
    return io.BytesIO(header(0, 0, 0, 0, 0, 0) + header(0, 0, 0, len(changes), len(types), len(names)) + body + b"\n" + foot + b"\n")


for types, changes, foot in (([(0, 0, 0)], [(5, 0)], b""), ([], [], b""), ([(0, 0, 0), (3600, 1, 4)], [], b""), ([(0, 1, 0)], [(5, 0)], b""),
                             ([(0, 0, 0), (3600, 1, 4)], [(5, 0), (3, 1)], b""), ([(0, 0, 0)], [], b"BBB0"), ([(0, 0, 0)], [], b"AAA0"), ([(0, 0, 1)], [], b"AA0"),
                             ([(3600, 0, 0), (3600, 0, 4)], [(5, 0), (9, 1)], b""), ([(0, 0, 0), (3600, 1, 4), (7200, 1, 0)], [(10**5, 1), (2 * 10**5, 2), (3 * 10**5, 0)], b""),
                             ([(0, 0, 0), (3600, 1, 4), (3600, 0, 0)], [(10**5, 2), (2 * 10**5, 1), (3 * 10**5, 0)], b""), ([(-3600, 1, 0)], [(10**5, 0), (2 * 10**5, 0)], b"CCC1DDD,J1,J2"),
                             ([(100000, 0, 0)], [], b"")):
    text = told(ZoneInfo.from_file, made(types, changes, foot))
    print(types, changes, foot, text)
    if text.startswith("zoneinfo"):
        z = ZoneInfo.from_file(made(types, changes, foot))
        for t in (datetime(1960, 1, 1), datetime(1970, 1, 1), datetime(1970, 1, 2, 5), datetime(1970, 1, 3, 9), datetime(1970, 1, 4, 13), datetime(2020, 1, 1)):
            print(t, z.utcoffset(t), z.dst(t), z.tzname(t), z.utcoffset(None), told(t.replace(tzinfo=timezone.utc).astimezone, z).replace("0x", ""))


# Caches and pickles.
class S(ZoneInfo): pass


class Own(ZoneInfo):
    def __init_subclass__(cls): pass


class Sub(S): pass


b = ZoneInfo("Europe/Berlin")
print(ZoneInfo("Europe/Berlin") is b, ZoneInfo.no_cache("Europe/Berlin") is b, S("UTC") is S("UTC"), S("UTC") is ZoneInfo("UTC"), Own("UTC") is Own("UTC"), Sub("UTC") is S("UTC"), type(Sub("UTC")), repr(Sub("UTC")))
for protocol in range(6):
    print(pickle.loads(pickle.dumps(b, protocol)) is b, pickle.loads(pickle.dumps(ZoneInfo.no_cache("UTC"), protocol)) is ZoneInfo("UTC"), type(pickle.loads(pickle.dumps(S("UTC"), protocol))))
print(copy.copy(b) is b, copy.deepcopy(b) is b, weakref.ref(b)() is b, b == ZoneInfo.no_cache("Europe/Berlin"))
few = [weakref.ref(ZoneInfo(name)) for name in names[:20]]
print([w() is not None for w in few])
ZoneInfo(names[12]), ZoneInfo(names[0])
print([w() is not None for w in few])
ZoneInfo.clear_cache(only_keys=[names[12], "nothing"])
print([w() is not None for w in few])
ZoneInfo.clear_cache()
print([w() is not None for w in few], ZoneInfo("Europe/Berlin") is b)
b = ZoneInfo("Europe/Berlin")
ZoneInfo.clear_cache(only_keys=iter(["Europe/Berlin"]))
print(ZoneInfo("Europe/Berlin") is b, ZoneInfo._unpickle("UTC", 1) is ZoneInfo("UTC"), ZoneInfo._unpickle("UTC", 0) is ZoneInfo("UTC"))


# Anything with the attributes of a datetime; subclasses of datetime; wrong arguments.
class Like:
    year, hour, minute, second, fold = 2020, 1, 2, 3, 0

    def toordinal(self):
        return date(2020, 7, 1).toordinal()


class D(datetime): pass


f = open("/usr/share/zoneinfo/Europe/Berlin", "rb")
for line in """b.utcoffset(Like()), b.tzname(Like())
D(2020, 10, 25, 1, 30, tzinfo=timezone.utc).astimezone(b)
D.fromtimestamp(1603589400, b)
ZoneInfo()
ZoneInfo(1)
ZoneInfo(None)
ZoneInfo("x", "y")
ZoneInfo(key="UTC")
ZoneInfo(foo=1)
ZoneInfo("nope")
ZoneInfo("../x")
ZoneInfo(b"UTC")
ZoneInfo("")
ZoneInfo("Europe")
ZoneInfo("\\0")
ZoneInfo("\\ud800")
ZoneInfo([])
ZoneInfo("/etc/passwd")
ZoneInfo.from_file(f)
ZoneInfo.from_file(f, "q")
f.seek(0), ZoneInfo.from_file(f, key="a/b"), f.seek(0)
str(ZoneInfo.from_file(f)), f.seek(0)
ZoneInfo.from_file(f).key
ZoneInfo.from_file(f).__reduce__()
ZoneInfo.from_file(1)
ZoneInfo.from_file(io.BytesIO(b""))
ZoneInfo.from_file(io.BytesIO(b"TZif"))
ZoneInfo.no_cache("nope")
ZoneInfo.no_cache()
ZoneInfo.no_cache(1)
ZoneInfo.no_cache(key="UTC")
ZoneInfo.no_cache("UTC", key="UTC")
ZoneInfo.no_cache(foo="UTC")
ZoneInfo.from_file()
ZoneInfo.from_file(fobj=f)
ZoneInfo.from_file(f, "k", "l")
ZoneInfo.from_file(f, "k", key="l")
ZoneInfo.from_file(f, foo="k")
ZoneInfo.clear_cache(1)
ZoneInfo.clear_cache(foo=1)
ZoneInfo.clear_cache(only_keys=[])
ZoneInfo._unpickle("UTC")
ZoneInfo.utcoffset(b)
ZoneInfo.clear_cache(only_keys=1)
b.key
b.utcoffset(1)
b.utcoffset(date(2020, 1, 1))
b.utcoffset()
b.fromutc(1)
b.fromutc(datetime(2020, 1, 1))
b.__reduce__()[1]
b.foo
setattr(b, "key", 1)
ZoneInfo.__init_subclass__()
b.__init__(1, 2)
time(1, tzinfo=b).utcoffset()
time(1, tzinfo=ZoneInfo("UTC")).tzname()""".splitlines():
    print(line, "->", told(eval, line))
