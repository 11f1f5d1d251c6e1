"""datetime: texts in and out. Random and damaged ISO strings, formats, and what comes back."""
import random
from datetime import *

r = random.Random(20)


def told(function, *args):
    try:
        return repr(function(*args))
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def zone():
    return r.choice([None, timezone.utc, timezone(timedelta(minutes=r.randrange(-1439, 1440))),
                     timezone(timedelta(seconds=r.randrange(-86399, 86400), microseconds=r.choice((0, 7, 999999)))),
                     timezone(timedelta(hours=r.randrange(-23, 24)), "Zone%d" % r.randrange(9))])


def moment():
    return datetime(r.choice((1, 5, 1969, 2000, 2024, 9999)), r.randrange(1, 13), r.randrange(1, 29), r.randrange(24),
                    r.randrange(60), r.randrange(60), r.choice((0, 1, 1000, 999999, r.randrange(10**6))), zone(),
                    fold=r.randrange(2))


def damaged(text):
    text = list(text)
    for _ in range(r.choice((0, 0, 1, 1, 2, 3))):
        at = r.randrange(len(text) + 1)
        what = r.randrange(4)
        if what == 0:
            text.insert(at, r.choice("0123456789-:.,+TWZ t٣\ud800é\0"))
        elif what == 1 and text:
            del text[at - 1]
        elif text:
            text[at - 1] = r.choice("0123456789-:.,+TWZ ٣\U0001F600")
    return "".join(text)


# Dates in all forms, with weeks, and times in all forms.
def date_text():
    y, w, wd = (moment().date()).isocalendar()
    d = moment().date()
    return r.choice([d.isoformat(), d.strftime("%Y%m%d").rjust(8, "0"), f"{y:04}-W{w:02}-{wd}", f"{y:04}W{w:02}{wd}",
                     f"{y:04}-W{w:02}", f"{y:04}W{w:02}", f"{y:04}-W{r.randrange(56):02}-{r.randrange(10)}",
                     f"{r.randrange(3):04}W{r.randrange(56):02}{r.randrange(10)}"])


def clock_text():
    digits = "%02d" % r.randrange(26)
    sep = r.choice((":", ""))
    for _ in range(r.randrange(3)):
        digits += sep + "%02d" % r.randrange(62)
    if r.randrange(3) == 0:
        digits += r.choice(".,") + "".join(r.choice("0123456789") for _ in range(r.randrange(10)))
    return digits


def offset_text():
    return r.choice(("", "", "Z", "+" + clock_text(), "-" + clock_text()))


for _ in range(1500):
    text = damaged(date_text())
    print(ascii(text), told(date.fromisoformat, text))
    text = damaged(r.choice(("", "T")) + clock_text() + offset_text())
    print(ascii(text), told(time.fromisoformat, text))
    text = damaged(date_text() + r.choice("T -t0W:é\ud800") + clock_text() + offset_text())
    print(ascii(text), told(datetime.fromisoformat, text))
for text in ("", "2", "2020", "2020-01", "2020-01-", "2020-01-0", "2020-01-01", "2020-01-01T", "20200101T", "2020W01",
             "2020W01T", "2020W01T10", "2020W0110", "2020W01110", "2020W011T10", "2020-W01-11", "2020-W01-1", "2020-W01-1T",
             "2020-W01-1T1", "2020-W01T10", "2020-W01-", "2020-W0", "2020-W", "2020W", "2020W0", "20200101T10:00Z",
             "20200101T10:00Z0", "20200101T10:00+", "20200101T10:00+0", "20200101T10:00+00", "20200101T10:00+000",
             "20200101T10:00+24:00", "20200101T10:00-23:59:59.999999", "20200101T10:00-00:00", "20200101T10:00:00."):
    print(ascii(text), told(datetime.fromisoformat, text), told(date.fromisoformat, text), told(time.fromisoformat, text))

# There and back.
for _ in range(300):
    m = moment()
    print(repr(m), m, m.isoformat(r.choice("T x_é")), m.ctime(), repr(m.timetz()), m.timetz(), m.time().isoformat("milliseconds"))
    for spec in ("hours", "minutes", "seconds", "milliseconds", "microseconds", "auto"):
        text = m.isoformat(timespec=spec)
        print(text, repr(datetime.fromisoformat(text)), time.fromisoformat(m.timetz().isoformat(spec)))
    assert datetime.fromisoformat(str(m)).replace(fold=m.fold) == m, m
    assert date.fromisoformat(m.date().isoformat()) == m.date()

# strftime: every directive, in every place.
for m in (moment() for _ in range(12)):
    for x in (m, m.date(), m.time(), m.timetz()):
        for c in "aAbBcCdDeFgGhHIjklmMnprRsStTuUVwWxXyYzZ%fEO:+-_q":
            if c == "s" and getattr(x, "tzinfo", None) is not None:
                continue
            print(c, ascii(told(x.strftime, f"<%{c}>")), end=" ")
        print(ascii(told(x.strftime, "%")), told(x.strftime, "%%z %%%z %f%f %"), told(format, x, "%d.%m.%y"), told(format, x, ""),
              f"{x:%H:%M}", ascii(told(x.strftime, "é%Y€\U0001F600%z")))

# strptime
for text, form in (("2024-02-29 13:05:07.5", "%Y-%m-%d %H:%M:%S.%f"), ("29 Feb 2024", "%d %b %Y"), ("Mon 1", "%a %d"),
                   ("+0530", "%z"), ("-05:30:15.25", "%z"), ("Z", "%z"), ("UTC", "%Z"), ("x", "%Y"), ("2024 60", "%Y %j"),
                   ("2020 01 1", "%G %V %u"), ("1 2", "%H %H"), ("", ""), ("2024", "%Q"), ("12 PM", "%I %p"), ("é5", "é%d")):
    print(text, form, told(datetime.strptime, text, form))
