"""`--compare`: the program again, unrecorded, in each way that exists; forecast beside result."""
import os
import shlex

from . import recording
from .verdict import span
from .words import duration, number, percent, plural, table, times, wrap

WAYS = {"gil": "with the lock", "auto": "lifted when threads wait", "free": "without the lock"}
OPTIONS = {"gil": "gil=1", "auto": "gil=auto", "free": "gil=0"}

VARIABLE = "GILA_WORKERS"


class Row:
    """One way of running the program."""

    def __init__(self, name, predicted, ended=None, why="", others=None):
        self.name, self.predicted, self.ended, self.why = name, predicted, ended, why
        self.others = others    # cores that other programs kept busy meanwhile, or None

    @property
    def seconds(self):
        return self.ended.seconds if self.ended else None

    @property
    def off(self):
        """How far the result lies outside the forecast, as a share of its nearer end; 0 within it."""
        if self.seconds is None or self.predicted is None:
            return None
        low, high = self.predicted
        return max(0.0, self.seconds / max(high, 1e-9) - 1) or min(0.0, self.seconds / max(low, 1e-9) - 1)

    def as_dict(self):
        return {"way": self.name, "predicted": self.predicted, "measured": self.seconds, "off": self.off,
                "status": self.ended.status if self.ended else None, "left_out": self.why or None,
                "others": self.others}


def machine_busy():
    """Processor seconds that the whole machine has spent, or None where the system does not tell."""
    try:
        with open("/proc/stat", encoding="ascii") as file:
            name, *ticks = file.readline().split()
        user, nice, system, _, _, irq, softirq, steal = map(int, ticks[:8])
        return (user + nice + system + irq + softirq + steal) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError):
        return None


def offers_processes(program):
    """True when the program's text mentions the variable by which it is told to use processes."""
    if program[0] == "-c":
        return VARIABLE in program[1]
    path = program[0]
    if os.path.isdir(path):
        path = os.path.join(path, "__main__.py")
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return VARIABLE in file.read(1 << 20)
    except OSError:
        return False


def _command(program, processes):
    """The program with other arguments."""
    if processes is None:
        return program
    head = program[:2] if program[0] in ("-m", "-c") else program[:1]
    return head + shlex.split(processes)


def run(verdict, recorded, program, processes, quiet):
    """Runs every way; gives rows. The recorded run is the first one's forecast."""
    offered = processes is not None or offers_processes(program)
    environment = dict(os.environ, **{VARIABLE: "threads"}) if offered else None
    start = recorded.seconds - verdict.facts.wall   # what lies outside the recording
    here = verdict.here

    def shifted(pair):
        return [max(0.0, x + start) for x in pair]

    def row(name, expected, options, words, env):
        before = machine_busy()
        ended = recording.run(recording.interpreter(options) + words, env, quiet)
        after = machine_busy()
        others = None if before is None or after is None else max(0.0, after - before - ended.cpu) / max(ended.seconds, 1e-9)
        return Row(name, shifted(expected), ended, others=others)

    predicted = {"gil": [verdict.with_lock] * 2, "free": here["seconds"], "auto": here["seconds"]}
    if verdict.facts.lifted is None or verdict.facts.trace.mode != "gil":   # else: by gil.lift()
        predicted[verdict.facts.trace.mode] = [verdict.facts.wall] * 2
    rows = [row(WAYS[mode], predicted[mode], ["-X", OPTIONS[mode]], program, environment) for mode in ("gil", "auto", "free")]
    predicted = here["processes_seconds"]
    if offered:
        env = dict(os.environ, **{VARIABLE: "processes"})
        rows.append(row("with processes", predicted, ["-X", "gil=1"], _command(program, processes), env))
    else:
        rows.append(Row("with processes", shifted(predicted), why=f"the program does not offer it ({VARIABLE}, --processes)"))
    return rows


def note(row):
    """What a row says beside its numbers."""
    if not row.ended or row.ended.status:
        return row.ended.words() if row.ended else row.why
    off = row.off
    if off >= 1:
        return f"{times(1 + off)} as long as forecast"
    return "as forecast" if abs(off) < 0.03 else f"{percent(abs(off))} {'longer' if off > 0 else 'shorter'} than forecast"


def disturbed(rows, cpus):
    """A sentence about other programs that used the processors, or nothing."""
    found = [row.others for row in rows if row.others is not None]
    if not found or max(found) <= 0.15 * cpus:
        return ""
    low, high = number(min(found)), number(max(found))
    return (f"Meanwhile other programs kept {low if low == high else f'{low} to {high}'} of {cpus} {plural(cpus, 'core')} "
            "busy: on a machine with nothing else to do the results would be better.")


def text(rows, width, cpus):
    """The table for a terminal."""
    cells = [("way", "forecast", "measured", "")]
    for row in rows:
        cells.append((row.name, span(row.predicted), "-" if row.seconds is None else duration(row.seconds), note(row)))
    lines = ["", "Each way there is   (seconds from start to end, on this machine)"]
    lines += ["  " + line for line in table(cells, right={1, 2})]
    lines += wrap("The forecast for the way that was recorded is that run itself; it differs by what recording costs and by "
                  "chance.", width, "  ")
    if said := disturbed(rows, cpus):
        lines += wrap(said, width, "  ")
    return "\n".join(lines) + "\n"
