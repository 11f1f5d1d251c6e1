"""The answer for a program that ran without the lock, or whose lock was lifted on the way."""
from .analysis import AMONG_THREADS
from .replay import FreeForecast
from .verdict import AT_WORK, CPU, IO, MIXED, NATIVE_CODE, OVERLAP, PROCESSES, SHORT, SHORTEST, Verdict
from .words import duration, number, percent, plural, times

# Pieces of advice; the names stand in the JSON output.
PARALLEL, SHARED, STOPS, OWN_LOCKS, DIVIDE = ("threads-run-in-parallel", "shared-object", "stops", "own-locks",
                                              "divide-the-work")
FINE = "threads-are-fine"
MUCH = 0.10     # a share of the threads' time from which on it is worth a change


class FreeVerdict(Verdict):
    """Words and numbers over facts of such a run."""

    def _forecast(self):
        forecast = FreeForecast(self.facts.trace)
        self.check = abs(forecast.model - self.facts.trace.end) / max(self.facts.trace.end, 1e-9)
        return forecast

    # ---- What it is ----

    def what_it_is(self):
        f = self.facts
        said = [self._mode(), Verdict.what_it_is(self)[0]]
        said.append(self._cores())
        if len(f.workers) > 1 or f.at_once > 1.05:
            said.append(f"While any thread ran, {number(f.at_once)} did on average.")
        said.append(self._waits())
        return said

    def _mode(self):
        f = self.facts
        if f.trace.mode == "free":
            return "It ran without the lock: threads run at the same time."
        how = "by -X gil=auto" if f.trace.mode == "auto" else "by gil.lift()"
        return (f"It began with the lock, which was lifted {how} after {duration(f.lifted)} of {duration(f.wall)}; "
                "from then on threads ran at the same time.")

    def _waits(self):
        f = self.facts
        parts = []
        if f.total("locked"):
            kinds = ", ".join(self._kind_words(o) for o in f.objects[:3])
            parts.append(f"{percent(f.locked_share)} waiting for locks of objects ({kinds})")
        if f.total("stopped"):
            parts.append(f"{percent(f.stopped_share)} standing still because one had stopped all "
                         f"({', '.join(s.name for s in f.stops[:2]) or 'the interpreter'})")
        if f.total("waiting"):
            share = f.total("waiting") / f.wanted
            parts.append(f"{percent(share)} waiting for the lock around the interpreter, before it was lifted")
        if not parts:
            return "No thread waited for the lock of an object, and none was stopped."
        return "Of the time in which threads could have run they spent " + ", ".join(parts) + "."

    @staticmethod
    def _kind_words(o):
        return f"one {o.name}" if len(o.ids) == 1 else f"{o.name}, {len(o.ids)} of them"

    # ---- What it would gain ----

    def _row(self, cores):
        f, model = self.facts, self.forecast
        scale = f.wall / model.model if model.model > 0 else 1.0
        quick, slow = (seconds * scale for seconds in model.seconds(cores))
        return {"cores": cores, "seconds": [quick, slow], "gain": [f.wall / max(slow, 1e-9), f.wall / max(quick, 1e-9)],
                "processes_seconds": [quick, slow + 0.05 * len(f.workers)]}

    @property
    def with_lock(self):
        """Seconds that it would take with the lock, by the model."""
        model = self.forecast
        return model.with_lock * (self.facts.wall / model.model if model.model > 0 else 1.0)

    # ---- What to do ----

    def _outsiders(self):
        """True when other programs had the processors that this one could have used."""
        f = self.facts
        return f.starved > 0.3 and f.cores_busy < 0.75 * min(self.cpus, f.at_once)

    def _own_locks(self):
        """Seconds that threads with work to do waited for other threads of the program."""
        return sum(seconds for t in self.facts.workers for call, (seconds, _) in t.calls.items()
                   if call == "lock" and t.tid != self.facts.trace.pid)

    def _advice(self):
        f = self.facts
        if f.wall < SHORTEST:
            return SHORT
        if self.kind == PROCESSES:
            return AT_WORK
        if f.locked_share > MUCH:
            return SHARED
        if f.stopped_share > MUCH:
            return STOPS
        workers = f.workers
        if len(workers) < 2:
            if self.kind == CPU:
                return DIVIDE
            waiters = [t for t in f.threads if self._outside(t) > 0.1 * f.wall]
            if self.kind in (IO, MIXED) and len(waiters) == 1 and self._outside(waiters[0]) > 0.3 * f.wall:
                return OVERLAP
            return FINE
        busy = sum(t.wanted for t in workers)
        if self._own_locks() > 0.3 * busy and f.at_once < 0.75 * min(len(workers), self.cpus):
            return OWN_LOCKS
        return FINE if self.kind == IO else PARALLEL

    def what_to_do(self):
        f = self.facts
        if self.advice in (SHORT, AT_WORK, OVERLAP):
            return Verdict.what_to_do(self)
        text = {SHARED: self._shared, STOPS: self._stops, OWN_LOCKS: self._locks, DIVIDE: self._divide,
                PARALLEL: self._parallel_words, FINE: self._fine_words}[self.advice]()
        head = {SHARED: f"Let threads share less: the {f.objects[0].name} is the bottleneck." if f.objects else "",
                STOPS: f"Stop the threads less often: {f.stops[0].name if f.stops else 'stops'}.",
                OWN_LOCKS: "Its own locks hold it up.", DIVIDE: "Divide the work among threads.",
                PARALLEL: "Fine, as far as a busy machine shows it." if self._outsiders() else
                          "Fine: the threads run at the same time.", FINE: "Threads are fine here."}[self.advice]
        return head, text

    def _against_lock(self):
        f = self.facts
        if self.check > 0.3:
            return "How it compares with the lock this run does not tell: the model does not fit it (see the forecast)."
        gain = self.with_lock / f.wall
        if f.trace.mode != "free":
            return (f"With the lock all the way it would have taken about {duration(self.with_lock)} "
                    f"instead of {duration(f.wall)}.")
        return (f"With the lock it would take about {duration(self.with_lock)} instead of {duration(f.wall)}"
                + (f", {times(gain)} as long." if gain >= 1.1 else "."))

    def _shared(self):
        f, o = self.facts, self.facts.objects[0]
        where = f" in {o.place[2]} (line {o.place[1]})" if o.place else ""
        what = (f"one {o.name}" if o.worst > 0.9 * o.seconds else f"{len(o.ids)} objects of type {o.name}")
        gain = self.here["gain"][1]
        text = [f"Threads waited {duration(o.seconds)} in {o.waits} {plural(o.waits, 'wait')} for {what}, mostly{where}. "
                "An object that threads change is locked for each change: they take turns.",
                "Give each thread an object of its own and put them together at the end, hand over work in larger pieces, "
                "or change the object less often. Reading a list, dict or attribute needs no lock."]
        if gain >= 1.1 and self.check <= 0.3:
            text.append(f"Without these waits it would be up to {times(gain)} as fast on {self.here['cores']} cores.")
        return text + [self._against_lock()]

    def _stops(self):
        f = self.facts
        s = f.stops[0] if f.stops else None
        text = [f"Threads stood still {duration(f.total('stopped'))} in all, while one had stopped all the others."]
        if s and s.name == "garbage collection":
            text.append(f"{s.times} {plural(s.times, 'collection')} took {duration(s.seconds)}, the longest {duration(s.longest)}. "
                        "gc.freeze() after the start takes what stays out of it; a higher gc.set_threshold() makes "
                        "collections rarer; fewer objects in cycles need fewer.")
        elif s and s.name == "class change":
            text.append(f"Changing a class stops all threads ({s.times} {plural(s.times, 'time')}): set class attributes once, "
                        "before the threads start, and keep what changes in instances or in a dict.")
        return text + [self._against_lock()]

    def _locks(self):
        return [f"Threads with work to do waited {duration(self._own_locks())} for locks of the program itself, or in queues: "
                "without the GIL these are what makes them take turns. Hold locks for less, or share less.", self._against_lock()]

    def _divide(self):
        f = self.facts
        share = f.held / f.wall
        text = ["One thread does all the work. Without the lock threads compute at the same time: divide it "
                "(concurrent.futures.ThreadPoolExecutor)."]
        if self.cpus > 1:
            text.append(f"If all of it can be divided, at most {times(1 / ((1 - share) + share / self.cpus))} as fast on {self.cpus} cores.")
        return text

    def _parallel_words(self):
        f = self.facts
        text = [self._against_lock()]
        more = next((r for r in self.rows if r["cores"] > self.cpus and r["gain"][1] >= 1.1 and self.check <= 0.3), None)
        if more:
            text.append(f"More cores would help: on {more['cores']} it would be {number(more['gain'][0])} to "
                        f"{number(more['gain'][1])} times as fast.")
        if f.starved > 0.3:
            text.append("All cores were busy: there are more threads than cores." if not self._outsiders() else
                        f"Threads that ran had a processor only {percent(1 - f.starved)} of that time: the machine was busy with "
                        "other things.")
        elif not more and f.at_once < 0.75 * min(len(f.workers), self.cpus):
            text.append(f"Only {number(f.at_once)} threads ran at once: the work is not evenly divided, or parts have one thread.")
        return text

    def _fine_words(self):
        waits = [c for c, s, _ in self.facts.calls() if c not in AMONG_THREADS and s > 0.05 * self.facts.wall]
        text = []
        if waits:
            text.append(f"The threads wait for something outside ({', '.join(waits[:3])}); that needs no cores.")
        if self.kind == NATIVE_CODE:
            text.append("Most of the computing is in native code.")
        return text + [self._against_lock()]

    @property
    def model(self):
        return self.forecast.model

    def _tested(self):
        return (f"the model, applied to this run on {self.cpus} {plural(self.cpus, 'core')}, gives "
                f"{duration(self.forecast.model)}; measured were {duration(self.facts.trace.end)}")


def verdict_of(facts, cores=None):
    """The verdict for facts, with the lock or without."""
    return (FreeVerdict if facts.free else Verdict)(facts, cores)
