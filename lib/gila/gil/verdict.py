"""The answer: what kind of program it is, what to do, what that gains, and how sure that is."""
from .analysis import AMONG_THREADS, NATIVE
from .replay import Forecast
from .words import duration, number, percent, plural, times

# Kinds of program, and pieces of advice; the names stand in the JSON output.
CPU, IO, MIXED, PROCESSES, NATIVE_CODE = "cpu-bound", "io-bound", "mixed", "in-processes", "native-code"
FINE, PARALLEL, SPLIT, OVERLAP, AT_WORK, SHORT = ("threads-are-fine", "processes-or-no-gil", "split-the-work",
                                                  "overlap-the-waiting", "processes-at-work", "too-short")
WORTH = 1.10          # a gain below this is none
PROCESS_START = 0.05  # seconds: what starting a process and handing it its work may cost
SHORTEST = 0.05       # seconds of recording below which nothing is said


class Verdict:
    """Words and numbers over facts; `cores` are the numbers of processors to forecast for."""

    def __init__(self, facts, cores=None):
        self.facts = facts
        self.cpus = facts.trace.cpus
        self.cores = sorted(set(cores or {self.cpus, 4, 8}) - {1}) or [self.cpus]
        self.forecast = self._forecast()
        self.kind = self._kind()
        self.rows = [self._row(n) for n in self.cores]
        self.advice = self._advice()
        self.certainty, self.reasons = self._certainty()

    def _forecast(self):
        forecast = Forecast(self.facts.trace)
        self.check = abs(forecast.with_lock - self.facts.trace.end) / max(self.facts.trace.end, 1e-9)
        return forecast

    # ---- What it is ----

    def _kind(self):
        f = self.facts
        if f.children_cpu > 0.5 * (f.cpu + f.children_cpu) and f.children_cpu > 0.05:
            return PROCESSES
        held, native = f.held / f.wall, f.native / f.wall
        if native > 0.3 and native > held:
            return NATIVE_CODE
        if held >= 0.7:
            return CPU
        return IO if held + native <= 0.3 else MIXED

    def what_it_is(self):
        """Sentences: the kind of program, and how busy lock and cores were."""
        f = self.facts
        held = percent(f.held / f.wall)
        lines = {
            CPU: f"CPU-bound: a thread was running Python {held} of the time.",
            IO: f"I/O-bound: Python ran {'' if held.startswith('under') else 'only '}{held} of the time; otherwise every thread was waiting for something else.",
            MIXED: f"It computes and waits: Python ran {held} of the time, otherwise every thread was waiting.",
            PROCESSES: f"CPU-bound, and most of the work is in processes that it started: "
                       f"{duration(f.children_cpu)} of processor time there, {duration(f.cpu)} here.",
            NATIVE_CODE: f"CPU-bound in native code that lets go of the lock: Python itself ran {held} of the time.",
        }
        said = [lines[self.kind]]
        said.append(self._cores())
        said.append(self._contention())
        return said

    def _cores(self):
        f = self.facts
        text = f"On average {number(f.cores_busy)} of {self.cpus} {plural(self.cpus, 'core')} were busy with it"
        if f.children_busy:
            text += f", and {number(f.children_busy)} with the processes it started"
        return text + "."

    def _contention(self):
        f = self.facts
        if len(f.workers) < 2 and f.contended < 0.02 * f.wall:
            if self.kind == IO or (self.kind == PROCESSES and f.held < 0.3 * f.wall):
                return "Nobody competed for the lock."
            return "One thread did all the work: nobody competed for the lock."
        if f.contended < 0.02 * f.wall:
            return (f"The lock was hardly contended: threads waited for it {percent(f.wait_share)} of the time "
                    "in which they could have run.")
        return (f"For {percent(f.contended / f.wall)} of the run ({duration(f.contended)}) two threads or more wanted the "
                f"lock at once, {number(f.crowd)} on average, and took turns. Of all the time in which threads could "
                f"have run, they waited for the lock {percent(f.wait_share)}.")

    # ---- What it would gain ----

    def _row(self, cores):
        f, model = self.facts, self.forecast
        quick, slow = model.seconds(cores)
        scale = f.wall / model.with_lock if model.with_lock > 0 else 1.0
        quick, slow = quick * scale, slow * scale
        return {"cores": cores, "seconds": [quick, slow], "gain": [f.wall / max(slow, 1e-9), f.wall / max(quick, 1e-9)],
                "processes_seconds": [quick, slow + PROCESS_START * len(f.workers)]}

    @property
    def with_lock(self):
        """Seconds that it takes with the lock."""
        return self.facts.wall

    @property
    def here(self):
        """The row of this machine, or the first one."""
        return next((r for r in self.rows if r["cores"] == self.cpus), self.rows[0])

    def best(self):
        return max(r["gain"][1] for r in self.rows)

    def contended_gain(self, row):
        """How much faster the part goes in which threads competed."""
        f = self.facts
        saved = f.wall - row["seconds"][0]
        rest = f.contended - saved
        return min(float(row["cores"]), f.contended / rest) if rest > 1e-3 * f.contended else float(row["cores"])

    # ---- What to do ----

    def _advice(self):
        f = self.facts
        if f.wall < SHORTEST:
            return SHORT
        if self.kind == PROCESSES and self.best() < WORTH:
            return AT_WORK
        if self.best() >= WORTH:
            return PARALLEL
        if len(f.workers) < 2:
            if self.kind == CPU:
                return SPLIT
            waiters = [t for t in f.threads if self._outside(t) > 0.1 * f.wall]
            if self.kind in (IO, MIXED) and len(waiters) == 1 and self._outside(waiters[0]) > 0.3 * f.wall:
                return OVERLAP
        return FINE

    def _outside(self, t):
        """Seconds that a thread spent waiting for the world outside."""
        return sum(seconds for call, (seconds, _) in t.calls.items() if call not in AMONG_THREADS and call not in NATIVE)

    def what_to_do(self):
        """A headline and sentences."""
        f = self.facts
        if self.advice == SHORT:
            return ("Record a longer run.", [f"{duration(f.wall)} are too short to say anything: most of that is the "
                                             "interpreter's own start."])
        if self.advice == AT_WORK:
            return ("Nothing: it uses processes already.",
                    ["Each process has a lock of its own, so they do not hold each other up."])
        if self.advice == SPLIT:
            return ("Split the work among processes.", self._split())
        if self.advice == OVERLAP:
            return ("Threads would help: let the waiting overlap.",
                    [f"One thread waits {percent(max(map(self._outside, f.threads)) / f.wall)} of the time ({self._call_names()}). While one thread "
                     "waits, another can run: do several such things at once in threads (concurrent.futures."
                     "ThreadPoolExecutor) or with asyncio."])
        if self.advice == PARALLEL:
            return self._parallel()
        return ("Threads are fine here.", self._fine())

    def _call_names(self):
        names = [c for c, seconds, _ in self.facts.calls() if c not in AMONG_THREADS and seconds > 0.05 * self.facts.wall]
        return ", ".join(names[:3]) or "waiting"

    def _split(self):
        share = self.facts.held / self.facts.wall
        bound = 1 / ((1 - share) + share / self.cpus) if self.cpus > 1 else 1.0
        text = ["Threads would not make it faster: under the lock they compute one at a time. In processes "
                "(concurrent.futures.ProcessPoolExecutor, multiprocessing) each has a lock of its own; without the lock "
                "(-X gil=0, -X gil=auto) threads would do."]
        if self.cpus > 1:
            text.append(f"If all of the work can be divided, at most {times(bound)} as fast on {self.cpus} cores; "
                        "what remains undivided, and sending work and results, costs some of that.")
        return text

    def _fine(self):
        f = self.facts
        row = self.here
        gain = max(0.0, 1 - row["seconds"][0] / f.wall)
        faster = f"at most {percent(gain)}" if gain >= 0.01 else "hardly"
        text = [f"Without the lock the program would be {faster} faster on {row['cores']} "
                f"{plural(row['cores'], 'core')}."]
        if self.kind == IO:
            text.append(f"The threads wait for something outside ({self._call_names()}), and a waiting thread does not "
                        "have the lock. More cores or processes change nothing.")
        elif self.kind == NATIVE_CODE:
            text.append("The calls that compute let go of the lock, so they run beside each other.")
        longest = max((t.longest_wait for t in f.threads), default=0.0)
        if longest > 0.02:
            text.append(f"The longest wait for the lock was {duration(longest)}.")
        return text

    def _parallel(self):
        f = self.facts
        row = self.here if self.here["gain"][1] >= WORTH else max(self.rows, key=lambda r: r["gain"][1])
        chatter = f.wake_ups / f.wall
        sentence = (f"Threads hold each other up: on {row['cores']} cores the same work would take {span(row['seconds'])} "
                    f"instead of {duration(f.wall)}: {gain_words(row['gain'])}.")
        if f.wall - f.contended > 0.05 * f.wall:
            sentence += (f" The part in which threads compete ({duration(f.contended)}) would be up to "
                         f"{times(self.contended_gain(row))} as fast; the rest has one thread.")
        if chatter > 1000:
            head = "Run it without the GIL; processes fit less well."
            text = [sentence, f"Its threads wake each other about {chatter:.0f} times a second: among processes each "
                              "message costs more than that."]
        else:
            head = "Use processes, or run it without the GIL."
            if self.kind == PROCESSES:
                head = "Use processes for the part with threads too, or run it without the GIL."
            text = [sentence, "Processes (concurrent.futures.ProcessPoolExecutor, multiprocessing) pay when the pieces of work "
                              f"are long and little is sent between them: count {duration(PROCESS_START)} for each start, "
                              "and the time to send arguments and results."]
        if not f.free:
            text.append("Without the GIL (-X gil=0, or -X gil=auto, which lifts it when threads wait for it) threads share "
                        "objects as before; code that relied on the lock needs locks of its own.")
        return head, text

    # ---- How sure ----

    @property
    def model(self):
        """What the model gives for the run as it was."""
        return self.forecast.with_lock

    def _tested(self):
        return (f"the model, applied to the run with the lock, gives {duration(self.forecast.with_lock)}; "
                f"measured were {duration(self.facts.trace.end)}")

    def _certainty(self):
        f, reasons, doubt = self.facts, [], 0

        def because(points, text):
            nonlocal doubt
            doubt += points
            reasons.append(text)

        model = self._tested()
        because(0 if self.check <= 0.05 else 1 if self.check <= 0.15 else 3, model)
        if f.wall < 0.3:
            because(2, f"the run was short ({duration(f.wall)}), and a good part of it is the interpreter's start")
        if f.starved > 0.15:
            because(1 if f.starved < 0.4 else 2, "the machine was busy with other things: "
                    f"{'who ran' if f.free else 'whoever had the lock'} was without a processor {percent(f.starved)} of that time")
        if f.trace.lost:
            many = f.trace.lost > 0.1 * sum(len(t.slices) for t in f.trace.threads.values())
            because(3 if many else 1, f"{f.trace.lost} events came too fast and are missing")
        if f.trace.damaged:
            because(2, f"line {f.trace.damaged} of the recording cannot be read, and only what stands before it was used")
        elif f.trace.full:
            because(2, "only the first part of the recording was used")
        elif f.trace.cut:
            because(1, "the recording has no end (the program was killed)")
        if self.forecast.guessed > 0.05 * max(20, self.forecast.plan.links):
            because(2, "who woke whom could not be told for many waits")
        if f.wake_ups / f.wall > 1000:
            because(1, "threads wake each other very often, which costs more when they run at the same time")
        if f.native > 0.1 * f.wall:
            because(1, "threads also compute outside the lock, where the model gives each a core of its own")
        return ("high" if doubt == 0 else "medium" if doubt <= 2 else "low"), reasons


def span(pair):
    low, high = (duration(x) for x in pair)
    return low if low == high else f"{low} to {high}"


def gain_words(pair):
    low, high = (number(x) for x in pair)
    return f"{high} times as fast" if low == high else f"{low} to {high} times as fast"
