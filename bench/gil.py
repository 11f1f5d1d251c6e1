#!/usr/bin/python3
"""The lock measured: latency beside computing threads, fairness, what a second thread costs, hand-overs.

usage: gil.py [options] [ROW...]
  --gila PATH       the interpreter to measure (default build/gila)
  --python PATH     the one to compare with (default /usr/bin/python3.11)
  --runs N          runs of each measurement under each interpreter, interleaved (default 5)
  --quick           one run, shorter
  --json FILE       write all figures there
  --realtime        run the programs ahead of all others (chrt -f), for a machine that is not idle; needs root
  ROW               only the rows whose name begins so: echo1 echo4 nopause fair1 fair3 threads2 threads8 switch
Figures are medians of the runs. Exits with 1 when a bound does not hold, or a program fails.
The programs are those of ../shared/experiments where that exists, else of examples/.
"""
import argparse
import itertools
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EXPERIMENTS = ROOT.parent / "shared" / "experiments"
EXAMPLES = ROOT / "examples"
COMPUTE = "import itertools\nfor _ in itertools.count(): pass"
# The work of cpu_threads.py in any number of threads, against the same one after the other: in rounds that
# change their order, since the speed of a shared machine drifts by more than the lock costs.
MANY_THREADS = """
import runpy, sys, time
from threading import Thread
path, draws, threads, rounds = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
sys.argv[1:] = [draws]
work = runpy.run_path(path)["work"]
def sequential():
    for _ in range(threads): work()
def threaded():
    crew = [Thread(target=work) for _ in range(threads)]
    for t in crew: t.start()
    for t in crew: t.join()
def timed(run):
    began = time.perf_counter()
    run()
    return time.perf_counter() - began
# The C library learns to keep the memory of all the lists; to touch it for the first time costs more than the lock.
threaded(), sequential()
for turn in range(rounds):
    first, second = (sequential, threaded) if turn % 2 else (threaded, sequential)
    times = {first: timed(first), second: timed(second)}
    print(times[threaded] / times[sequential])
"""
# The work of cpu_threads.py in one thread, twice: the second time somebody moves it about.
MOVED = """
import random, sys, time
n = int(sys.argv[1])
def work():
    return min([random.random() * 100 for _ in range(n)])
def timed():
    began = time.perf_counter()
    work(), work()
    return time.perf_counter() - began
work()
still = timed()
print(flush=True)
print(f"{timed() / still:.4f}")
"""


def program(name):
    for folder in (EXPERIMENTS, EXAMPLES):
        if (folder / name).exists():
            return str(folder / name)
    sys.exit(f"gil.py: {name} is missing")


AHEAD = []  # what stands before every command: --realtime


def run(command, limit=300):
    """Returns what the command printed; a failure ends the measurement with one clear line."""
    command = AHEAD + command
    env = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "GI_"))}
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, env=env, timeout=limit)
    except subprocess.TimeoutExpired:
        sys.exit(f"gil.py: {' '.join(command)}: took more than {limit} s")
    except OSError as error:
        sys.exit(f"gil.py: {command[0]}: {error.strerror}")
    if done.returncode:
        sys.exit(f"gil.py: {' '.join(command)}: exit status {done.returncode}\n{done.stderr[-2000:]}")
    return done.stdout


def moved(interpreter, draws):
    """What it costs one thread to go to another processor every 5 ms: the machine's part of a hand-over."""
    processors = sorted(os.sched_getaffinity(0))
    child = subprocess.Popen([*AHEAD, interpreter, "-c", MOVED, str(draws)], stdin=subprocess.DEVNULL,
                             stdout=subprocess.PIPE, text=True)
    child.stdout.readline()
    turn = 0
    while child.poll() is None:
        turn += 1
        try:
            os.sched_setaffinity(child.pid, {processors[turn % len(processors)]})
        except ProcessLookupError:
            break
        time.sleep(0.005)
    text = child.stdout.read()
    if child.wait():
        sys.exit(f"gil.py: {interpreter}: exit status {child.returncode}")
    return float(text)


def echo(interpreter, computing, seconds, pause=None):
    arguments = [str(computing), str(seconds)] + ([] if pause is None else [str(pause)])
    text = run([interpreter, program("echo_latency.py"), *arguments])
    return {key: float(value) for key, value in re.findall(r"(\w+)=([\d.]+)", text)}


def shares(interpreter, computing, seconds):
    text = run([interpreter, program("cpued.py"), str(computing), str(seconds)])
    found = [float(x) for x in re.findall(r"\d+\.\d+", text)]
    return found


class Row:
    """One measured quantity: how to get it from an interpreter, its unit, and what must hold of it."""

    def __init__(self, name, what, unit, get, most=None, least=None):
        self.name, self.what, self.unit, self.get, self.most, self.least = name, what, unit, get, most, least

    def bound(self):
        if self.most is not None:
            return f"<= {show(self.most, self.unit)}"
        return f">= {show(self.least, self.unit)}" if self.least is not None else ""

    def holds(self, value):
        return (self.most is None or value <= self.most) and (self.least is None or value >= self.least)


def show(value, unit):
    if value is None:
        return "-"
    if unit == "us":
        return f"{value:,.0f} us" if value >= 100 else f"{value:.1f} us"
    if unit == "%":
        return f"{value * 100:.1f}%"
    if unit == "/s":
        return f"{value:,.0f}/s"
    return f"{value:.3f}"


class Measurement:
    """One group of rows that share their runs: `sample(interpreter)` gives a dict of raw figures."""

    def __init__(self, name, sample, rows):
        self.name, self.sample, self.rows = name, sample, rows


def beside_a_process(interpreter, seconds):
    """The ideal: the same echo beside a computing process instead of a thread."""
    other = subprocess.Popen([*AHEAD, interpreter, "-c", COMPUTE], stdin=subprocess.DEVNULL)
    try:
        return echo(interpreter, 0, seconds)
    finally:
        other.kill()
        other.wait()


def measurements(quick):
    seconds = 0.7 if quick else 2
    draws = 1_000_000 if quick else 10_000_000
    rounds = 1 if quick else 4

    def echo1(interpreter):
        beside, ideal = echo(interpreter, 1, seconds), beside_a_process(interpreter, seconds)
        return {"p50": beside["p50_us"], "p99": beside["p99_us"], "ideal50": ideal["p50_us"], "ideal99": ideal["p99_us"]}

    def echo4(interpreter):
        # One message at the beginning is no load: what the counting threads do by themselves.
        alone, beside = echo(interpreter, 4, seconds, seconds), echo(interpreter, 4, seconds)
        return {"p50": beside["p50_us"], "p99": beside["p99_us"], "lost": 1 - beside["counted_per_s"] / alone["counted_per_s"]}

    def nopause(interpreter):
        free, alone = echo(interpreter, 0, seconds, 0), echo(interpreter, 1, seconds, seconds)
        beside = echo(interpreter, 1, seconds, 0)
        return {"echoes": beside["echoes"] / free["echoes"], "counted": beside["counted_per_s"] / alone["counted_per_s"]}

    def fair(computing):
        def sample(interpreter):
            found = shares(interpreter, computing, seconds)
            return {"yielding": found[0] * len(found), "least": min(found) * len(found)}
        return sample

    # One processor shows what the lock costs. On several the threads also go from one to the other with it,
    # which costs what the machine makes it cost: the same for a thread that somebody moves (`moved`).
    alone = ["taskset", "-c", str(min(os.sched_getaffinity(0)))]

    def many(command, threads, draws):
        """Every round's ratio: those of all runs together have the median that counts."""
        text = run([*command, "-c", MANY_THREADS, program("cpu_threads.py"), str(draws), str(threads), str(rounds)])
        return [float(line) for line in text.split()]

    def threads2(interpreter):
        return {"bound": many([*alone, interpreter], 2, draws), "ratio": many([interpreter], 2, draws),
                "moved": moved(interpreter, draws)}

    def threads8(interpreter):
        return {"bound": many([*alone, interpreter], 8, draws // 4), "ratio": many([interpreter], 8, draws // 4)}

    return [
        Measurement("echo1", echo1, [
            Row("p50", "echo beside 1 computing thread, p50", "us", None, most=150),
            Row("p99", "    p99", "us", None, most=4000),
            Row("ideal50", "  ideal: beside a computing process, p50", "us", None),
            Row("ideal99", "    p99", "us", None)]),
        Measurement("echo4", echo4, [
            Row("p50", "echo beside 4 computing threads, p50", "us", None, most=200),
            Row("p99", "    p99", "us", None, most=5000),
            Row("lost", "    what the computing threads lose by it", "%", None, most=0.05)]),
        Measurement("nopause", nopause, [
            Row("echoes", "echo without pause beside 1: echoes, of those alone", "%", None, least=0.4),
            Row("counted", "    counting, of that alone", "%", None, least=0.4)]),
        Measurement("fair1", fair(1), [
            Row("yielding", "share of the fair one, beside 1: who offers its turn", "%", None, least=0.7),
            Row("least", "    the least of all", "%", None, least=0.7)]),
        Measurement("fair3", fair(3), [
            Row("yielding", "share of the fair one, beside 3: who offers its turn", "%", None, least=0.7),
            Row("least", "    the least of all", "%", None, least=0.7)]),
        Measurement("threads2", threads2, [
            Row("bound", "two computing threads / in turn, one processor", "", None, most=1.02),
            Row("ratio", "    all processors", "", None, most=1.02),
            Row("moved", "    one thread, moved every 5 ms / left alone", "", None)]),
        Measurement("threads8", threads8, [
            Row("bound", "eight computing threads / in turn, one processor", "", None, most=1.02),
            Row("ratio", "    all processors", "", None, most=1.02)]),
    ]


NAMES = ["echo1", "echo4", "nopause", "fair1", "fair3", "threads2", "threads8", "switch"]


def progress(text):
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


def collect(measurement, interpreters, runs):
    """Medians: {interpreter: {row: value}}."""
    samples = {name: [] for name in interpreters}
    for turn in range(runs):
        for name, path in interpreters.items():
            progress(f"{measurement.name}: run {turn + 1} of {runs}, {name}")
            samples[name].append(measurement.sample(path))
    progress("")
    def middle(values):
        return statistics.median(itertools.chain.from_iterable(v if isinstance(v, list) else [v] for v in values))

    return {name: {key: middle([one[key] for one in found]) for key in found[0]} for name, found in samples.items()}


def hand_overs(runs, quick):
    """(hand-overs a second, those of a bare mutex and condition), or None where it cannot be built."""
    library = ROOT / "build" / "opt"
    with tempfile.TemporaryDirectory() as folder:
        built = Path(folder) / "gil_handover"
        command = ["cc", "-O2", "-std=gnu11", "-D_GNU_SOURCE", "-DNDEBUG", "-pthread", f"-I{ROOT / 'src'}",
                   str(ROOT / "bench/micro/gil_handover.c"), str(library / "libgi_threads.a"), str(library / "libgi_os.a"),
                   str(library / "libgi_base.a"), "-lm", "-ldl", "-o", str(built)]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            # Thin archives of the build tree name their objects relatively.
            print(f"gil.py: bench/micro/gil_handover.c cannot be built:\n{done.stderr[-1500:]}", file=sys.stderr)
            return None
        found = []
        for turn in range(runs):
            progress(f"switch: run {turn + 1} of {runs}")
            text = run([str(built), "0.2" if quick else "1", "switch"])
            match = re.search(r"hand-overs a second: (\d+); bare mutex and condition: (\d+)", text)
            single = re.search(r"uncontended: ([\d.]+) ns", text)
            found.append((float(match.group(1)), float(match.group(2)), float(single.group(1))))
        progress("")
    return [statistics.median(column) for column in zip(*found)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, add_help=True)
    parser.add_argument("--gila", default=str(ROOT / "build" / "gila"))
    parser.add_argument("--python", default="/usr/bin/python3.11")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json")
    parser.add_argument("--realtime", action="store_true")
    parser.add_argument("rows", nargs="*", metavar="ROW")
    args = parser.parse_args()
    if args.runs < 1:
        parser.error("--runs: at least 1")
    for row in args.rows:
        if not any(name.startswith(row) for name in NAMES):
            parser.error(f"there is no row {row}: {' '.join(NAMES)}")
    runs = 1 if args.quick else args.runs
    if args.realtime:
        AHEAD[:] = ["chrt", "-f", "10"]
        if subprocess.run([*AHEAD, "true"], capture_output=True).returncode:
            sys.exit("gil.py: --realtime: chrt -f is not allowed here (it needs root)")
    for path in (args.gila, args.python):
        if not os.path.exists(path):
            sys.exit(f"gil.py: {path} is missing")

    def chosen(name):
        return not args.rows or any(name.startswith(r) for r in args.rows)

    interpreters = {"Gila": args.gila, "CPython": args.python}
    figures, failed = {}, []
    load = os.getloadavg()[0]
    print(f"{'':52} {'Gila':>12} {'bound':>12} {'CPython 3.11':>13}")
    for measurement in measurements(args.quick):
        if not chosen(measurement.name):
            continue
        medians = collect(measurement, interpreters, runs)
        figures[measurement.name] = medians
        for row in measurement.rows:
            ours, theirs = medians["Gila"][row.name], medians["CPython"][row.name]
            fine = row.holds(ours)
            if not fine:
                failed.append(f"{measurement.name} {row.name}")
            print(f"{row.what:52} {show(ours, row.unit):>12} {row.bound():>12} {show(theirs, row.unit):>13}"
                  f"{'' if fine else '   FAILED'}", flush=True)
    if chosen("switch"):
        found = hand_overs(runs, args.quick)
        if found is None:
            failed.append("switch")
        else:
            figures["switch"] = {"gil": found[0], "bare": found[1], "uncontended_ns": found[2]}
            print(f"{'hand-overs between two threads':52} {show(found[0], '/s'):>12}")
            print(f"{'    a bare mutex and condition':52} {show(found[1], '/s'):>12}")
            print(f"{'    times as many':52} {found[0] / found[1]:>12.2f}")
            print(f"{'detach and attach, nobody waiting':52} {found[2]:>9.1f} ns")
    if args.json:
        try:
            Path(args.json).write_text(json.dumps({"load": load, "runs": runs, "figures": figures}, indent=1) + "\n")
        except OSError as error:
            sys.exit(f"gil.py: {args.json}: {error.strerror}")
    if load > 1 and not args.realtime:
        print(f"(the machine was not idle: load {load:.1f})")
    if failed:
        print("bounds that do not hold: " + ", ".join(failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
