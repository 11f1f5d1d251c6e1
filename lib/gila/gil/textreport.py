"""The report for a terminal."""
import os

from .words import bar, cut, duration, number, percent, table, times, wrap

MARKS = "█▒·"
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
            self.marks = "#+."

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
    _threads(out, facts)
    _matrix(out, facts)
    _sites(out, facts)
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


def _matrix(out, facts):
    if not facts.matrix or sum(sum(row.values()) for row in facts.matrix.values()) < 0.001:
        return
    weight = {}
    for waiter, row in facts.matrix.items():
        for holder, seconds in row.items():
            weight[waiter] = weight.get(waiter, 0) + seconds
            weight[holder] = weight.get(holder, 0) + seconds
    most = max(2, min(MOST_NAMES, (out.width - 26) // 14))
    shown = sorted(weight, key=lambda tid: -weight[tid])[:most]
    shown = [t.tid for t in facts.threads if t.tid in shown]
    out.head("Who waited for whom   (a thread in a row waited while the one in the column had the lock)")
    rows = [("", *(cut(facts.names[tid], 12) for tid in shown))]
    for waiter in shown:
        row = facts.matrix.get(waiter, {})
        rows.append((cut(facts.names[waiter], 24),
                     *(duration(row[h]) if row.get(h, 0) >= 5e-7 else "-" for h in shown)))
    out.rows(rows, right=set(range(1, len(shown) + 1)))
    rest = len(weight) - len(shown)
    if rest > 0:
        out.say(f"and {rest} more threads")
    if facts.handing_over > 0.01 * facts.total("waiting"):
        out.say(f"{duration(facts.handing_over)} of waiting while nobody had it: waking the next thread")


def _sites(out, facts):
    sites = [s for s in facts.sites if s.seconds > 0][:8]
    if not sites:
        return
    out.head("Where the lock was held   (and let go at last)")
    rows = [("held", "share", "times", "longest", "up to", "where")]
    total = max(facts.total("running"), 1e-9)
    for s in sites:
        until = max(s.whys, key=s.whys.get)
        rows.append((duration(s.seconds), percent(s.seconds / total), str(s.holds), duration(s.longest),
                     until_words(until), cut(place(s.file, s.longest_line, s.function), max(30, out.width - 62))))
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
