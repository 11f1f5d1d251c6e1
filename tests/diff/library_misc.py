"""logging, argparse, random with seeds, datetime, time formatting, warnings, textwrap, string tools."""
import argparse
import calendar
import csv
import configparser
import datetime as dt
import decimal
import difflib
import fnmatch
import fractions
import glob
import html
import io
import locale
import logging
import pprint
import random
import shlex
import statistics
import string
import sys
import textwrap
import time
import urllib.parse
import uuid
import warnings
import zoneinfo
from _show import err

random.seed(12345)
print(random.random(), random.randint(1, 100), random.choice("abcdef"), random.sample(range(100), 5), random.uniform(1, 2), random.gauss(0, 1), random.shuffle(l := list(range(10))), l, random.getrandbits(70), random.choices("ab", [1, 3], k=6), random.randrange(0, 100, 7), random.betavariate(1, 2), random.expovariate(1), random.triangular(), random.normalvariate(0, 1), random.lognormvariate(0, 1), random.vonmisesvariate(0, 1), random.paretovariate(1), random.weibullvariate(1, 1), random.gammavariate(2, 1), random.randbytes(5))
for seed in (0, -5, "text", b"bytes", 1.5, 2**100, None and 0, bytearray(b"x")):
    random.seed(seed if seed is not None else 7)
    print(seed, random.random(), random.randrange(10**20))
r = random.Random(5)
state = r.getstate()
x = r.random()
r.setstate(state)
print(x == r.random(), state[0], len(state[1]), random.Random(5).random() == random.Random(5).random(), random.SystemRandom().random() < 1)
random.seed("v1", version=1)
print(random.random())
for f in (lambda: random.randint(5, 1), lambda: random.choice([]), lambda: random.sample([1], 2), lambda: random.seed([]), lambda: random.getrandbits(-1), lambda: random.randrange(0), lambda: random.setstate(5), lambda: random.choices([1], k="a"), lambda: random.sample({1, 2}, 1)):
    err(f)
# logging
out = io.StringIO()
logger = logging.getLogger("app.sub")
h = logging.StreamHandler(out)
h.setFormatter(logging.Formatter("%(levelname)s:%(name)s:%(message)s:%(funcName)s:%(lineno)d"))
logger.addHandler(h)
logger.setLevel(logging.INFO)
logger.propagate = False
logger.debug("hidden")
logger.info("shown %s %d", "a", 5)
logger.warning("map %(k)s", {"k": 1})
try:
    1 / 0
except ZeroDivisionError:
    logger.exception("failed")
logger.log(35, "custom")
logging.addLevelName(35, "CUSTOM")
logger.log(35, "named", extra={"q": 1})
logger.error("bad %s %s", "one") if False else None
logging.LoggerAdapter(logger, {"a": 1}).info("adapter")
f = logging.Formatter("{message} {levelno}", style="{")
print(out.getvalue().replace(__file__, "FILE"), logger.name, logger.parent.name, logger.getEffectiveLevel(), logging.getLevelName(20), logger.isEnabledFor(10), f.format(logging.LogRecord("n", 10, "p", 1, "m %s", ("x",), None)), logging.getLogger("app.sub") is logger, repr(logger), logging.getLogger())
# argparse
p = argparse.ArgumentParser(prog="prog", description="Describe it.", epilog="The end.")
p.add_argument("pos", help="a position")
p.add_argument("rest", nargs="*", type=int)
p.add_argument("-v", "--verbose", action="count", default=0)
p.add_argument("--num", type=float, default=1.5, metavar="N", help="number (default %(default)s)")
p.add_argument("--choice", choices=["x", "y"])
p.add_argument("--flag", action="store_true")
p.add_argument("--no-flag", dest="flag", action="store_false")
p.add_argument("-a", action="append")
p.add_argument("--bool", action=argparse.BooleanOptionalAction)
g = p.add_mutually_exclusive_group()
g.add_argument("--one")
g.add_argument("--two")
print(p.parse_args(["p", "1", "2", "-vv", "--num", "3", "--choice=x", "-a1", "-a", "2", "--no-bool", "--flag"]))
print(p.format_help())
print(p.format_usage(), p.parse_known_args(["p", "--unknown"]))
for argv in ([], ["p", "x"], ["p", "--num", "z"], ["p", "--choice", "q"], ["p", "--one", "1", "--two", "2"], ["p", "--nope"], ["p", "--num"]):
    err_out, sys.stderr = sys.stderr, io.StringIO()
    try:
        p.parse_args(argv)
    except SystemExit as e:
        print(argv, e.code, sys.stderr.getvalue().splitlines()[-1])
    finally:
        sys.stderr = err_out
s = argparse.ArgumentParser(prog="s")
sp = s.add_subparsers(dest="cmd", required=True)
sp.add_parser("go", help="goes").add_argument("--x", type=int)
print(s.parse_args(["go", "--x", "5"]), s.format_help())
# datetime and time
d = dt.datetime(2024, 2, 29, 13, 5, 7, 123456)
print(d, repr(d), d.isoformat(), d.date(), d.time(), d.weekday(), d.isocalendar(), d.timetuple(), d.replace(year=2023, day=1), d + dt.timedelta(days=1, hours=-3), d - dt.datetime(2000, 1, 1), d.strftime("%a %A %b %B %d %H %I %j %m %M %p %S %U %w %W %x %X %y %Y %Z %% %f %c"), dt.datetime.strptime("2024-03-04 05:06", "%Y-%m-%d %H:%M"), dt.datetime.fromisoformat("2024-01-02T03:04:05+02:00"), dt.date.fromordinal(738000), dt.date(2024, 1, 1).toordinal(), d.ctime(), dt.datetime.fromtimestamp(0, dt.timezone.utc), dt.datetime.utcfromtimestamp(1e9), d.timestamp(), dt.datetime.min, dt.date.max, dt.datetime.combine(d.date(), dt.time(1, 2)), d < dt.datetime(2025, 1, 1), hash(d) == hash(d.replace()))
td = dt.timedelta(days=-1, seconds=5, microseconds=7)
print(td, repr(td), td.total_seconds(), -td, abs(td), td * 2, td / 2, td // dt.timedelta(seconds=1), td % dt.timedelta(seconds=7), divmod(td, dt.timedelta(hours=1)), dt.timedelta(weeks=1, milliseconds=5), bool(dt.timedelta()), dt.timedelta.max, td < dt.timedelta())
tz = dt.timezone(dt.timedelta(hours=5, minutes=30), "IST")
print(d.replace(tzinfo=tz), d.replace(tzinfo=tz).astimezone(dt.timezone.utc), tz, repr(tz), dt.time(1, 2, 3, tzinfo=tz).isoformat(), dt.time(5).strftime("%H"), dt.timezone.utc, d.replace(tzinfo=dt.timezone.utc).timestamp())
for f in (lambda: dt.date(2023, 2, 29), lambda: dt.datetime(1, 1, 1, 25), lambda: dt.date("x"), lambda: d - 5, lambda: d < 5, lambda: d < d.replace(tzinfo=tz), lambda: dt.datetime.strptime("x", "%Y"), lambda: dt.date.fromisoformat("2024-1-1"), lambda: dt.timedelta(days=10**10), lambda: dt.timezone(5), lambda: dt.datetime.max + dt.timedelta(1), lambda: time.strptime("x", "%d"), lambda: time.mktime("x"), lambda: time.sleep(-1), lambda: time.strftime("%Y", (1,)), lambda: time.localtime("x"), lambda: time.asctime((1, 2)), lambda: time.gmtime(1e20)):
    err(f)
print(time.gmtime(0), time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(1e9)), time.asctime(time.gmtime(0)), time.mktime(time.gmtime(0)) == time.timezone, time.strptime("29 Feb 2024", "%d %b %Y")[:3], time.tzname, time.ctime(0), time.get_clock_info("monotonic").monotonic, time.monotonic() <= time.monotonic(), time.perf_counter_ns() > 0, time.struct_time(range(9)).tm_mon, time.gmtime(0) == time.gmtime(0), time.process_time() >= 0, time.thread_time() >= 0, time.time() > 1e9, time.clock_gettime(time.CLOCK_MONOTONIC) > 0)
print(calendar.month(2024, 2), calendar.isleap(2000), calendar.monthrange(2024, 2), calendar.timegm((2000, 1, 1, 0, 0, 0)))
# warnings
with warnings.catch_warnings(record=True) as w:
    warnings.simplefilter("always")
    warnings.warn("one")
    warnings.warn("two", DeprecationWarning, stacklevel=1)
    warnings.warn(UserWarning("three"))
print([(x.category.__name__, str(x.message), x.filename.endswith("library_misc.py")) for x in w])
with warnings.catch_warnings():
    warnings.simplefilter("error")
    err(warnings.warn, "raised")
    warnings.filterwarnings("ignore", "quiet.*")
    warnings.warn("quiet please")
print(warnings.formatwarning("m", UserWarning, "f.py", 3, "line"), end="")
err(warnings.warn, 5, 6)
err(warnings.simplefilter, "nonsense")
# text and data tools
print(textwrap.fill("The quick brown fox jumps over the lazy dog. " * 3, 30), textwrap.dedent("  a\n    b\n  c"), textwrap.indent("a\nb", "> "), textwrap.shorten("hello big world", 10), string.ascii_letters, string.punctuation)
pprint.pprint({"key%d" % i: list(range(i * 3)) for i in range(6)}, width=40)
print(pprint.pformat([1, (2,), {"b": 1, "a": {3}}]), shlex.split("a 'b c' \"d e\" f\\ g # c", comments=True), shlex.quote("it's"), shlex.join(["a b", "c"]), fnmatch.filter(["a.py", "b.txt"], "*.py"), fnmatch.translate("a?[b-c]*"), html.escape("<a&'\">"), html.unescape("&lt;&eacute;&#65;&notit;"), urllib.parse.urlparse("http://u:p@h:80/p;x?q=1#f"), urllib.parse.quote("a b/é?"), urllib.parse.unquote("a%20%C3%A9+"), urllib.parse.urlencode({"a": "1 2", "b": ["x"]}), urllib.parse.parse_qs("a=1&a=2&b="), urllib.parse.urljoin("http://a/b/c", "../d"), uuid.uuid5(uuid.NAMESPACE_DNS, "x"), uuid.UUID(int=5), list(difflib.unified_diff(["a", "b"], ["a", "c"], lineterm="")), difflib.get_close_matches("appel", ["apple", "ape"]), difflib.SequenceMatcher(None, "abcd", "bcde").ratio())
buf = io.StringIO()
w = csv.writer(buf)
w.writerows([["a", "b,c", 'q"x', 1, None], ["multi\nline", "", 2.5]])
print(repr(buf.getvalue()), list(csv.reader(io.StringIO(buf.getvalue()))), list(csv.DictReader(io.StringIO("x,y\n1,2\n"))), csv.Sniffer().sniff("a;b\n1;2\n").delimiter)
c = configparser.ConfigParser()
c.read_string("[s]\na = 1\nb: %(a)s2\n[t]\nflag = yes\n")
print(c["s"]["b"], c.getint("s", "a"), c.getboolean("t", "flag"), c.sections(), c.get("t", "q", fallback="fb"))
err(c.get, "s", "zz")
print(statistics.mean([1, 2, 4]), statistics.median([3, 1, 2]), statistics.stdev([1, 2, 3]), statistics.mode("aab"), statistics.quantiles([1, 2, 3, 4]), statistics.fmean([1.5, 2]), statistics.linear_regression([1, 2], [3, 5]), statistics.NormalDist(0, 1).cdf(1))
print(fractions.Fraction(3, -6), fractions.Fraction("0.125") + 1, fractions.Fraction(1, 3) ** 2, float(fractions.Fraction(1, 3)), fractions.Fraction(0.5), fractions.Fraction(7, 3).limit_denominator(2), round(fractions.Fraction(7, 2)), fractions.Fraction(1, 2) == 0.5, hash(fractions.Fraction(1, 2)) == hash(0.5), divmod(fractions.Fraction(7, 2), 1))
D = decimal.Decimal
decimal.getcontext().prec = 30
print(D("1.10") + D("2.2"), D(1) / D(3), D("1e5").normalize(), D("-0"), D("NaN"), D(2).sqrt(), D("1.235").quantize(D("0.01")), round(D("2.5")), D(10) ** 20, D("123.456").as_tuple(), f"{D('1234.5'):,.2f}", D(1).exp(), D("Infinity") > 5, D(0.1), hash(D(5)) == hash(5), int(D("7.9")), D("3") % D("-2"), D("3") // 2, D("1.0") == 1)
err(lambda: D(1) / 0)
err(D, "x")
err(lambda: D(1) + 1.5)
print(zoneinfo.ZoneInfo.__name__, locale.getlocale.__name__, sorted(glob.glob("/usr/bin/env*"))[:1])
import unittest


class Case(unittest.TestCase):
    def setUp(self):
        self.n = 1

    def test_ok(self):
        self.assertEqual(self.n, 1)
        with self.assertRaisesRegex(ValueError, "bad"):
            raise ValueError("bad thing")
        with self.subTest(i=1):
            pass

    def test_fail(self):
        self.assertEqual([1, 2], [1, 3], "message")

    def test_error(self):
        {}["k"]

    @unittest.skip("reason")
    def test_skip(self):
        pass

    @unittest.expectedFailure
    def test_expected(self):
        self.fail()


result = unittest.TestResult()
unittest.defaultTestLoader.loadTestsFromTestCase(Case).run(result)
print(result, len(result.failures), result.failures[0][1].splitlines()[-1], result.errors[0][1].splitlines()[-1], result.skipped[0][1])
from unittest import mock

m = mock.Mock(return_value=5)
print(m(1, a=2), m.call_args, m.called, mock.MagicMock().__len__(), mock.patch("os.getcwd", return_value="patched").__enter__()())
import doctest

print(doctest.run_docstring_examples(type("X", (), {"__doc__": ">>> 1 + 1\n2\n>>> [1][0]\n1\n"}), {}), ">>> failing" and "")
