"""The main job: the three experiments that show what a global interpreter lock does.

usage: main_job.py [--small]       --small: a tenth of the work

Each experiment runs in a process of its own under this interpreter, with the lock and without it, and
under python3.11 as well where that is installed. A ratio compares a way of doing the work with the first way in its group.
"""
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
REFERENCE = "/usr/bin/python3.11"

FREE = "gila gil=0"

# Experiment: file, arguments, title.
EXPERIMENTS = (
    ("cpu_threads.py", ("10000000",), "computation, twice"),
    ("io_threads.py", ("2000000", "0.3"), "sleeping and computing in turn, twice"),
    ("cpu_processes.py", ("5000000", "3"), "computation, three times at once"),
)


def says(experiment, label, ratio):
    """One sentence about what the ratio of a way to the first way of its group means."""
    if experiment == "cpu_threads.py":
        if ratio > 0.8:
            return "The threads took turns under the lock: a second one gained nothing."
        return "The threads computed at the same time: no lock held them up."
    if experiment == "io_threads.py":
        if ratio < 0.9:
            return "While one thread slept the other had the lock: waiting overlaps."
        return "The threads waited for each other: nothing was gained."
    processors = len(os.sched_getaffinity(0))
    if ratio < 0.9:
        return f"Each process has a lock of its own, and {processors} processors were at work."
    if processors == 1:
        return "There is one processor: processes cannot gain either."
    return "The processes gained nothing: starting them cost what they saved."


def says_free(label, ratio):
    """The same of the way without the lock."""
    if "thread" not in label:
        return ""
    if ratio < 0.9:
        return f"Without it they ran at the same time: {1 / ratio:.1f} times as fast."
    return "Without it nothing was gained either."


def run(command, file, arguments):
    """Returns the times of one experiment under one interpreter, or the text of its failure."""
    done = subprocess.run([*command, str(HERE / file), "--json", *arguments],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        return done.stderr.strip() or f"exit status {done.returncode}"
    return json.loads(done.stdout)


def main():
    small = "--small" in sys.argv[1:]
    interpreters = {sys.implementation.name: [sys.executable]}
    if sys.implementation.name == "gila":
        interpreters = {"gila": [sys.executable, "-X", "gil=1"], FREE: [sys.executable, "-X", "gil=0"]}
    if os.path.exists(REFERENCE) and os.path.realpath(REFERENCE) != os.path.realpath(sys.executable):
        interpreters["CPython 3.11"] = [REFERENCE]
    elif not os.path.exists(REFERENCE):
        print("(python3.11 is not installed, so there is nothing to compare with)")
    width = min(shutil.get_terminal_size((120, 24)).columns, 150)
    head = f"{'':24}" + "".join(f"{name + ' s':>15}{'ratio':>7}" for name in interpreters)
    failed = False
    for file, arguments, title in EXPERIMENTS:
        if small:
            arguments = (str(int(arguments[0]) // 10), *arguments[1:])
        print(f"\n{title} ({file} {' '.join(arguments)})", flush=True)
        results = {}
        for name, command in interpreters.items():
            results[name] = run(command, file, arguments)
            if isinstance(results[name], str):
                print(f"  {name} failed: {results[name]}", file=sys.stderr)
                failed = True
        good = {name: times for name, times in results.items() if not isinstance(times, str)}
        if not good:
            continue
        print(head)
        first_name = next(iter(good))
        for label in good[first_name]:
            line = f"  {label:22}"
            for name in interpreters:
                if name not in good:
                    line += f"{'failed':>15}{'':7}"
                    continue
                times = good[name]
                base = next(iter(times.values()))
                line += f"{times[label]:15.2f}{times[label] / base:7.2f}"
            base = next(iter(good[first_name].values()))
            if label != next(iter(good[first_name])):
                sentence = says(file, label, good[first_name][label] / base)
                if FREE in good:
                    free = good[FREE]
                    sentence = f"{sentence} {says_free(label, free[label] / next(iter(free.values())))}".rstrip()
                line += ("\n      " if len(line) + len(sentence) + 2 > width else "  ") + sentence
            print(line, flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
