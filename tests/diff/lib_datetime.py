"""datetime, time, calendar: arithmetic, formats, parsing, errors."""
import calendar
import datetime as dt
import time
from _show import err, show

# datetime and time
d = dt.datetime(2024, 2, 29, 13, 5, 7, 123456)
show(d, repr(d), d.isoformat(), d.date(), d.time(), d.weekday(), d.isocalendar(), d.timetuple(), d.replace(year=2023, day=1), d + dt.timedelta(days=1, hours=-3), d - dt.datetime(2000, 1, 1), d.strftime("%a %A %b %B %d %H %I %j %m %M %p %S %U %w %W %x %X %y %Y %Z %% %f %c"), dt.datetime.strptime("2024-03-04 05:06", "%Y-%m-%d %H:%M"), dt.datetime.fromisoformat("2024-01-02T03:04:05+02:00"), dt.date.fromordinal(738000), dt.date(2024, 1, 1).toordinal(), d.ctime(), dt.datetime.fromtimestamp(0, dt.timezone.utc), dt.datetime.utcfromtimestamp(1e9), d.timestamp(), dt.datetime.min, dt.date.max, dt.datetime.combine(d.date(), dt.time(1, 2)), d < dt.datetime(2025, 1, 1), hash(d) == hash(d.replace()))
td = dt.timedelta(days=-1, seconds=5, microseconds=7)
show(td, repr(td), td.total_seconds(), -td, abs(td), td * 2, td / 2, td // dt.timedelta(seconds=1), td % dt.timedelta(seconds=7), divmod(td, dt.timedelta(hours=1)), dt.timedelta(weeks=1, milliseconds=5), bool(dt.timedelta()), dt.timedelta.max, td < dt.timedelta())
tz = dt.timezone(dt.timedelta(hours=5, minutes=30), "IST")
show(d.replace(tzinfo=tz), d.replace(tzinfo=tz).astimezone(dt.timezone.utc), tz, repr(tz), dt.time(1, 2, 3, tzinfo=tz).isoformat(), dt.time(5).strftime("%H"), dt.timezone.utc, d.replace(tzinfo=dt.timezone.utc).timestamp())
for f in (lambda: dt.date(2023, 2, 29), lambda: dt.datetime(1, 1, 1, 25), lambda: dt.date("x"), lambda: d - 5, lambda: d < 5, lambda: d < d.replace(tzinfo=tz), lambda: dt.datetime.strptime("x", "%Y"), lambda: dt.date.fromisoformat("2024-1-1"), lambda: dt.timedelta(days=10**10), lambda: dt.timezone(5), lambda: dt.datetime.max + dt.timedelta(1), lambda: time.strptime("x", "%d"), lambda: time.mktime("x"), lambda: time.sleep(-1), lambda: time.strftime("%Y", (1,)), lambda: time.localtime("x"), lambda: time.asctime((1, 2)), lambda: time.gmtime(1e20)):
    err(f)
show(time.gmtime(0), time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(1e9)), time.asctime(time.gmtime(0)), time.mktime(time.gmtime(0)) == time.timezone, time.strptime("29 Feb 2024", "%d %b %Y")[:3], time.tzname, time.ctime(0), time.get_clock_info("monotonic").monotonic, time.monotonic() <= time.monotonic(), time.perf_counter_ns() > 0, time.struct_time(range(9)).tm_mon, time.gmtime(0) == time.gmtime(0), time.process_time() >= 0, time.thread_time() >= 0, time.time() > 1e9, time.clock_gettime(time.CLOCK_MONOTONIC) > 0)
print(calendar.month(2024, 2), calendar.isleap(2000), calendar.monthrange(2024, 2), calendar.timegm((2000, 1, 1, 0, 0, 0)))
