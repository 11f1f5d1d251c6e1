"""Reads a trace file (docs/internals/gil.md) into threads and their slices.

Times are seconds since the trace began. A file without its end (the program was killed) is read as
far as it goes; `cut` says so.
"""
import json

CHUNK = 1 << 20
MOST_SLICES = 3_000_000

RUNNING, WAITING, BLOCKED, STOPPED = "running", "waiting", "blocked", "stopped"
# Only without the lock: waiting for the lock of an object, and stopping all other threads.
LOCKED, STOPPING = "locked", "stopping"
KINDS = {RUNNING, WAITING, BLOCKED, STOPPED, LOCKED, STOPPING}


# What the values of `args` are; anything else is a damaged line.
TYPES = {"why": str, "call": str, "file": str, "line": int, "func": str, "holder": int, "from": int, "by": int, "object": str,
         "name": str, "count": int, "cores": float, "cpu_s": float}
LONGEST = 1e9    # seconds; a time beyond it is damage


class TraceError(Exception):
    """The file is no trace of Gila; the text is one line."""


class Slice:
    """A stretch of a thread's time in one state, with what is known about its end."""

    __slots__ = ("kind", "start", "end", "call", "why", "place", "other")

    def __init__(self, kind, start, call=None, other=None):
        self.kind, self.start, self.end = kind, start, start
        self.call = call    # of BLOCKED: the call it is in; of RUNNING: the one it let go for;
                            # of LOCKED: the kind of object; of STOPPING: what for
        self.why = None     # of RUNNING: why it let go; of LOCKED: which object, a number
        self.place = None   # (file, line, function): of RUNNING where it let go, of LOCKED and STOPPING
        self.other = other  # of WAITING: tid of who had the lock; of LOCKED: of who let go of it, or
                            # None; of STOPPED: of who stopped all

    @property
    def seconds(self):
        return self.end - self.start


class Thread:
    def __init__(self, tid):
        self.tid, self.name, self.cpu = tid, "", None
        self.slices = []
        self.asked = self.lost = 0


class Trace:
    """All that stands in one trace file."""

    def __init__(self, header):
        details = header["args"]
        self.pid = int(header["pid"])
        self.origin = header["ts"]
        self.unix = float(details.get("unix_s", 0.0))
        self.version = details.get("version", 0)
        self.program = str(details.get("program", ""))
        self.argv = [str(word) for word in details.get("argv", ())]
        self.mode = str(details.get("mode", "gil"))   # that of the beginning: gil, free, auto
        self.lifted = None    # when the lock was lifted, if it was then
        self.policy = str(details.get("policy", "budget"))
        self.interval = float(details.get("interval_us", 5000.0)) / 1e6
        self.cpus = max(1, int(details.get("cpus", 1)))
        self.threads = {}
        self.cores = []       # (time, cores busy since the one before)
        self.end = 0.0
        self.cpu = None       # processor time of the process, when the file tells
        self.cut = True       # no end was seen
        self.full = False     # there was more than MOST_SLICES
        self.damaged = 0      # the line that could not be read, or 0

    @property
    def free(self):
        """True when threads ran without the lock, if only from some moment on."""
        return self.mode == "free" or self.lifted is not None

    @property
    def lost(self):
        return sum(t.lost for t in self.threads.values())

    def thread(self, tid):
        found = self.threads.get(tid)
        if found is None:
            found = self.threads[tid] = Thread(tid)
        return found


def check(details):
    """Raises TypeError or ValueError when the args of an event are not what they are in a trace."""
    for key, value in details.items():
        wanted = TYPES.get(key)
        if wanted and type(value) is not wanted and not (wanted is float and type(value) is int):
            raise TypeError(key)
        if wanted is float and not abs(value) < LONGEST:
            raise ValueError(key)


class Reader:
    """Takes events in the order of the file."""

    def __init__(self):
        self.trace = None
        self.open = {}
        self.places = {}    # of each thread, where it ran last
        self.count = 0

    def take(self, events):
        """Takes a list of events; False when there were enough."""
        trace, open_slices = self.trace, self.open
        for event in events:
            kind, tid, details = event["ph"], event["tid"], event.get("args")
            at = (event["ts"] - trace.origin) / 1e6
            if not (at < LONGEST and type(tid) is int):
                raise ValueError(event)
            if details:
                check(details)
            if at > trace.end:
                trace.end = at
            if kind == "B":
                category = event.get("cat")
                if category in KINDS:
                    name, details = event["name"] + "", details or {}
                    open_slices[tid] = one = Slice(category, at, name if category == BLOCKED else None,
                                                   details.get("holder"))
                    if category in (LOCKED, STOPPING, STOPPED):
                        self.special(one, name, details, tid)
            elif kind == "E":
                one = open_slices.pop(tid, None)
                if one is not None:
                    self.close(tid, one, at, details)
            else:
                self.rare(kind, event.get("name"), details or {}, tid, at)
        if self.count >= MOST_SLICES:
            trace.full = True
        return not trace.full

    def close(self, tid, one, at, details):
        one.end = max(at, one.start)
        if details and one.kind == RUNNING:
            one.why, one.call = details.get("why"), details.get("call")
            if "file" in details:
                one.place = (details["file"], details.get("line", 0), details.get("func", ""))
                self.places[tid] = one.place
        elif details and one.kind == LOCKED:
            one.other = details.get("from")
        self.trace.thread(tid).slices.append(one)
        self.count += 1

    def special(self, one, name, details, tid):
        """What is only there without the lock; the place is where the thread ran last."""
        if one.kind == STOPPED:
            one.other = details.get("by")
            return
        one.place = self.places.get(tid)
        if one.kind == STOPPING:
            one.call = name
        else:
            one.call, one.why = details.get("object", "object"), str(details.get("id"))

    def rare(self, kind, name, details, tid, at):
        trace = self.trace
        if kind == "i":
            if name == "asked holder":
                trace.thread(tid).asked += 1
            elif name == "lock lifted":
                trace.lifted = at
            elif name == "events lost":
                trace.thread(tid).lost += details.get("count", 0)
        elif kind == "C":
            trace.cores.append((at, details.get("cores", 0.0)))
        elif kind == "M":
            if name == "thread_name":
                trace.thread(tid).name = details.get("name") or trace.thread(tid).name
            elif name == "thread_cpu":
                trace.thread(tid).cpu = details.get("cpu_s")
            elif name == "gila_end":
                trace.cut = False
                trace.cpu = details.get("cpu_s")

    def finish(self):
        trace = self.trace
        for tid, one in self.open.items():
            self.close(tid, one, trace.end, None)
        taken = set()
        for number, thread in enumerate(sorted(trace.threads.values(), key=lambda t: t.tid)):
            thread.slices.sort(key=lambda s: s.start)
            name = thread.name or ("MainThread" if thread.tid == trace.pid else f"thread {thread.tid}")
            thread.name = f"{name} ({thread.tid})" if name in taken else name
            taken.add(thread.name)
        return trace


def _parse(reader, text, line):
    """Takes whole lines of the file; False when that was the end of what can be used."""
    body = text.strip().rstrip(",")
    if body.endswith("]") and not body.endswith(("}]", '"]')):
        body = body[:-1].rstrip()
    if not body:
        return True
    try:
        return reader.take(json.loads("[" + body + "]"))
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError):
        pass
    for number, one in enumerate(text.split("\n")):
        one = one.strip().rstrip(",")
        if one in ("", "]"):
            continue
        try:
            reader.take([json.loads(one)])
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError):
            reader.trace.damaged = line + number
            return False
    return True


def _header(line, path):
    try:
        event = json.loads(line.strip().rstrip(","))
        if event["name"] == "gila" and event["ph"] == "M" and isinstance(event["ts"], (int, float)):
            return event
    except (ValueError, KeyError, TypeError):
        pass
    raise TraceError(f"{path} is not a trace of Gila")


def read(path):
    """Reads a trace file. Raises OSError when it cannot be read, TraceError when it is none."""
    with open(path, encoding="utf-8", errors="replace", newline="\n") as file:
        if file.read(2).strip() != "[":
            raise TraceError(f"{path} is not a trace of Gila" if file.tell() else f"{path} is empty")
        header = _header(file.readline(), path)
        reader = Reader()
        try:
            reader.trace = trace = Trace(header)
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError):
            raise TraceError(f"{path} is not a trace of Gila: its header is damaged") from None
        if trace.version != 1:
            raise TraceError(f"{path} was recorded by another version of Gila (format {trace.version})")
        rest, line, more = "", 3, True
        while more and (chunk := file.read(CHUNK)):
            rest += chunk
            cut = rest.rfind("\n") + 1
            more = _parse(reader, rest[:cut], line)
            line += rest.count("\n", 0, cut)
            rest = rest[cut:]
    return reader.finish()
