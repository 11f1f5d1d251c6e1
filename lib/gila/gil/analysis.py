"""What a trace says: shares of time, who waited for whom, where the lock was held, what was wanted.

Everything is a plain sum over slices; the forecast (replay.py) and the advice (verdict.py) come after.
"""
from bisect import bisect_right

from .tracefile import BLOCKED, LOCKED, RUNNING, STOPPED, STOPPING, WAITING

# Calls in which a thread waits for another thread of the program, not for the world outside.
AMONG_THREADS = {"lock", "object lock", "pthread_join", "end", "world"}
# Calls that compute without the lock.
NATIVE = {"hash", "inflate", "deflate", "lzma", "unlzma", "bzip2", "bunzip2", "crc32", "adler32"}


class ThreadFacts:
    """How one thread spent its time."""

    def __init__(self, thread):
        self.tid, self.name, self.cpu = thread.tid, thread.name, thread.cpu
        self.asked = thread.asked
        slices = thread.slices
        self.start = slices[0].start if slices else 0.0
        self.end = max((s.end for s in slices), default=0.0)
        self.lifetime = self.end - self.start
        self.running = self.waiting = self.blocked = self.stopped = self.locked = self.stopping = 0.0
        self.lock_waits = 0
        self.holds = self.waits = 0
        self.longest_wait = 0.0
        self.calls = {}       # call: [seconds, times]
        self.let_go = {}      # why: times
        for s in slices:
            seconds = s.end - s.start
            if s.kind == RUNNING:
                self.running += seconds
                self.holds += 1
                if s.why:
                    self.let_go[s.why] = self.let_go.get(s.why, 0) + 1
            elif s.kind == WAITING:
                self.waiting += seconds
                self.waits += 1
                self.longest_wait = max(self.longest_wait, seconds)
            elif s.kind == BLOCKED:
                self.blocked += seconds
                entry = self.calls.setdefault(s.call, [0.0, 0])
                entry[0] += seconds
                entry[1] += 1
            elif s.kind == STOPPED:
                self.stopped += seconds
            elif s.kind == LOCKED:
                self.locked += seconds
                self.lock_waits += 1
                self.longest_wait = max(self.longest_wait, seconds)
            elif s.kind == STOPPING:
                self.stopping += seconds
                self.running += seconds

    @property
    def wanted(self):
        return self.running + self.waiting + self.locked + self.stopped


class Site:
    """A function in which threads that held the lock let go of it."""

    def __init__(self, file, function):
        self.file, self.function = file, function
        self.seconds, self.holds, self.longest = 0.0, 0, 0.0
        self.longest_line = 0
        self.whys = {}    # why it let go, or the call that it let go for: seconds

    def add(self, s, line):
        seconds = s.end - s.start
        self.seconds += seconds
        self.holds += 1
        why = "call " + s.call if s.call else s.why or "end"
        self.whys[why] = self.whys.get(why, 0.0) + seconds
        if seconds >= self.longest:
            self.longest, self.longest_line = seconds, line


class Contended:
    """Objects of one kind whose locks threads waited for."""

    def __init__(self, name):
        self.name = name
        self.seconds, self.waits, self.longest = 0.0, 0, 0.0
        self.ids = {}      # seconds of each object
        self.places = {}   # place of the wait: seconds

    def add(self, s):
        seconds = s.end - s.start
        self.seconds += seconds
        self.waits += 1
        self.longest = max(self.longest, seconds)
        self.ids[s.why] = self.ids.get(s.why, 0.0) + seconds
        self.places[s.place] = self.places.get(s.place, 0.0) + seconds

    @property
    def worst(self):
        """Seconds of the one object that was waited for most."""
        return max(self.ids.values(), default=0.0)

    @property
    def place(self):
        """Where most of the waiting was; (file, line, function) or None."""
        return max(self.places, key=self.places.get, default=None)


class Stops:
    """The stops of all threads for one purpose."""

    def __init__(self, name):
        self.name = name
        self.seconds, self.times, self.longest = 0.0, 0, 0.0
        self.place = None    # of the longest

    def add(self, s):
        seconds = s.end - s.start
        self.seconds += seconds
        self.times += 1
        if seconds >= self.longest:
            self.longest, self.place = seconds, s.place


class Facts:
    """The whole of it."""

    def __init__(self, trace, total_cpu=None):
        """`total_cpu`: processor time with that of the processes which the program started."""
        self.trace = trace
        self.wall = max(trace.end, 1e-9)
        self.threads = sorted((ThreadFacts(t) for t in trace.threads.values()),
                              key=lambda t: (t.tid != trace.pid, t.start))
        self.names = {t.tid: t.name for t in self.threads}
        self.held, self.demand = _demand(trace)
        self.matrix, self.handing_over = _matrix(trace)
        self.sites = _sites(trace)
        self.free, self.lifted = trace.free, trace.lifted
        self.objects = _grouped(trace, LOCKED, Contended)
        self.stops = _grouped(trace, STOPPING, Stops)
        self.lock_matrix = _lock_matrix(trace)
        self.cpu = _cpu(trace, self.threads)
        self.children_cpu = max(0.0, total_cpu - self.cpu) if total_cpu is not None else 0.0
        self.wake_ups = sum(t.calls[c][1] for t in self.threads for c in t.calls if c in AMONG_THREADS)

    def total(self, what):
        return sum(getattr(t, what) for t in self.threads)

    @property
    def wanted(self):
        return self.total("wanted")

    @property
    def locked_share(self):
        """Of the time in which threads wanted to run, how much was waiting for locks of objects."""
        return self.total("locked") / self.wanted if self.wanted else 0.0

    @property
    def stopped_share(self):
        """Of that time, how much they stood still because one had stopped all."""
        return self.total("stopped") / self.wanted if self.wanted else 0.0

    @property
    def at_once(self):
        """How many threads ran at once, on average, while any did."""
        return self.total("running") / self.held if self.held else 0.0

    @property
    def wait_share(self):
        """Of the time in which threads wanted to run, how much was waiting for the lock."""
        return self.total("waiting") / self.wanted if self.wanted else 0.0

    @property
    def contended(self):
        """Seconds in which two threads or more wanted the lock."""
        return sum(seconds for count, seconds in self.demand.items() if count >= 2)

    @property
    def crowd(self):
        """How many threads wanted the lock, on average, while more than one did."""
        busy = self.contended
        return sum(c * s for c, s in self.demand.items() if c >= 2) / busy if busy else 0.0

    @property
    def native(self):
        """Processor seconds that threads spent computing outside the lock, as far as can be seen."""
        return sum(max(0.0, t.cpu - t.running) for t in self.threads if t.cpu is not None)

    @property
    def starved(self):
        """The share of the time with the lock in which the holder had no processor."""
        known = [t for t in self.threads if t.cpu is not None and t.running > 0.01]
        running = sum(t.running for t in known)
        return max(0.0, 1 - sum(min(t.cpu, t.running) for t in known) / running) if running else 0.0

    @property
    def workers(self):
        """Threads that had the lock for more than 2% of the time, or 50 ms of it."""
        return [t for t in self.threads if t.running > min(0.02 * self.wall, 0.05)]

    @property
    def cores_busy(self):
        return self.cpu / self.wall

    @property
    def children_busy(self):
        """Cores that the processes kept busy which it started; 0 when there were none (its own start and end, which
        are not in the recording, look like a little of that)."""
        return self.children_cpu / self.wall if self.children_cpu > 0.05 else 0.0

    def calls(self):
        """(call, seconds, times) over all threads, longest first."""
        sums = {}
        for t in self.threads:
            for call, (seconds, times) in t.calls.items():
                entry = sums.setdefault(call, [0.0, 0])
                entry[0] += seconds
                entry[1] += times
        return sorted(((c, s, n) for c, (s, n) in sums.items()), key=lambda row: -row[1])


def _demand(trace):
    """Seconds in which the lock was held, and seconds by how many threads wanted it (0 included)."""
    edges, holds = [], []
    for thread in trace.threads.values():
        for s in thread.slices:
            if s.kind in (RUNNING, WAITING, STOPPING):
                edges.append((s.start, 1))
                edges.append((s.end, -1))
                if s.kind != WAITING:
                    holds.append((s.start, s.end))
    edges.sort()
    holds.sort()
    demand, count, before = {}, 0, 0.0
    for at, step in edges:
        if at > before:
            demand[count] = demand.get(count, 0.0) + at - before
            before = at
        count += step
    if trace.end > before:
        demand[0] = demand.get(0, 0.0) + trace.end - before
    held, last = 0.0, 0.0
    for start, end in holds:
        if end > last:
            held += end - max(start, last)
            last = end
    return held, demand


def _matrix(trace):
    """Seconds that a thread waited while another had the lock: {waiter: {holder: seconds}}; and the
    seconds of waiting in which nobody had it: handing over."""
    starts, holds = [], []
    for tid, thread in trace.threads.items():
        holds.extend((s.start, s.end, tid) for s in thread.slices if s.kind == RUNNING and s.end > s.start)
    holds.sort()
    starts = [h[0] for h in holds]
    matrix, nobody = {}, 0.0
    for tid, thread in trace.threads.items():
        row = {}
        for s in thread.slices:
            if s.kind != WAITING or s.end <= s.start:
                continue
            rest = s.end - s.start
            for at in range(max(0, bisect_right(starts, s.start) - 1), len(holds)):
                start, end, holder = holds[at]
                if start >= s.end:
                    break
                shared = min(end, s.end) - max(start, s.start)
                if shared > 0 and holder != tid:
                    row[holder] = row.get(holder, 0.0) + shared
                    rest -= shared
            nobody += max(0.0, rest)
        if row:
            matrix[tid] = row
    return matrix, nobody


def _grouped(trace, kind, make):
    found = {}
    for thread in trace.threads.values():
        for s in thread.slices:
            if s.kind == kind and s.call != "trace":   # that is the recording's own
                if s.call not in found:
                    found[s.call] = make(s.call)
                found[s.call].add(s)
    return sorted(found.values(), key=lambda one: -one.seconds)


def _lock_matrix(trace):
    """Seconds that a thread waited for objects which the other let go of: {waiter: {other: seconds}}."""
    matrix = {}
    for tid, thread in trace.threads.items():
        for s in thread.slices:
            if s.kind == LOCKED and s.other and s.other != tid:
                row = matrix.setdefault(tid, {})
                row[s.other] = row.get(s.other, 0.0) + s.end - s.start
    return matrix


def _sites(trace):
    sites = {}
    for thread in trace.threads.values():
        for s in thread.slices:
            if s.kind == RUNNING:
                file, line, function = s.place or ("", 0, "")
                key = file, function
                if key not in sites:
                    sites[key] = Site(file, function)
                sites[key].add(s, line)
    return sorted(sites.values(), key=lambda site: -site.seconds)


def _cpu(trace, threads):
    if trace.cpu is not None:
        return trace.cpu
    before, total = 0.0, 0.0
    for at, cores in trace.cores:
        total += cores * (at - before)
        before = at
    return total or sum(t.cpu or 0.0 for t in threads)
