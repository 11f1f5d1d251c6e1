#!/usr/bin/python3
"""Compares interpreters side by side: the programs of bench/ and the figures that Gila must reach.

usage: run.py [options] [PROGRAM...]
  --interpreters A,B    what to compare; the first is measured against the second
                        (default build/gila,/usr/bin/python3.11)
  --runs N              runs of each program under each interpreter, interleaved (default 5)
  --quick               one run, and the experiments at a tenth of their size
  --programs-only       leave out the table of experiments
  --applications        only the large programs of others (pip, pygments, sympy, ...: tests/diff/program_*.py)
  --table-only          leave out the programs
  --check               exit with 1 when a bound does not hold
A figure is the median of the runs; ratios are first / second. Each program prints a checksum, which
must be the same under all interpreters.
"""
import argparse
import json
import math
import os
import shutil
import signal
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
EXAMPLES = ROOT / "examples"
GEOMETRIC_BOUND, WORST_BOUND = 0.8, 1.3


class Run:
    """One finished process: seconds of wall time, peak memory in MB, output, exit status."""

    def __init__(self, command, limit=120):
        env = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "GI_"))}
        program = shutil.which(command[0]) or command[0]
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            streams = [(os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                       (os.POSIX_SPAWN_DUP2, out.fileno(), 1), (os.POSIX_SPAWN_DUP2, err.fileno(), 2)]
            # posix_spawn: Popen's own work would count as the program's, a millisecond of it.
            # The thread that watches the time is there before: starting it would delay a short program.
            waiter = _Limit(limit)
            begin = time.perf_counter()
            waiter.pid = pid = os.posix_spawn(program, command, env, file_actions=streams, setsid=True)
            _, status, usage = os.wait4(pid, 0)
            self.seconds = time.perf_counter() - begin
            waiter.cancel()
            self.status = "time limit" if waiter.hit else os.waitstatus_to_exitcode(status)
            self.memory = usage.ru_maxrss / 1024
            out.seek(0)
            err.seek(0)
            self.output, self.error = out.read().decode("utf-8", "replace"), err.read().decode("utf-8", "replace")


class _Limit:
    """Kills a process that runs too long."""

    def __init__(self, seconds):
        self.hit, self.pid = False, None
        self.timer = threading.Timer(seconds, self.end)
        self.timer.daemon = True
        self.timer.start()

    def end(self):
        self.hit = True
        if self.pid is not None:
            os.kill(self.pid, signal.SIGKILL)

    def cancel(self):
        self.timer.cancel()


def median(values):
    return statistics.median(values)


def label(path):
    name = Path(path).name
    return {"python3.11": "CPython 3.11"}.get(name, name)


def interleaved(commands, runs):
    """Runs each interpreter's command in turn, `runs` times; returns a list of Runs for each."""
    results = [[] for _ in commands]
    for _ in range(runs):
        for kept, command in zip(results, commands):
            run = Run(command)
            kept.append(run)
            if run.status != 0:
                break
    return results


def programs(names):
    found = sorted(p for p in HERE.glob("*.py") if p.name not in ("run.py", "gil.py", "threads.py"))
    if names:
        found = [p for p in found if p.stem in names or p.name in names]
    return found


def applications():
    """Programs that nobody wrote for Gila; tests/diff compares what they print."""
    return sorted((ROOT / "tests" / "diff").glob("program_*.py"))


def compare_programs(interpreters, paths, runs):
    """Prints one line a program; returns ([ratio], [failure])."""
    ratios, failures = [], []
    names = [label(i) for i in interpreters]
    print(f"{'program':20}" + "".join(f"{n + ' s':>16}" for n in names) + f"{'ratio':>8}"
          + "".join(f"{n + ' MB':>17}" for n in names))
    for path in paths:
        results = interleaved([[i, str(path)] for i in interpreters], runs)
        line = f"{path.stem:20}"
        bad = None
        for name, kept in zip(names, results):
            failed = next((r for r in kept if r.status != 0), None)
            if failed is not None or not kept:
                bad = f"{path.stem}: {name}: {failed.status if failed else 'not run'}: " + \
                      (failed.error.strip().splitlines() or [""])[-1][:150] if failed else f"{path.stem}: {name}: not run"
                break
        outputs = {r.output for kept in results for r in kept}
        if bad is None and len(outputs) != 1:
            bad = f"{path.stem}: the outputs differ: " + " | ".join(o.strip()[:80] for o in outputs)
        if bad is not None:
            failures.append(bad)
            print(line + "  " + bad.partition(": ")[2], flush=True)
            continue
        times = [median([r.seconds for r in kept]) for kept in results]
        line += "".join(f"{t:16.3f}" for t in times)
        if len(times) > 1:
            ratios.append((times[0] / times[1], path.stem))
            line += f"{times[0] / times[1]:8.2f}"
        line += "".join(f"{median([r.memory for r in kept]):17.1f}" for kept in results)
        print(line, flush=True)
    return ratios, failures


class Table:
    """The rows `what, measured, bound` at the end."""

    def __init__(self):
        self.rows = []

    def add(self, what, value, bound, note=""):
        self.rows.append((what, value, bound, note))

    def show(self):
        print(f"\n{'what':58}{'measured':>10}{'at most':>9}")
        for what, value, bound, note in self.rows:
            mark = "" if value is not None and value <= bound else "   *"
            text = f"{value:10.3f}" if value is not None else f"{'failed':>10}"
            print(f"{what:58}{text}{bound:9.2f}{mark}  {note}")

    def holds(self):
        return all(value is not None and value <= bound for _, value, bound, _ in self.rows)


def experiments(table, interpreters, runs, small):
    """The experiments and the start of an interpreter, each as a ratio to the second interpreter."""
    draws, process_draws = ("1000000", "500000") if small else ("10000000", "5000000")
    names = [label(i) for i in interpreters]

    def measured(file, *arguments):
        results = interleaved([[i, str(EXAMPLES / file), "--json", *arguments] for i in interpreters], runs)
        rows = []
        for name, kept in zip(names, results):
            failed = next((r for r in kept if r.status != 0), None)
            if failed is not None or not kept:
                print(f"{file}: {name} failed: {failed.error.strip()[-300:] if failed else ''}")
                return None
            times = [json.loads(r.output) for r in kept]
            keys = times[0].keys()
            rows.append(({k: median([t[k] for t in times]) for k in keys}, median([r.memory for r in kept]),
                         [t for t in times]))
        return rows

    def seconds(rows, key):
        return ", ".join(f"{n} {r[0][key]:.3f} s" for n, r in zip(names, rows))

    rows = measured("cpu_threads.py", draws)
    what = f"cpu_threads.py {draws}, sequential time"
    if rows:
        table.add(what, rows[0][0]["sequential"] / rows[1][0]["sequential"], 0.5, seconds(rows, "sequential"))
        table.add("the same, peak memory", rows[0][1] / rows[1][1], 0.4,
                  ", ".join(f"{n} {r[1]:.0f} MB" for n, r in zip(names, rows)))
        own = [median([t["two threads"] / t["sequential"] for t in r[2]]) for r in rows]
        table.add(f"two threads / sequential, in {names[0]} itself", own[0], 1.05,
                  ", ".join(f"{n} {v:.2f}" for n, v in zip(names, own)))
    else:
        for name, bound in ((what, 0.5), ("the same, peak memory", 0.4), ("two threads / sequential", 1.05)):
            table.add(name, None, bound)
    rows = measured("cpu_processes.py", process_draws, "2")
    what = f"cpu_processes.py {process_draws} 2, processes"
    table.add(what, rows and rows[0][0]["processes"] / rows[1][0]["processes"], 0.6, rows and seconds(rows, "processes") or "")
    results = interleaved([[i, "-c", "pass"] for i in interpreters], runs * 4)
    if all(r.status == 0 for kept in results for r in kept):
        times = [median([r.seconds for r in kept]) for kept in results]
        table.add("-c pass, wall time", times[0] / times[1], 0.6,
                  ", ".join(f"{n} {t * 1000:.1f} ms" for n, t in zip(names, times)))
    else:
        table.add("-c pass, wall time", None, 0.6)


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--interpreters", default=f"{ROOT / 'build' / 'gila'},/usr/bin/python3.11")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--programs-only", action="store_true")
    parser.add_argument("--applications", action="store_true")
    parser.add_argument("--table-only", action="store_true")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("names", nargs="*")
    args = parser.parse_args()
    interpreters = [os.path.abspath(i) if os.sep in i else i for i in args.interpreters.split(",")]
    runs = 1 if args.quick else args.runs
    table = Table()
    failures = []
    if not args.programs_only and not args.applications and not args.names and len(interpreters) > 1:
        experiments(table, interpreters, runs, args.quick)
    if not args.table_only and not args.applications:
        paths = programs(args.names)
        ratios, failures = compare_programs(interpreters, paths, runs)
        if ratios:
            mean = math.exp(sum(math.log(r) for r, _ in ratios) / len(ratios))
            worst, name = max(ratios)
            what = f"geometric mean over {len(ratios)} programs"
            table.add(what, mean if not failures else None, GEOMETRIC_BOUND,
                      f"{mean:.3f}, without {len(failures)} that failed" if failures else "")
            table.add("worst of them", worst, WORST_BOUND, name)
    if args.applications or not (args.table_only or args.names):
        ratios, failed = compare_programs(interpreters, applications(), runs)
        failures += failed
        for ratio, name in ratios:
            table.add(name.replace("_", " ", 1), ratio, WORST_BOUND)
    if table.rows:
        table.show()
    for failure in failures:
        print("failed:", failure)
    return 1 if args.check and (failures or not table.holds()) else 0


if __name__ == "__main__":
    sys.exit(main())
