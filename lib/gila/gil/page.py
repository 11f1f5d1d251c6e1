"""The report as one HTML page that needs nothing else: no network, no file beside it.

Tables and words are made here; page.js draws the timeline from the JSON that stands in the page.
"""
import json
import os
from html import escape

from . import compare, timeline
from .textreport import place, until_words
from .verdict import span
from .words import duration, number, percent, times

HERE = os.path.dirname(os.path.abspath(__file__))
MOST_NAMES = 16


def _part(name):
    with open(os.path.join(HERE, name), encoding="utf-8") as file:
        return file.read()


def write(path, verdict, title, ended, others=(), compared=None):
    """Writes the page into a file; OSError when that cannot be."""
    text = page(verdict, title, ended, others, compared)
    with open(path, "w", encoding="utf-8", errors="replace") as file:
        file.write(text)


def page(verdict, title, ended, others=(), compared=None):
    """The page as text."""
    facts = verdict.facts
    data = json.dumps(timeline.build(facts.trace, others), separators=(",", ":")).replace("<", "\\u003c")
    headline, sentences = verdict.what_to_do()
    parts = {
        "title": escape(title),
        "summary": escape(duration(facts.wall) + (f", {ended}" if ended else "")),
        "css": _part("page.css"), "js": _part("page.js"), "data": data,
        "what_it_is": _paragraphs(verdict.what_it_is()),
        "headline": escape(headline), "what_to_do": _paragraphs(sentences),
        "tiles": _tiles(verdict), "shares": _shares(facts), "sites": _sites(facts), "objects": _objects(facts),
        "matrix": _matrix(facts, facts.lock_matrix if facts.free else facts.matrix),
        **(FREE_WORDS if facts.free else WORDS),
        "forecast": _forecast(verdict), "compared": _compared(compared, verdict.cpus), "sure": _sure(verdict),
    }
    text = _part("page.html")
    for name in parts:
        if name not in ("data", "js"):
            text = text.replace("{{" + name + "}}", parts[name])
    head, _, rest = text.partition("{{data}}")
    middle, _, tail = rest.partition("{{js}}")
    return head + parts["data"] + middle + parts["js"] + tail


WORDS = {
    "word_running": "running (has the lock)", "word_waiting": "waiting for the lock",
    "head_matrix": "Who waited for whom",
    "about_matrix": "How long the thread in a row waited while the one in the column had the lock.",
    "head_sites": "Where the lock was held",
    "about_sites": "The place tells where it was let go; a hold may have begun elsewhere.",
    "head_forecast": "Without the lock",
}
FREE_WORDS = {
    "word_running": "running", "word_waiting": "waiting for an object",
    "head_matrix": "Who made whom wait",
    "about_matrix": "How long the thread in a row waited for objects that the one in the column let go of.",
    "head_sites": "Where threads ran",
    "about_sites": "The place tells up to where; a stretch may have begun elsewhere.",
    "head_forecast": "On other numbers of cores",
}


def _paragraphs(sentences):
    return "\n".join(f"<p>{escape(s)}</p>" for s in sentences)


def _tiles(verdict):
    facts, here = verdict.facts, verdict.here
    if facts.free:
        return _free_tiles(verdict)
    low, high = here["gain"]
    gain = number(high) if number(low) == number(high) else f"{number(low)} to {number(high)}"
    tiles = [(percent(facts.held / facts.wall), "of the time the lock was held"),
             (percent(facts.wait_share), "of the time in which threads could have run, they waited for it"),
             (number(facts.cores_busy + facts.children_busy), f"of {verdict.cpus} cores busy, on average"),
             (gain, f"times as fast without the lock on {here['cores']} cores (forecast)")]
    return _tile_list(tiles)


def _free_tiles(verdict):
    facts = verdict.facts
    return _tile_list([(number(facts.at_once), "threads ran at once, on average, while any did"),
                       (number(facts.cores_busy + facts.children_busy), f"of {verdict.cpus} cores busy, on average"),
                       (percent(facts.locked_share), "of the time in which threads could have run, they waited for objects"),
                       (percent(facts.stopped_share), "of that time they stood still while one had stopped all")])


def _tile_list(tiles):
    return "\n".join(f'<div class="tile"><b>{escape(value)}</b><span>{escape(text)}</span></div>' for value, text in tiles)


def _table(head, rows, numeric=(), caption=""):
    """A table; the first cell of a row is its heading. Cells are text, or (HTML, style)."""
    out = [f"<table>{f'<caption>{escape(caption)}</caption>' if caption else ''}<thead><tr>"]
    out += [f'<th scope="col"{" class=n" if i in numeric else ""}>{escape(h)}</th>' for i, h in enumerate(head)]
    out.append("</tr></thead><tbody>")
    for row in rows:
        out.append("<tr>")
        for i, cell in enumerate(row):
            text, style = cell if isinstance(cell, tuple) else (escape(str(cell)), "")
            kind = " class=n" if i in numeric else ""
            style = f' style="{style}"' if style else ""
            out.append(f'<th scope="row"{kind}>{text}</th>' if i == 0 else f"<td{kind}{style}>{text}</td>")
        out.append("</tr>")
    return "".join(out) + "</tbody></table>"


def _bar(shares):
    """A bar of shares; the cells beside it say the same in numbers."""
    names = ("running", "waiting", "blocked", "stopped")
    return '<div class="bar" aria-hidden="true">' + "".join(
        f'<i class="{name}" style="width:{share * 100:.2f}%"></i>' for name, share in zip(names, shares)) + "</div>"


def _shares(facts):
    rows = []
    for t in facts.threads[:timeline.MOST_TRACKS]:
        life = max(t.lifetime, 1e-9)
        shares = t.running / life, (t.waiting + t.locked) / life, t.blocked / life, t.stopped / life
        calls = sorted(t.calls.items(), key=lambda item: -item[1][0])[:3]
        names = ", ".join(f"{c} {duration(s)}" for c, (s, _) in calls if s >= 0.01 * life)
        stopped = (percent(shares[3]),) if facts.free else ()
        rows.append((t.name, duration(t.lifetime), (_bar(shares), "min-width:12rem;width:40%"), percent(shares[0]), percent(shares[1]),
                     *stopped, percent(shares[2]), "" if t.cpu is None else duration(t.cpu), duration(t.longest_wait), names))
    waits = ("waiting",) if not facts.free else ("objects" if facts.trace.mode == "free" else "objects, lock", "stopped")
    return _table(("thread", "lived", "", "running", *waits, "in calls", "processor time", "longest wait", "mostly in"),
                  rows, numeric=set(range(3, 8 + len(waits) - 1)) | {1})


def _objects(facts):
    """Without the lock: whose locks were waited for, and what stopped all; headings included."""
    out = []
    if facts.objects:
        rows = [(o.name, str(len(o.ids)), duration(o.seconds), str(o.waits), duration(o.longest), percent(o.worst / max(o.seconds, 1e-9)),
                 place(*o.place) if o.place else "") for o in facts.objects[:15]]
        out.append("<h2>Which objects threads waited for</h2><p class=quiet>Their locks: an object is locked for each change.</p>"
                   + _table(("kind", "objects", "waited", "waits", "longest", "the worst one's share", "mostly at"), rows,
                            numeric={1, 2, 3, 4, 5}))
    if facts.stops:
        rows = [(s.name, duration(s.seconds), str(s.times), duration(s.longest), place(*s.place) if s.place else "")
                for s in facts.stops[:15]]
        out.append("<h2>What stopped all threads</h2>" + _table(("for", "took", "times", "longest", "the longest at"), rows, numeric={1, 2, 3}))
    return "\n".join(out)


def _matrix(facts, matrix):
    if not matrix:
        return "<p>No thread waited for another.</p>"
    weight = {}
    for waiter, row in matrix.items():
        for holder, seconds in row.items():
            weight[waiter] = weight.get(waiter, 0) + seconds
            weight[holder] = weight.get(holder, 0) + seconds
    chosen = set(sorted(weight, key=lambda tid: -weight[tid])[:MOST_NAMES])
    shown = [t.tid for t in facts.threads if t.tid in chosen]
    most = max(s for row in matrix.values() for s in row.values()) or 1
    rows = []
    for waiter in shown:
        row = [facts.names[waiter]]
        for holder in shown:
            seconds = matrix.get(waiter, {}).get(holder, 0)
            heat = round(55 * seconds / most)
            row.append((escape(duration(seconds)), f"background:color-mix(in srgb, var(--waiting) {heat}%, transparent)")
                       if seconds >= 5e-7 else "–")
        rows.append(tuple(row))
    more = f"<p>and {len(weight) - len(shown)} more threads</p>" if len(weight) > len(shown) else ""
    return _table(("waited \\ let go" if facts.free else "waited \\ had the lock", *(facts.names[t] for t in shown)), rows, numeric=set(range(1, len(shown) + 1))) + more


def _sites(facts):
    total = max(facts.total("running"), 1e-9)
    rows = []
    for s in [s for s in facts.sites if s.seconds > 0][:15]:
        until = until_words(max(s.whys, key=s.whys.get))
        rows.append((place(s.file, s.longest_line, s.function), duration(s.seconds), percent(s.seconds / total), str(s.holds),
                     duration(s.longest), until))
    where, held = ("up to where", "ran") if facts.free else ("where it was let go", "held")
    return _table((where, held, "share", "times", "longest", "mostly up to"), rows, numeric={1, 2, 3, 4})


def _forecast(verdict):
    facts = verdict.facts
    now = verdict.with_lock
    part = () if facts.free else ("",)
    rows = [("1 (with the lock)", duration(now), number(facts.wall / max(now, 1e-9)) if facts.free else "1",
             (_gain_bar(facts.wall / max(now, 1e-9), verdict.best()), "width:30%"), *part)]
    for r in verdict.rows:
        if not facts.free:
            part = (times(verdict.contended_gain(r)) if facts.contended > 0.02 * facts.wall else "–",)
        low, high = r["gain"]
        gain = number(high) if number(low) == number(high) else f"{number(low)} to {number(high)}"
        rows.append((str(r["cores"]), span(r["seconds"]), gain, (_gain_bar(high, verdict.best()), "width:30%"), *part))
    return _table(("cores", "whole program", "times as fast", "", "while threads compete")[:4 + len(part)], rows, numeric={1, 2, 4})


def _gain_bar(gain, best):
    return f'<div class="bar" aria-hidden="true"><i class="running" style="width:{100 * gain / max(best, 1):.1f}%"></i></div>'


def _compared(rows, cpus):
    if not rows:
        return ""
    cells = [(row.name, span(row.predicted), "–" if row.seconds is None else duration(row.seconds), compare.note(row)) for row in rows]
    said = compare.disturbed(rows, cpus)
    return ("<h2>Each way there is</h2>" + _table(("way", "forecast", "measured", ""), cells, numeric={1, 2})
            + (f"<p>{escape(said)}</p>" if said else ""))


def _sure(verdict):
    words = {"high": "Quite sure", "medium": "Fairly sure", "low": "A guess"}[verdict.certainty]
    return f"<p><b>How sure: {words}.</b> " + escape("; ".join(verdict.reasons)) + ".</p>"
