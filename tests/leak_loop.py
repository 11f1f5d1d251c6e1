"""Runs one program again and again in this process and prints how many blocks each round left.

usage: leak_loop.py ROUNDS FILE
"""
import gc
import io
import runpy
import sys


def once(path):
    out, sys.stdout = sys.stdout, io.StringIO()
    err, sys.stderr = sys.stderr, io.StringIO()
    try:
        runpy.run_path(path, run_name="__main__")
    except SystemExit:
        pass
    finally:
        sys.stdout, sys.stderr = out, err


def main():
    rounds, path = int(sys.argv[1]), sys.argv[2]
    sys.argv = [path]
    counts = []
    for _ in range(rounds):
        once(path)
        gc.collect()
        gc.collect()
        counts.append(sys.getallocatedblocks())
    print(*counts)


if __name__ == "__main__":
    main()
