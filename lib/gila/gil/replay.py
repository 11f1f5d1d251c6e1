"""The forecast: the recorded threads run again on n processors without the lock, on paper.

The model. Each thread is what the trace shows of it: computing (it had the lock), calls that wait
for the world outside (as long as they took), and calls that wait for another thread (until that
thread has done what it had done when the wait ended). Waiting for the lock is left out. Threads
that compute share n processors evenly, each on at most one. With n = 1 this is the lock itself, so
what the model says for n = 1 must be what was measured: that is its test.
"""
from bisect import bisect_left, bisect_right
from heapq import heappop, heappush

from .analysis import AMONG_THREADS
from .tracefile import BLOCKED, LOCKED, RUNNING, STOPPED, STOPPING

MOST_STEPS = 60_000
JUST_THEN = 2e-4    # seconds that waking a thread takes at most, mostly
COMPUTE, SLEEP, AWAIT, MARK = range(4)


class Script:
    """What a thread does, as steps (what, amount or number of a mark)."""

    def __init__(self, tid):
        self.tid, self.steps = tid, []

    def add(self, what, amount):
        if what == COMPUTE and self.steps and self.steps[-1][0] == COMPUTE:
            self.steps[-1] = COMPUTE, self.steps[-1][1] + amount
        elif amount > 0 or what in (AWAIT, MARK):
            self.steps.append((what, amount))


class Plan:
    """The scripts of all threads. A mark is a point in a thread's script that others wait for."""

    def __init__(self, trace, keep_locks=False):
        """With `keep_locks`, waits for locks of objects and stops take as long as they took."""
        self.kept = {LOCKED, STOPPED} if keep_locks else set()
        self.shortest = _shortest_block(trace)
        self._index(trace)
        waits, marks = {}, {}
        number = 0
        for tid, thread in trace.threads.items():
            if not thread.slices:
                continue
            first = thread.slices[0]
            if tid != self.main:
                number = self._link(tid, 0.0, first.start, number, ("start", tid), waits, marks)
            for s in thread.slices:
                if s.kind == BLOCKED and s.call in AMONG_THREADS and s.end - s.start >= self.shortest:
                    number = self._link(tid, s.start, s.end, number, id(s), waits, marks)
        self.scripts = [self._script(thread, waits, marks.get(tid, []))
                        for tid, thread in trace.threads.items() if thread.slices]
        self.links = number

    def _index(self, trace):
        self.holds = sorted((s.start, s.end, tid) for tid, thread in trace.threads.items()
                            for s in thread.slices if s.kind == RUNNING or s.kind == STOPPING)
        self.starts = [h[0] for h in self.holds]
        self.free, self.own = trace.free, {}
        for start, end, tid in self.holds if trace.free else ():
            starts, ends = self.own.setdefault(tid, ([], []))
            starts.append(start)
            ends.append(end)
        self.main = trace.pid if trace.pid in trace.threads else min(trace.threads, default=0)

    def _link(self, tid, begin, end, number, key, waits, marks):
        """The wait of a thread that ended at `end` was ended by whoever ran last before that."""
        if self.free:
            return self._link_free(tid, begin, end, number, key, waits, marks)
        at = bisect_right(self.starts, end) - 1
        while at >= 0 and (self.holds[at][2] == tid):
            at -= 1
        if at < 0 or self.holds[at][1] < begin - 1e-9:
            return number
        holder = self.holds[at][2]
        marks.setdefault(holder, []).append((min(end, self.holds[at][1]), number))
        waits[key] = number
        return number + 1

    def _link_free(self, tid, begin, end, number, key, waits, marks):
        """Where several run at once: a thread that stopped running just then (it ended, or waits now),
        else one that ran on. Threads are made by the main thread, if that ran."""
        best = None
        for other, (starts, ends) in self.own.items():
            at = bisect_left(starts, end) - 1
            if other == tid or at < 0 or ends[at] < begin - 1e-9:
                continue
            gap = end - ends[at]
            if key == ("start", tid):
                rank = 0 if other == self.main and gap < 1e-3 else 1
            else:
                rank = 0 if 0 <= gap < JUST_THEN else 1 if gap < 0 else 2
            if best is None or (rank, max(0.0, gap)) < best[0]:
                best = (rank, max(0.0, gap)), other, min(end, ends[at])
        if best is None:
            return number
        marks.setdefault(best[1], []).append((best[2], number))
        waits[key] = number
        return number + 1

    def _had_processor(self, thread):
        """The share of a thread's running in which it had a processor: without the lock there may be more
        threads than processors."""
        running = sum(s.end - s.start for s in thread.slices if s.kind == RUNNING or s.kind == STOPPING)
        if not self.free or thread.cpu is None or running < 1e-3:
            return 1.0
        return min(1.0, thread.cpu / running)

    def _script(self, thread, waits, marks):
        script, had = Script(thread.tid), self._had_processor(thread)
        marks.sort()
        at = 0
        if ("start", thread.tid) in waits:
            script.add(AWAIT, waits["start", thread.tid])
        elif thread.tid != self.main:
            script.add(SLEEP, thread.slices[0].start)
        for s in thread.slices:
            if s.kind == RUNNING or s.kind == STOPPING:
                done = s.start
                while at < len(marks) and marks[at][0] <= s.end:
                    moment = max(done, marks[at][0])
                    script.add(COMPUTE, (moment - done) * had)
                    script.add(MARK, marks[at][1])
                    done = moment
                    at += 1
                script.add(COMPUTE, (s.end - done) * had)
            elif s.kind in self.kept:
                script.add(SLEEP, s.end - s.start)
            elif s.kind == BLOCKED:
                if id(s) in waits:
                    script.add(AWAIT, waits[id(s)])
                else:
                    script.add(SLEEP if s.end - s.start >= self.shortest else COMPUTE, s.end - s.start)
        for _, number in marks[at:]:
            script.add(MARK, number)
        return script


def _shortest_block(trace):
    """How long a call must block to be a step of its own, so that there are not too many steps."""
    lengths = sorted((s.end - s.start for t in trace.threads.values() for s in t.slices if s.kind == BLOCKED),
                     reverse=True)
    return lengths[MOST_STEPS] if len(lengths) > MOST_STEPS else 0.0


class Run:
    """One run of a plan on `processors`; each second of computing takes `price` seconds."""

    def __init__(self, plan, processors, price=1.0):
        self.plan, self.processors, self.price = plan, processors, price
        self.now = self.progress = 0.0   # progress: what each computing thread has had so far
        self.computing, self.asleep = [], []
        self.position = [0] * len(plan.scripts)
        self.reached, self.waiting = set(), {}
        self.guessed = 0                 # waits that could not be explained
        self.ended = {}

    def seconds(self):
        """When the main thread ends."""
        scripts = self.plan.scripts
        for who in range(len(scripts)):
            self.advance(who)
        main = next((i for i, s in enumerate(scripts) if s.tid == self.plan.main), 0)
        while main not in self.ended and scripts:
            if not self.step():
                break
        return self.ended.get(main, self.now)

    def rate(self):
        return min(1.0, self.processors / len(self.computing))

    def step(self):
        """Goes to the next moment at which something ends."""
        if not self.computing and not self.asleep:
            if not self.waiting:
                return False
            number = min(self.waiting)   # nobody is left who could end a wait: the link was wrong
            self.guessed += 1
            self.reached.add(number)
            self.advance(self.waiting.pop(number))
            return True
        until = self.asleep[0][0] if self.asleep else None
        if self.computing:
            rate = self.rate()
            done = self.now + max(0.0, self.computing[0][0] - self.progress) / rate
            if until is None or done <= until:
                self.progress, self.now = self.computing[0][0], done
                self.advance(heappop(self.computing)[1])
                return True
            self.progress += (until - self.now) * rate
        self.now = until
        self.advance(heappop(self.asleep)[1])
        return True

    def advance(self, who):
        """The thread takes its next steps up to one that lasts, and so do those it sets free."""
        ready = [who]
        while ready:
            who = ready.pop()
            steps = self.plan.scripts[who].steps
            while self.position[who] < len(steps):
                what, amount = steps[self.position[who]]
                self.position[who] += 1
                if what == COMPUTE:
                    heappush(self.computing, (self.progress + amount * self.price, who))
                    break
                if what == SLEEP:
                    heappush(self.asleep, (self.now + amount, who))
                    break
                if what == MARK:
                    self.reached.add(amount)
                    if amount in self.waiting:
                        ready.append(self.waiting.pop(amount))
                elif amount not in self.reached:
                    self.waiting[amount] = who
                    break
            else:
                self.ended[who] = self.now


class Forecast:
    """What the model says: `with_lock` (to be compared with the wall time), and `seconds(n)`."""

    # What a thread's computing costs more without the lock: between nothing and this.
    PRICE = 1.10

    def __init__(self, trace):
        self.plan = Plan(trace)
        run = Run(self.plan, 1)
        self.with_lock = run.seconds()
        self.guessed = run.guessed
        self.known = {}

    def seconds(self, processors):
        """(quickest, slowest) seconds without the lock on so many processors."""
        if processors not in self.known:
            self.known[processors] = (Run(self.plan, processors).seconds(),
                                      Run(self.plan, processors, self.PRICE).seconds())
        return self.known[processors]


class FreeForecast:
    """The same of a run without the lock: `seconds(n)` is the time on n processors, at best (nobody
    waits for an object any more) and if such waits stay as they were."""

    def __init__(self, trace):
        self.best, self.plan = Plan(trace), Plan(trace, True)
        here = Run(self.plan, trace.cpus)
        self.model = here.seconds()          # to be compared with the wall time
        self.guessed = here.guessed
        self.with_lock = Run(self.best, 1).seconds()
        self.known = {}

    def seconds(self, processors):
        """(quickest, slowest) seconds on so many processors."""
        if processors not in self.known:
            quick, slow = Run(self.best, processors).seconds(), Run(self.plan, processors).seconds()
            self.known[processors] = min(quick, slow), max(quick, slow)
        return self.known[processors]
