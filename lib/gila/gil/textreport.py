"""The report for a terminal."""
import os

from .words import bar, cut, duration, number, percent, table, times, wrap

MARKS = "█▒·░"
MOST_THREADS = 20
MOST_NAMES = 8


class Text:
    """Collects lines; `width` is the terminal's."""

    def __init__(self, width=100, color=False, encoding="utf-8"):
        self.width, self.color = max(60, width), color
        self.lines = []
        try:
            MARKS.encode(encoding or "ascii")
            self.marks = MARKS
        except (UnicodeError, LookupError):
            self.marks = "#+.-"

    def bold(self, text):
        return f"\x1b[1m{text}\x1b[0m" if self.color else text

    def head(self, text):
        self.lines += ["", self.bold(text)]

    def say(self, text, indent="  "):
        self.lines += wrap(text, self.width, indent)

    def rows(self, rows, right=()):
        self.lines += ["  " + line for line in table(rows, right)]


def place(file, line, function):
    """prog.py:7 work"""
    if not file:
        return "(no Python code: the start or end of the interpreter)"
    name = file if file.startswith("<") else os.path.basename(file)
    return f"{name}:{line} {function}"


def report(verdict, title, ended, width=100, color=False, encoding="utf-8"):
    """The whole report as text."""
    facts = verdict.facts
    out = Text(width, color, encoding)
    out.lines.append(out.bold(title) + f"   {duration(facts.wall)}" + (f", {ended}" if ended else ""))
    out.lines.append("")
    for sentence in verdict.what_it_is():
        out.say(sentence)
    _advice(out, verdict)
    if facts.free:
        _free_threads(out, facts)
        _objects(out, facts)
        _matrix(out, facts, facts.lock_matrix, "Who made whom wait   (a thread in a row waited for an object that the one in "
                "the column let go of)")
        _stops(out, facts)
        if facts.total("waiting") > 0.01 * facts.wanted:
            _matrix(out, facts, facts.matrix, "Who waited for whom, while there was the lock")
        _sites(out, facts, "Where threads ran   (up to)", "ran")
        _free_forecast(out, verdict)
    else:
        _threads(out, facts)
        _matrix(out, facts, facts.matrix, "Who waited for whom   (a thread in a row waited while the one in the column had the lock)")
        if facts.matrix and facts.handing_over > 0.01 * facts.total("waiting"):
            out.say(f"{duration(facts.handing_over)} of waiting while nobody had it: waking the next thread")
        _sites(out, facts, "Where the lock was held   (and let go at last)", "held")
        _forecast(out, verdict)
    return "\n".join(out.lines) + "\n"


def _advice(out, verdict):
    headline, sentences = verdict.what_to_do()
    out.head("What to do: " + headline)
    for sentence in sentences:
        out.say(sentence)


def _threads(out, facts):
    out.head(f"Where the threads' time went   ({out.marks[0]} running, {out.marks[1]} waiting for the lock, "
             f"{out.marks[2]} in a call that waits)")
    rows = [("thread", "lived", "", "running", "waiting", "in calls", "mostly in")]
    shown = sorted(facts.threads, key=lambda t: -t.wanted)[:MOST_THREADS]
    for t in [t for t in facts.threads if t in shown]:
        life = max(t.lifetime, 1e-9)
        shares = t.running / life, t.waiting / life, t.blocked / life
        calls = sorted(t.calls.items(), key=lambda item: -item[1][0])[:2]
        names = ", ".join(f"{c} {duration(s)}" for c, (s, _) in calls if s >= 0.01 * life)
        rows.append((cut(t.name, 24), duration(t.lifetime), bar(shares, 20, out.marks),
                     *(percent(s) for s in shares), names))
    out.rows(rows, right={1, 3, 4, 5})
    rest = len(facts.threads) - len(shown)
    if rest:
        out.say(f"and {rest} more, with {duration(sum(t.wanted for t in facts.threads if t not in shown))} between them")


def _free_threads(out, facts):
    lifted = facts.total("waiting") > 0
    out.head(f"Where the threads' time went   ({out.marks[0]} running, {out.marks[1]} waiting for an object"
             f"{' or the lock' if lifted else ''}, {out.marks[3]} stopped, {out.marks[2]} in a call that waits)")
    rows = [("thread", "lived", "", "running", "objects", "stopped", *(("lock",) if lifted else ()), "in calls", "mostly in")]
    shown = sorted(facts.threads, key=lambda t: -t.wanted)[:MOST_THREADS]
    for t in [t for t in facts.threads if t in shown]:
        life = max(t.lifetime, 1e-9)
        shares = t.running / life, (t.locked + t.waiting) / life, t.stopped / life, t.blocked / life
        calls = sorted(t.calls.items(), key=lambda item: -item[1][0])[:2]
        names = ", ".join(f"{c} {duration(s)}" for c, (s, _) in calls if s >= 0.01 * life)
        marks = out.marks[0] + out.marks[1] + out.marks[3] + out.marks[2]
        rows.append((cut(t.name, 24), duration(t.lifetime), bar(shares, 20, marks), percent(shares[0]),
                     percent(t.locked / life), percent(shares[2]), *((percent(t.waiting / life),) if lifted else ()),
                     percent(shares[3]), names))
    out.rows(rows, right={1, *range(3, len(rows[0]) - 1)})
    rest = len(facts.threads) - len(shown)
    if rest:
        out.say(f"and {rest} more, with {duration(sum(t.wanted for t in facts.threads if t not in shown))} between them")


def _objects(out, facts):
    if not facts.objects:
        return
    out.head("Which objects threads waited for   (their locks)")
    rows = [("waited", "waits", "longest", "objects", "the worst", "kind", "mostly at")]
    for o in facts.objects[:8]:
        rows.append((duration(o.seconds), str(o.waits), duration(o.longest), str(len(o.ids)), percent(o.worst / max(o.seconds, 1e-9)),
                     cut(o.name, 24), cut(place(*o.place), max(30, out.width - 70)) if o.place else ""))
    out.rows(rows, right={0, 1, 2, 3, 4})


def _stops(out, facts):
    if not facts.stops:
        return
    out.head("What stopped all threads")
    rows = [("took", "times", "longest", "for", "the longest at")]
    for s in facts.stops[:8]:
        rows.append((duration(s.seconds), str(s.times), duration(s.longest), s.name,
                     cut(place(*s.place), max(30, out.width - 50)) if s.place else ""))
    out.rows(rows, right={0, 1, 2})


def _free_forecast(out, verdict):
    facts = verdict.facts
    out.head("On other numbers of cores, and with the lock   (a forecast; docs/gil.md states the model)")
    rows = [("", "whole program", "times as fast")]
    if facts.trace.mode == "free":
        rows.append(("with the lock", duration(verdict.with_lock), number(facts.wall / max(verdict.with_lock, 1e-9))))
    for r in verdict.rows:
        seconds = [duration(s) for s in r["seconds"]]
        rows.append((f"{r['cores']} cores", " to ".join(dict.fromkeys(seconds)),
                     " to ".join(dict.fromkeys((number(r["gain"][0]), number(r["gain"][1]))))))
    out.rows(rows, right={1, 2})
    sure = {"high": "quite sure", "medium": "fairly sure", "low": "a guess"}[verdict.certainty]
    out.say(f"How sure: {sure}; " + "; ".join(verdict.reasons) + ".")


def _matrix(out, facts, matrix, head):
    if not matrix or sum(sum(row.values()) for row in matrix.values()) < 0.001:
        return
    weight = {}
    for waiter, row in matrix.items():
        for holder, seconds in row.items():
            weight[waiter] = weight.get(waiter, 0) + seconds
            weight[holder] = weight.get(holder, 0) + seconds
    most = max(2, min(MOST_NAMES, (out.width - 26) // 14))
    shown = sorted(weight, key=lambda tid: -weight[tid])[:most]
    shown = [t.tid for t in facts.threads if t.tid in shown]
    out.head(head)
    rows = [("", *(cut(facts.names[tid], 12) for tid in shown))]
    for waiter in shown:
        row = matrix.get(waiter, {})
        rows.append((cut(facts.names[waiter], 24),
                     *(duration(row[h]) if row.get(h, 0) >= 5e-7 else "-" for h in shown)))
    out.rows(rows, right=set(range(1, len(shown) + 1)))
    rest = len(weight) - len(shown)
    if rest > 0:
        out.say(f"and {rest} more threads")


def _sites(out, facts, head, held):
    sites = [s for s in facts.sites if s.seconds > 0][:8]
    if not sites:
        return
    out.head(head)
    rows = [(held, "share", "times", "longest", "up to", "where")]
    total = max(facts.total("running"), 1e-9)
    for s in sites:
        until = max(s.whys, key=s.whys.get)
        rows.append((duration(s.seconds), percent(s.seconds / total), str(s.holds), duration(s.longest),
                     until_words(until), cut(place(s.file, s.longest_line, s.function) if s.file or not facts.free else
                         "(a whole thread, without a call)", max(30, out.width - 62))))
    out.rows(rows, right={0, 1, 2, 3})


UNTIL = {"interval": "another's turn", "return": "another's return", "stop": "a stop of all",
         "exit": "the thread's end", "end": "the end"}


def until_words(until):
    """Why a thread let go of the lock: interval, return, stop, exit, or `call NAME`."""
    return "the call of " + until[5:] if until.startswith("call ") else UNTIL.get(until, until)


def _forecast(out, verdict):
    facts = verdict.facts
    out.head("Without the lock   (a forecast; docs/gil.md states the model)")
    rows = [("cores", "whole program", "times as fast", "while threads compete")]
    for r in verdict.rows:
        low, high = r["gain"]
        part = times(verdict.contended_gain(r)) if facts.contended > 0.02 * facts.wall else "-"
        seconds = [duration(s) for s in r["seconds"]]
        rows.append((str(r["cores"]), " to ".join(dict.fromkeys(seconds)),
                     " to ".join(dict.fromkeys((number(low), number(high)))), part))
    out.rows(rows, right={0, 1, 2, 3})
    sure = {"high": "quite sure", "medium": "fairly sure", "low": "a guess"}[verdict.certainty]
    out.say(f"How sure: {sure}; " + "; ".join(verdict.reasons) + ".")
