#!/usr/bin/python3
"""Runs CPython's own test files under Gila and compares the cases with what CPython 3.11 passes.

Each file runs in processes of its own (filerun.py); a case that takes ten times as long as under
CPython, and at least 30 seconds, has failed. Without FILE all files of files.txt run whose native
modules exist, longest first. What is done is kept under build/conformance/: a run that was stopped
goes on there, and one that came to its end begins anew.
The denominator is what /usr/bin/python3.11 passes under the same runner on the same machine. A whole
run measures that too, once, and keeps it with its date under build/conformance/cpython/; with FILE,
--check or --stored it is taken from baseline.json.
The list of cases in passing/ is a promise: one of them that fails is `lost` and decides the exit
status, as do the shares that are asked of whole tiers.
"""
import argparse
import concurrent.futures
import hashlib
import json
import os
import signal
import subprocess
import sys
import time
import zlib
from datetime import date
from pathlib import Path

from filerun import STOP, FileRun, Stopped, Verdict, short

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
CPYTHON = "/usr/bin/python3.11"
SUITE = Path("/usr/lib/python3.11/test")
STATE = ROOT / "build" / "conformance"
TIERS = {"L": "language", "B": "builtin types", "T": "threads and processes", "S": "library"}
ASKED = {"L": 0.97, "B": 0.97, "T": 0.95, "S": 0.85}  # shares of a whole tier
# Files whose cases may fail once in --check, for want of processor time.
TIMED = {"test_concurrent_futures", "test_multiprocessing_fork", "test_multiprocessing_forkserver",
         "test_multiprocessing_spawn", "test_signal", "test_threading"}
PART_SECONDS = 75  # of CPython's processor time, that a part of --check has beside tier L
START_SECONDS = 0.3  # what each file costs beside its cases
COLUMNS = ("CPython", "left out", "passed", "failed", "errors")


class Row:
    """A line of files.txt: the file, its tier and the native modules that it cannot do without."""

    def __init__(self, name, tier, natives=""):
        self.name, self.tier = name, tier
        self.natives = natives.split(",") if natives else []


def read_rows(path):
    lines = (line.split("#")[0].split() for line in path.read_text().splitlines())
    return [Row(*words) for words in lines if words]


def left_out(module):
    rows = []
    for line in (HERE / "leftout.txt").read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            pattern, reason = line.split(None, 1)
            file, case = pattern.split(":", 1)
            if file == module:
                rows.append((case, reason))
    return rows


def passing_file(module):
    return HERE / "passing" / f"{module}.txt"


def passing(module):
    path = passing_file(module)
    return set(path.read_text().splitlines()) if path.exists() else set()


def weight(cases):
    """Seconds that a file takes, by CPython's measure; a file never measured counts as long."""
    return START_SECONDS + sum(cases["passed"].values()) if cases else 60.0


def listed(cases, module):
    """Of these cases those that --check runs."""
    only = passing(module)
    return cases and {"passed": {case: seconds for case, seconds in cases["passed"].items() if case in only}}


def parts(weights, count):
    """Distributes {name: seconds} over so many parts, about equally; the same files give the same parts."""
    bins = [[0.0, index, []] for index in range(count)]
    for name in sorted(weights, key=lambda n: (-weights[n], n)):
        least = min(bins)
        least[0] += weights[name]
        least[2].append(name)
    return [names for _, _, names in sorted(bins, key=lambda b: b[1])]


def today_part(count):
    return int(time.time()) // 86400 % count


def write_json(path, data):
    """Writes whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{os.getpid()}")
    fresh.write_text(json.dumps(data, indent=0, sort_keys=True) + "\n")
    fresh.replace(path)


def read_json(path):
    try:
        return json.loads(path.read_text())
    except (OSError, ValueError):
        return None


def digest(*paths):
    value = hashlib.sha256()
    for path in paths:
        value.update(Path(path).read_bytes())
    return value.hexdigest()[:24]


class State:
    """Results of files, kept so that a run can go on. A result counts for the interpreter (and mode)
    whose digest stands in it."""

    def __init__(self, folder, key):
        self.folder, self.key = folder, key

    def load(self, name):
        data = read_json(self.folder / f"{name}.json")
        return data if data and data.get("key") == self.key else None

    def save(self, name, data):
        write_json(self.folder / f"{name}.json", {**data, "key": self.key})

    def begin(self, names, again):
        """Forgets what is there when a run is to begin anew; returns the names that are done."""
        done = [name for name in names if self.load(name)]
        if again or len(done) == len(names):
            for name in names:
                (self.folder / f"{name}.json").unlink(missing_ok=True)
            return []
        return done


def cpython_version():
    return subprocess.run([CPYTHON, "-c", "import sys; print(sys.version.split()[0])"],
                          capture_output=True, text=True, check=True).stdout.strip()


def measure(name):
    """What CPython passes of one file: {"passed": {case: seconds}, "other": {case: how}}."""
    run = FileRun(CPYTHON, name, default_limit=300, file_limit=3600).run()
    passed, other = {}, {}
    for case in run.cases:
        how, why, seconds = run.results.get(case, ("missing", "", 0))
        if how == "ok":
            passed[short(run.full, case)] = seconds
        else:
            other[short(run.full, case)] = how + (": " + why.splitlines()[-1] if why else "")
    return {"passed": passed, "other": other}, run


def measure_baseline(names, jobs):
    path = HERE / "baseline.json"
    data = read_json(path) or {"files": {}}
    data["python"], data["date"] = cpython_version(), date.today().isoformat()
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for cases, run in pool.map(measure, names):
            data["files"][run.module] = cases
            print(f"{run.module:32} {len(cases['passed']):5} passed  {len(cases['other']):4} not  "
                  f"{run.seconds:7.1f} s {run.note}", flush=True)
            write_json(path, data)


class Reference:
    """What CPython passes: measured here once, or as stored with the tests."""

    def __init__(self, here):
        self.stored = read_json(HERE / "baseline.json") or {"files": {}, "date": "-", "python": "-"}
        self.version = cpython_version() if here else self.stored["python"]
        self.state = State(STATE / "cpython", f"{self.version} {digest(HERE / 'loader.py')}") if here else None
        self.dates = set()

    def known(self, name):
        return (self.state.load(name) if self.state else None) or self.stored["files"].get(name)

    def cases(self, name):
        if not self.state:
            self.dates.add(self.stored["date"])
            return self.stored["files"].get(name)
        cases = self.state.load(name)
        if not cases:
            cases = {**measure(name)[0], "date": date.today().isoformat()}
            self.state.save(name, cases)
        self.dates.add(cases["date"])
        return cases


class Result:
    """One file's outcome."""

    def __init__(self, row, verdict, seconds=0.0, note=""):
        self.row, self.verdict, self.seconds, self.note = row, verdict, seconds, note
        self.lost = sorted(passing(row.name) & set(verdict.bad))

    def counts(self):
        v = self.verdict
        return [v.counted + len(v.out), len(v.out), len(v.passed), len(v.failed), len(v.errors)]


def share_of(counts):
    counted = counts[0] - counts[1]
    return counts[2] / counted if counted else 1.0


def one_file(row, python, env, reference, state, check):
    """Runs a file, or takes its result from a run that was stopped."""
    cases = reference.cases(row.name)
    if cases is None:
        return Result(row, Verdict({}, [], []), note="not in baseline.json: run --baseline with it")
    data = state.load(row.name) if state else None
    if data is None:
        limits = {case: max(30, 10 * seconds) for case, seconds in cases["passed"].items()}
        only = passing(row.name) if check else None
        run = FileRun(python, row.name, limits, only=only, env=env).run()
        data = {"results": run.short_results(), "seconds": run.seconds, "note": run.note}
        if state:
            state.save(row.name, data)
    counted = cases["passed"]
    if check:
        counted = [case for case in counted if case in passing(row.name)]
    verdict = Verdict(data["results"], counted, left_out(row.name), data["note"])
    if check and row.name in TIMED and verdict.bad:
        return once_more(row, python, env, data, verdict, counted)
    return Result(row, verdict, data["seconds"], data["note"])


def once_more(row, python, env, data, verdict, counted):
    """Cases of threads and processes wait for so long and expect that others are done by then. On a machine that does other
    things they are not always: what failed is run once more, without the others of its file, and that counts."""
    run = FileRun(python, row.name, {}, only=set(verdict.bad), env=env).run()
    again = Verdict({**data["results"], **run.short_results()}, counted, left_out(row.name), run.note)
    note = f"{len(verdict.bad) - len(again.bad)} of {len(verdict.bad)} that failed passed when run once more"
    return Result(row, again, data["seconds"] + run.seconds, note)


def natives_missing(python, names):
    """Which of these native modules the interpreter does not have."""
    if not names:
        return set()
    code = ("import sys, importlib.util as u\n"
            "print(*[n for n in sys.argv[1:] if n not in sys.builtin_module_names and u.find_spec(n) is None])")
    return set(subprocess.run([python, "-c", code, *sorted(names)], capture_output=True, text=True, check=True).stdout.split())


def line(name, counts, seconds, note=""):
    numbers = " ".join(f"{n:8}" for n in counts)
    return f"{name:34} {numbers} {share_of(counts):7.1%} {seconds:7.1f} {note}".rstrip()


def heading(text):
    return f"{text:34} " + " ".join(f"{c:>8}" for c in COLUMNS) + f" {'share':>7} {'s':>7}"


def sums(results):
    totals = [0] * len(COLUMNS)
    for result in results:
        totals = [a + b for a, b in zip(totals, result.counts())]
    return totals


def describe(failures):
    for case in sorted(failures):
        how, why = failures[case]
        yield f"    {how:8} {case}\n             " + why.replace("\n", "\n             ")


def print_tables(results, absent, whole):
    """The tables per file and per tier; returns the tiers whose share is below what is asked."""
    for tier, title in TIERS.items():
        rows = sorted((r for r in results if r.row.tier == tier), key=lambda r: r.row.name)
        if rows:
            print("\n" + heading(f"tier {tier}: {title}"))
            for result in rows:
                print(line("  " + result.row.name, result.counts(), result.seconds, result.note))
    print("\n" + heading("tier"))
    below = []
    for tier, title in TIERS.items():
        rows = [r for r in results if r.row.tier == tier]
        if not rows:
            continue
        counts = sums(rows)
        note = ""
        if tier in whole:
            holds = share_of(counts) >= ASKED[tier]
            note = f"asked {ASKED[tier]:.0%}: " + ("holds" if holds else "DOES NOT HOLD")
            if not holds:
                below.append(tier)
        print(line(f"{tier}  {title}", counts, sum(r.seconds for r in rows), note))
    print(line("all", sums(results), sum(r.seconds for r in results)))
    if absent:
        print("\nnot run, since a native module is missing:")
        for row, missing in absent:
            print(f"  {row.name:32} {row.tier}  {', '.join(missing)}")
    return below


def print_reasons(results):
    reasons = {}
    for result in results:
        for case, reason in result.verdict.out.items():
            reasons.setdefault(reason.splitlines()[-1][:100], []).append(f"{result.row.name}:{case}")
    print("\nleft out, with the reason:")
    for reason, names in sorted(reasons.items(), key=lambda row: -len(row[1])):
        print(f"  {len(names):5}  {reason}  ({names[0]}{', ...' if len(names) > 1 else ''})")


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("files", nargs="*", metavar="FILE", help="test_int, test_re, ...; else all of files.txt")
    add("--python", default=str(ROOT / "build" / "gila"), metavar="PATH", help="the interpreter (default build/gila)")
    add("--tier", default="LBTS", metavar="LETTERS", help="only files of these tiers")
    add("--gil", choices=("0", "1", "auto"), help="run with -X gil=MODE; with 0 the lock is lifted before the first case")
    add("-j", type=int, default=os.cpu_count() or 2, metavar="N", help="files at a time (default: all processors)")
    add("--again", action="store_true", help="begin anew, also when a run was stopped")
    add("--stored", action="store_true", help="count against baseline.json instead of measuring CPython here")
    add("--failures", action="store_true", help="print each case that CPython passes and this does not, with the reason")
    add("--update", action="store_true", help="add the cases that pass to passing/")
    add("--check", action="store_true",
        help="only see that no case of passing/ fails: all files of tier L and a part of the others")
    add("--part", default="today", metavar="K/N|today|all",
        help="with --check: which part of the files beside tier L; `today` is another one each day")
    add("--baseline", action="store_true", help="measure CPython and write baseline.json")
    return parser.parse_args()


def files_of_check(args, rows, reference):
    """All of tier L, and of the other files with a list of passing cases one part."""
    rows = [row for row in rows if passing(row.name)]
    rest = {row.name: weight(listed(reference.known(row.name), row.name)) for row in rows if row.tier != "L"}
    if args.part == "all":
        chosen = set(rest)
    else:
        if args.part == "today":
            count = max(1, round(sum(rest.values()) / PART_SECONDS))
            index = today_part(count)
        else:
            index, count = (int(n) for n in args.part.split("/"))
        chosen = set(parts(rest, count)[index])
        print(f"tier L and part {index}/{count} of the others (--part all: everything)")
    return [row for row in rows if row.tier == "L" or row.name in chosen]


def run_all(rows, args, reference, state, env):
    """Yields the results as they come, longest file first."""
    python = os.path.abspath(args.python)
    rows = sorted(rows, key=lambda row: -weight(reference.known(row.name)))
    with concurrent.futures.ThreadPoolExecutor(args.j) as pool:
        jobs = [pool.submit(one_file, row, python, env, reference, state, args.check) for row in rows]
        try:
            for job in concurrent.futures.as_completed(jobs):
                yield job.result()
        finally:
            STOP.set()  # what runs ends, when the caller gives up
            pool.shutdown(cancel_futures=True)


def main():
    args = options()
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:  # started in the background: the files are not to inherit that
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if not SUITE.is_dir():
        sys.exit("the test suite is missing: apt-get install libpython3.11-testsuite")
    known = read_rows(HERE / "files.txt")
    by_name = {row.name: row for row in known}
    rows = [by_name.get(name) or Row(name, "S") for name in args.files] or [r for r in known if r.tier in args.tier]
    if args.baseline:
        measure_baseline([row.name for row in rows], args.j)
        return 0
    env = {"PYTHON_GIL": args.gil} if args.gil else {}
    reference = Reference(here=not (args.files or args.check or args.stored))
    if args.check and not args.files:
        rows = files_of_check(args, rows, reference)
    missing = natives_missing(os.path.abspath(args.python), {n for row in rows for n in row.natives})
    absent = [(row, [n for n in row.natives if n in missing]) for row in rows]
    absent = [pair for pair in absent if pair[1]]
    rows = [row for row in rows if not missing.intersection(row.natives)]
    state, done = None, []
    if not (args.files or args.check):
        state = State(STATE / f"gila-{args.gil or 'default'}", digest(args.python, HERE / "loader.py"))
        done = state.begin([row.name for row in rows], args.again)
        print(f"{len(rows)} files, {len(done)} of them done before" + (" (--again begins anew)" if done else ""))
    return run_and_report(args, known, rows, absent, reference, state, env)


def run_and_report(args, known, rows, absent, reference, state, env):
    signal.signal(signal.SIGTERM, lambda *_: (_ for _ in ()).throw(KeyboardInterrupt()))
    results = []
    try:
        for result in run_all(rows, args, reference, state, env):
            results.append(result)
            counts = result.counts()
            print(f"[{len(results):3}/{len(rows)}] {result.row.name:32} {result.row.tier} {counts[2]:6} of "
                  f"{counts[0] - counts[1]:5}  {result.seconds:6.1f} s {result.note}", flush=True)
            shown = result.verdict.bad if args.failures else {c: result.verdict.bad[c] for c in result.lost}
            for text in describe(shown):
                print(text, flush=True)
            if args.update and result.verdict.passed:
                names = passing(result.row.name) | set(result.verdict.passed)
                passing_file(result.row.name).write_text("".join(name + "\n" for name in sorted(names)))
    except (KeyboardInterrupt, Stopped):
        print(f"\nstopped; {len(results)} files are done" + (", the next run goes on here" if state else ""))
        return 130
    lost = [f"{r.row.name}:{case}" for r in results for case in r.lost]
    if args.check:
        passed = sum(len(r.verdict.passed) for r in results)
        print(f"{passed} passed, {len(lost)} failed")
        return 1 if lost else 0
    whole = set() if args.files else set(args.tier)
    below = print_tables(results, absent, whole)
    print_reasons(results)
    if state:
        path = state.folder / "failures.txt"
        path.write_text("".join(f"{r.row.name}\n" + "\n".join(describe(r.verdict.bad)) + "\n"
                                for r in sorted(results, key=lambda r: r.row.name) if r.verdict.bad))
        print(f"\nthe failed cases with their reasons: {path.relative_to(ROOT)}")
    print(f"\n{share_of(sums(results)):.1%} of the cases that CPython {reference.version} passes "
          f"(measured {', '.join(sorted(reference.dates))})")
    for case in lost:
        print(f"lost: {case}")
    return 1 if lost or below else 0


if __name__ == "__main__":
    sys.exit(main())
