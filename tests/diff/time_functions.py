"""Calendar time, its formatting, clocks and sleeping."""
import os
import time

os.environ["TZ"] = "Europe/Berlin"
time.tzset()
print(time.tzname, time.timezone, time.altzone, time.daylight)


def show(fn, *args):
    try:
        result = fn(*args)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(fn.__name__, args, repr(result))


for t in (0, 1, -1.5, 1e9, 1234567890.75, 2**31, -2**31, 2**60, 1e20, float("nan"), float("inf"), "x", 2**63):
    show(time.gmtime, t)
    show(time.localtime, t)
    show(time.ctime, t)
MOMENT = (2020, 2, 3, 4, 5, 6, 0, 34, 0)
for t in (MOMENT, (2020, 13, 1, 1, 1, 1, 1, 1, 1), (2020, 1, 32, 1, 1, 1, 1, 1, 1), (2020, 1, 1, 24, 1, 1, 1, 1, 1),
          (2020, 1, 1, 1, 60, 1, 1, 1, 1), (2020, 1, 1, 1, 1, 62, 1, 1, 1), (2020, 1, 1, 1, 1, 1, -2, 1, 1),
          (2020, 1, 1, 1, 1, 1, 1, 367, 1), (2020, 0, 0, 1, 1, 1, 7, 0, 1), 5, (1, 2), (2020,) * 8 + ("x",),
          (-2**31, 1, 1, 1, 1, 1, 1, 1, 1), (2**31, 1, 1, 1, 1, 1, 1, 1, 1)):
    show(time.asctime, t)
    show(time.mktime, t)
    show(time.strftime, "%Y %j", t)
for directive in "aAbBcdDeFgGhHIjklmMnprRsStTuUVwWxXyYzZ%QéE":
    show(time.strftime, "<%" + directive + ">", MOMENT)
for text in ("", "%", "a%", "%Y-%m-%d %H:%M:%S", "é%Bé", "\ud800%Y", "\u20ac", "%5Y %-d %^a %_H", "a\0b"):
    show(time.strftime, text, MOMENT)
show(time.strftime, "%z %Z", time.struct_time(MOMENT + ("ABC", 3600)))
show(time.strftime, "%z %Z", time.localtime(1600000000))
show(time.strptime, "2020-02-03", "%Y-%m-%d")
show(time.strptime, "x", "%Y")
t = time.gmtime(1e9)
print(t.tm_year, t.tm_zone, t.tm_gmtoff, t[:], len(t), t == tuple(t), t.n_fields, t.n_sequence_fields)
print(time.struct_time(range(11)).tm_gmtoff, time.struct_time(range(9)))
show(time.struct_time, (1, 2, 3))
for name in ("time", "monotonic", "perf_counter", "process_time", "thread_time", "nothing"):
    show(time.get_clock_info, name)
for bad in (-1, float("nan"), 1e20, "x"):
    show(time.sleep, bad)
show(time.clock_gettime, 99)
for clock in (time.time, time.monotonic, time.perf_counter, time.process_time, time.thread_time):
    a, b = clock(), clock()
    print(clock.__name__, type(a).__name__, b >= a, abs(getattr(time, clock.__name__ + "_ns")() / 1e9 - b) < 1)
start = time.monotonic()
time.sleep(0.05)
print(0.05 <= time.monotonic() - start < 5, time.clock_getres(time.CLOCK_MONOTONIC) <= 0.01)
