"""The slices of all threads in the form the page draws: few enough, and small as text.

A track's `slices` are flat: gap since the slice before (µs), length (µs), kind, detail; and so on.
Kinds: 0 running, 1 waiting, 2 in a call, 3 stopped, 4 several short ones together. A detail is a
number in `details`: for 4 the shares of running, waiting, calls and stopped in percent, and the count.
"""
from .textreport import place, until_words
from .tracefile import BLOCKED, LOCKED, RUNNING, STOPPED, STOPPING, WAITING

MOST_SLICES = 120_000
MOST_TRACKS = 200
KIND = {RUNNING: 0, STOPPING: 0, WAITING: 1, LOCKED: 1, BLOCKED: 2, STOPPED: 3}
TOGETHER = 4


class Details:
    """Texts, each kept once."""

    def __init__(self):
        self.list, self.known = [], {}

    def number(self, detail):
        key = tuple(detail) if isinstance(detail, list) else detail
        found = self.known.get(key)
        if found is None:
            found = self.known[key] = len(self.list)
            self.list.append(detail)
        return found


def build(trace, others=()):
    """The data of the page: tracks of the program and of the processes that it forked."""
    details = Details()
    tracks, end = [], trace.end
    for one in [trace, *others]:
        shift = one.unix - trace.unix if one is not trace else 0.0
        end = max(end, one.end + shift)
        names = {t.tid: t.name for t in one.threads.values()}
        for thread in sorted(one.threads.values(), key=lambda t: (t.tid != one.pid, t.slices[0].start if t.slices else 0)):
            if thread.slices:
                name = thread.name if one is trace else f"process {one.pid}" + (
                    "" if thread.tid == one.pid else f", {thread.name}")
                tracks.append((name, thread, names, shift))
    left_out = max(0, len(tracks) - MOST_TRACKS)
    if left_out:
        busiest = sorted(tracks, key=lambda t: -sum(s.end - s.start for s in t[1].slices if s.kind in (RUNNING, WAITING)))
        chosen = {id(t[1]) for t in busiest[:MOST_TRACKS]}
        tracks = [t for t in tracks if id(t[1]) in chosen]
    shortest = _shortest(tracks)
    return {"end": round(end * 1e6), "left_out": left_out, "merged_below": round(shortest * 1e6),
            "details": details.list,
            "tracks": [{"name": name, "tid": thread.tid, "slices": _flat(thread, names, shift, shortest, details)}
                       for name, thread, names, shift in tracks]}


def _shortest(tracks):
    """Slices shorter than this are put together with their neighbours, so that few enough remain."""
    lengths = sorted((s.end - s.start for t in tracks for s in t[1].slices), reverse=True)
    return lengths[MOST_SLICES // 2] if len(lengths) > MOST_SLICES else 0.0


def _flat(thread, names, shift, shortest, details):
    flat, last = [], 0

    def put(start, end, kind, detail):
        nonlocal last
        a, b = round((start + shift) * 1e6), round((end + shift) * 1e6)
        a = max(a, last)
        flat.extend((a - last, max(0, b - a), kind, detail))
        last = max(a, b)

    short = []

    def put_short():
        if len(short) == 1:
            put(short[0].start, short[0].end, KIND[short[0].kind], details.number(_words(short[0], names)))
        elif short:
            start, end = short[0].start, short[-1].end
            sums = [0.0, 0.0, 0.0, 0.0]
            for s in short:
                sums[KIND[s.kind]] += s.end - s.start
            total = max(end - start, 1e-9)
            put(start, end, TOGETHER, details.number([round(100 * x / total) for x in sums] + [len(short)]))
        short.clear()

    for s in thread.slices:
        if s.end - s.start >= shortest:
            put_short()
            put(s.start, s.end, KIND[s.kind], details.number(_words(s, names)))
        else:
            if short and (s.start > short[-1].end + shortest or s.end - short[0].start > 20 * shortest):
                put_short()
            short.append(s)
    put_short()
    return flat


def _words(s, names):
    """What the page tells about a slice: the label that is drawn in it, a line feed, the rest."""
    if s.kind == RUNNING:
        until = until_words("call " + s.call if s.call else s.why or "end")
        label = s.place[2].rpartition(".")[2] if s.place else "running"
        return f"{label}\nup to {until}" + (f", {place(*s.place)}" if s.place else "")
    if s.kind == WAITING:
        holder = names.get(s.other)
        return f"waits\nfor the lock, while {holder} has it" if holder else "waits\nfor the lock"
    if s.kind == LOCKED:
        other = names.get(s.other)
        return f"{s.call}\nfor the lock of a {s.call}" + (f", which {other} let go of" if other else "") + (
            f", {place(*s.place)}" if s.place else "")
    if s.kind == STOPPING:
        return f"stops all\nstops all others: {s.call}"
    if s.kind == BLOCKED:
        return f"{s.call}\n"
    return f"stopped\nby {names[s.other]}" if s.other in names else "stopped\n"
