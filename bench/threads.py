#!/usr/bin/python3
"""The interpreter without the lock, measured: what threads gain, what it costs, what scales.

usage: threads.py [options] [ITEM...]
  --gila PATH       the interpreter to measure (default build/gila)
  --runs N          runs of each measurement, interleaved (default 5)
  --quick           one run, shorter
  --table-only      leave out the scaling set
  --scaling-only    only the scaling set (or those of its items whose names begin so)
  --json FILE       write all figures there
Figures are medians of the runs. Exits with 1 when a bound does not hold, or a program fails.
The scaling set is bench/scaling/items.py: how much two threads do together of what one does alone,
out of 2.
"""
import argparse
import json
import math
import os
import re
import statistics
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from gil import program  # noqa: E402
from run import Run  # noqa: E402

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
ITEMS = HERE / "scaling" / "items.py"
READ_BOUND, WRITE_BOUND = 1.8, 0.7
# What CPython 3.15 without its lock reaches, where it is less than the bound.
CPYTHON_FREE = {"call_builtin": 0.9, "method_of_shared_instance": 1.0, "bound_method": 1.2, "super_call": 0.2,
                "static_method": 0.5, "class_method": 0.5, "list_read_shared": 1.4, "dict_read_str_keys": 0.9,
                "deepcopy": 1.4, "json_round_trip": 1.2, "re_match_shared": 0.7, "random_shared": 1.0,
                "random_module": 1.0}


def progress(text):
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


class Report:
    """Rows with bounds, printed as they come."""

    def __init__(self):
        self.failed, self.figures = [], {}

    def row(self, what, value, least=None, most=None, note=""):
        self.figures[what] = value
        fine = value is not None and (least is None or value >= least) and (most is None or value <= most)
        bound = f">= {least:.2f}" if least is not None else f"<= {most:.2f}" if most is not None else ""
        if not fine and bound:
            self.failed.append(what)
        shown = "failed" if value is None else f"{value:.3f}"
        print(f"{what:58}{shown:>10}{bound:>9}{'' if fine or not bound else '   FAILED'}  {note}".rstrip(), flush=True)


def run_all(commands, runs, what):
    """Each command in turn, `runs` times: a list of lists of Runs, or None after a message."""
    found = [[] for _ in commands]
    for turn in range(runs):
        for kept, command in zip(found, commands):
            progress(f"{what}: run {turn + 1} of {runs}")
            run = Run(command, 300)
            if run.status != 0:
                progress("")
                print(f"{' '.join(command)}: {run.status}: {run.error.strip()[-300:]}")
                return None
            kept.append(run)
    progress("")
    return found


def median(values):
    return statistics.median(values)


def cpu(report, gila, runs, small):
    """Both sides of the ratio come from one process."""
    draws = "1000000" if small else "10000000"
    modes = {"0": 1.9, "auto": 1.8}
    found = run_all([[gila, "-X", f"gil={m}", program("cpu_threads.py"), draws] for m in modes], runs, "cpu_threads")
    for index, (mode, least) in enumerate(modes.items()):
        what = f"cpu_threads.py {draws}, gil={mode}: sequential / two threads"
        if not found:
            report.row(what, None, least)
            continue
        times = [[float(x) for x in re.findall(r"(?:sequential|two.threads) +([\d.]+)", run.output)[:2]] for run in found[index]]
        one, two = (median([t[i] for t in times]) for i in (0, 1))
        report.row(what, median([a / b for a, b in times]), least, note=f"{one:.3f} s, {two:.3f} s")


def single(report, gila, runs):
    """The programs of bench/ that have one thread, without and with the lock."""
    ratios, memory = [], []
    for path in sorted(HERE.glob("*.py")):
        if path.stem in ("run", "gil", "threads", "threads_queue"):
            continue
        found = run_all([[gila, "-X", f"gil={m}", str(path)] for m in "01"], runs, path.stem)
        if not found:
            report.failed.append(path.stem)
            continue
        # Of each pair of runs that follow each other: what the machine did meanwhile, it did to both.
        ratios.append((median([free.seconds / locked.seconds for free, locked in zip(*found)]), path.stem))
        memory.append((median([r.memory for r in found[0]]) / median([r.memory for r in found[1]]), path.stem))
    if not ratios:
        return
    mean = math.exp(statistics.fmean(math.log(r) for r, _ in ratios))
    worst, heaviest = max(ratios), max(memory)
    report.row(f"{len(ratios)} programs, one thread, gil=0 / gil=1: geometric mean", mean, most=1.03)
    report.row("    the worst", worst[0], most=1.10, note=worst[1])
    report.row("    memory, the worst", heaviest[0], most=1.15, note=heaviest[1])


def latency(report, gila, runs, small):
    """Echo and fairness must not be worse than with the lock."""
    seconds = "0.5" if small else "2"
    for computing in ("1", "4"):
        found = run_all([[gila, "-X", f"gil={m}", program("echo_latency.py"), computing, seconds] for m in "01"], runs, "echo")
        for key, most in (("p50_us", 1.1), ("p99_us", 1.1)):
            what = f"echo beside {computing}, {key[:3]}, gil=0 / gil=1"
            if not found:
                report.row(what, None, most=most)
                continue
            free, locked = (median([float(re.search(key + r"=([\d.]+)", r.output)[1]) for r in kept]) for kept in found)
            # A few microseconds are the machine's, not the interpreter's.
            report.row(what, max(free - 10, 0) / locked if free > locked else free / locked, most=most,
                       note=f"{free:.0f} us, {locked:.0f} us")
    for computing in ("1", "3"):
        found = run_all([[gila, "-X", f"gil={m}", program("cpued.py"), computing, seconds] for m in "01"], runs, "cpued")
        what = f"cpued {computing}, gil=0: least share of the fair one"
        if not found:
            report.row(what, None, 0.7)
            continue
        shares = [[[float(x) for x in re.findall(r"\d+\.\d+", r.output)] for r in kept] for kept in found]
        free, locked = (median([min(s) * len(s) for s in kept]) for kept in shares)
        report.row(what, free, 0.7)
        # A tenth is what the system's scheduler, which shares out processors there, may do differently.
        report.row(f"    cpued {computing}, gil=0 / gil=1", free / locked, 0.9, note=f"{free:.2f}, {locked:.2f}")


def scaling(report, gila, runs, small, names):
    command = [gila, "-X", "gil=0", str(ITEMS)]
    listed = Run([*command, "--list", *names])
    if listed.status != 0:
        sys.exit(f"threads.py: {ITEMS.name}: {listed.error.strip()[-300:]}")
    for name in names:
        if not any(line.startswith(name) for line in listed.output.split("\n")):
            sys.exit(f"threads.py: there is no item {name}: {ITEMS.name} --list names them")
    print(f"\n{'scaling: two threads, of one':34}{'out of 2':>10}{'bound':>9}{'CPython 3.15':>14}{'iterations/s':>16}")
    for line in listed.output.split("\n"):
        if not line:
            continue
        name, kind = line.split()
        progress(name)
        run = Run([*command, "--runs", str(runs), "--seconds", "0.05" if small else "0.1", name], 300)
        progress("")
        least = WRITE_BOUND if kind == "writes" else READ_BOUND
        row = re.search(rf"^{name} (\d+) ([\d.]+)$", run.output, re.MULTILINE)
        value = float(row[2]) if row else None
        report.figures[name] = value
        fine = value is not None and value >= least
        if not fine:
            report.failed.append(name)
        beside = f"{CPYTHON_FREE[name]:.1f}" if name in CPYTHON_FREE else ""
        shown = f"{value:.2f}" if row else "failed"
        print(f"{name:34}{shown:>10}{f'>= {least}':>9}{beside:>14}{int(row[1]) if row else 0:>16,}"
              f"{'' if fine else '   FAILED'}", flush=True)
        if not row:
            print(f"    {run.status}: {run.error.strip()[-300:]}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gila", default=str(ROOT / "build" / "gila"))
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--table-only", action="store_true")
    parser.add_argument("--scaling-only", action="store_true")
    parser.add_argument("--json")
    parser.add_argument("items", nargs="*", metavar="ITEM")
    args = parser.parse_args()
    if args.runs < 1:
        parser.error("--runs: at least 1")
    if not os.path.exists(args.gila):
        sys.exit(f"threads.py: {args.gila} is missing: make build")
    if len(os.sched_getaffinity(0)) < 2:
        sys.exit("threads.py: two processors are needed")
    runs, report = 1 if args.quick else args.runs, Report()
    load = os.getloadavg()[0]
    if not args.scaling_only and not args.items:
        print(f"{'what':58}{'measured':>10}{'bound':>9}")
        cpu(report, args.gila, runs if args.quick else max(runs, 9), args.quick)
        single(report, args.gila, runs)
        latency(report, args.gila, runs, args.quick)
    if not args.table_only:
        scaling(report, args.gila, runs, args.quick, args.items)
    if args.json:
        try:
            Path(args.json).write_text(json.dumps({"load": load, "runs": runs, "figures": report.figures}, indent=1) + "\n")
        except OSError as error:
            sys.exit(f"threads.py: {args.json}: {error.strerror}")
    if load > 1:
        print(f"(the machine was not idle: load {load:.1f})")
    if report.failed:
        print("bounds that do not hold: " + ", ".join(report.failed))
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
