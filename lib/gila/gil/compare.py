"""`--compare`: the program again, unrecorded, in each way that exists; forecast beside result."""
import os
import shlex

from . import recording
from .verdict import span
from .words import duration, percent, table, wrap

WAYS = {"gil": "with the lock", "auto": "lifted when threads wait", "free": "without the lock"}
OPTIONS = {"gil": "gil=1", "auto": "gil=auto", "free": "gil=0"}

VARIABLE = "GILA_WORKERS"


class Row:
    """One way of running the program."""

    def __init__(self, name, predicted, ended=None, why=""):
        self.name, self.predicted, self.ended, self.why = name, predicted, ended, why

    @property
    def seconds(self):
        return self.ended.seconds if self.ended else None

    @property
    def off(self):
        """How far the result lies outside the forecast, as a share of the result; 0 within it."""
        if self.seconds is None or self.predicted is None:
            return None
        low, high = self.predicted
        return (self.seconds - high if self.seconds > high else min(0.0, self.seconds - low)) / self.seconds

    def as_dict(self):
        return {"way": self.name, "predicted": self.predicted, "measured": self.seconds, "off": self.off,
                "status": self.ended.status if self.ended else None, "left_out": self.why or None}


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

    def measure(options, words, env):
        return recording.run(recording.interpreter(options) + words, env, quiet)

    predicted = {"gil": [verdict.with_lock] * 2, "free": here["seconds"], "auto": here["seconds"]}
    if verdict.facts.lifted is None or verdict.facts.trace.mode != "gil":   # else: by gil.lift()
        predicted[verdict.facts.trace.mode] = [verdict.facts.wall] * 2
    rows = [Row(WAYS[mode], shifted(predicted[mode]), measure(["-X", OPTIONS[mode]], program, environment))
            for mode in ("gil", "auto", "free")]
    predicted = shifted(here["processes_seconds"])
    if offered:
        env = dict(os.environ, **{VARIABLE: "processes"})
        rows.append(Row("with processes", predicted, measure(["-X", "gil=1"], _command(program, processes), env)))
    else:
        rows.append(Row("with processes", predicted, why=f"the program does not offer it ({VARIABLE}, --processes)"))
    return rows


def text(rows, width):
    """The table for a terminal."""
    cells = [("way", "forecast", "measured", "")]
    for row in rows:
        note = row.why
        if row.ended:
            off = row.off
            note = "as forecast" if abs(off) < 0.03 else f"{percent(abs(off))} {'slower' if off > 0 else 'faster'} than forecast"
            if row.ended.status:
                note = row.ended.words()
        cells.append((row.name, span(row.predicted), "-" if row.seconds is None else duration(row.seconds), note))
    lines = ["", "Each way there is   (seconds from start to end, on this machine)"]
    lines += ["  " + line for line in table(cells, right={1, 2})]
    lines += wrap("The forecast for the way that was recorded is that run itself; it differs by what recording costs and by "
                  "chance.", width, "  ")
    return "\n".join(lines) + "\n"
