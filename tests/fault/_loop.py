"""Runs each case of a program of this folder again and again, with the Nth allocation failing.

usage: gila _loop.py FILE SECONDS [CASE [N]]

A case is a function whose name starts with `case_`. Its answer to a failure must be MemoryError, or
the result that it gives without one; afterwards it must work as before, and no object may be left
over. Every N is tried up to 1000, then samples of what follows, as far as the time allows; once with
that allocation failing alone, and once with all that follow it failing as well.
"""
import gc
import importlib.util
import sys
import time
import traceback

import _hostile


def load(path):
    spec = importlib.util.spec_from_file_location("fault_case", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules["fault_case"] = module
    spec.loader.exec_module(module)
    return module


def attempt(case, n, onwards):
    """Returns (whether an allocation failed, what is wrong with the answer)."""
    expected = case.expected
    problem = None
    fail, left = _hostile.fail, _hostile.left
    result = None
    fail(n, onwards)
    try:
        try:
            result = case()
        finally:
            failed = left() == 0
    except MemoryError:
        problem = None
    except BaseException as error:
        if not isinstance(error, getattr(case, "also", ())):
            problem = "".join(traceback.format_exception(error))
    else:
        if result != expected:
            problem = f"result {result!r:.300}, not {expected!r:.300}"
    return failed, problem


def settled():
    """Live objects and buffers, after a collection when that helps."""
    return sys.getallocatedblocks(), _hostile.blocks()


def leaves(case, before):
    """Returns what is wrong with a normal run after the failing one (a result, objects left over), and
    the new counts."""
    result = case()
    if result != case.expected:
        return f"afterwards: {result!r:.300}, not {case.expected!r:.300}", before
    del result
    now = settled()
    if now[0] > before[0] or now[1] > before[1]:
        gc.collect()
        now = settled()
    if now[0] > before[0]:
        return f"{now[0] - before[0]} objects left over", now
    if now[1] > before[1]:
        return f"{now[1] - before[1]} buffers left over", now
    return None, before


def numbers():
    n = 1
    while True:
        yield n
        n += 1 if n < 1000 else 1 + n // 100 + n * 7919 % (1 + n // 100)


def warm_up(case):
    case.expected = case()
    for _ in range(3):
        case()
    before = 0, 0
    for _ in range(3):
        attempt(case, 1, False)
        before = leaves(case, (0, 0))[1]
    return before


def loop(name, case, onwards, end, only=None):
    before = warm_up(case)
    bad = 0
    for n in [only] if only else numbers():
        sys.stderr.flush()
        failed, problem = attempt(case, n, onwards)
        if not failed and not only:
            break
        worse, before = leaves(case, before)
        for _ in range(3):
            # Bodies of functions and dicts of types that only the failing way asks for are made once,
            # and stay. What is lost is lost again, every time.
            if not worse or "left over" not in worse:
                break
            attempt(case, n, onwards)
            worse, before = leaves(case, before)
        if problem or worse:
            bad += 1
            print(f"{name}: allocation {n}{' and all after it' if onwards else ''}: {problem or worse}", flush=True)
            if bad >= 5:
                break
        if time.monotonic() > end:
            print(f"({name}: up to allocation {n})", flush=True)
            break
    return bad


def main():
    sys.unraisablehook = lambda report: None
    path, seconds = sys.argv[1], float(sys.argv[2])
    module = load(path)
    cases = [(k, v) for k, v in vars(module).items() if k.startswith("case_")]
    if len(sys.argv) > 3:
        cases = [(k, v) for k, v in cases if k == sys.argv[3]]
    only = int(sys.argv[4]) if len(sys.argv) > 4 else None
    start, bad = time.monotonic(), 0
    for i, (name, case) in enumerate(cases):
        print(f"[{name}]", file=sys.stderr, flush=True)
        for half, onwards in enumerate((False, True)):
            end = start + seconds * (2 * i + half + 1) / (2 * len(cases))
            bad += loop(name, case, onwards, end, only)
    print("bad" if bad else "done")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
