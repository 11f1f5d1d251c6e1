"""Counts, for each item of the scaling set, what two threads do to lines of memory that they share.

usage: count.py [ITEM...]        under an interpreter built by `make count`, with -X gil=0

Prints, for one operation of an item: atomic changes of the counts of objects that others own, references
handed to their owner, byte locks, mutexes, exchanged slots. What is 0 cannot hold an item up on any number
of processors. (Byte locks and exchanges of a thread's own objects are counted as well: its own lines.)
"""
import sys
import threading

import _counted
import items

WARM, TURNS = 200, 500  # turns before, in which caches are filled and what is hot is found, and turns that count


def per_operation(name):
    setup, work = items.ITEMS[name]
    shared, found = setup(), []
    gate = threading.Barrier(2)

    def run(k):
        for _ in range(WARM):
            work(shared, k)
        gate.wait()
        before = _counted.counted()
        for _ in range(TURNS):
            work(shared, k)
        found.append([b - a for a, b in zip(before, _counted.counted())])

    threads = [threading.Thread(target=run, args=(k,)) for k in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [sum(column) / (2 * TURNS * items.N) for column in zip(*found)]


print(f"{'per operation':34}{'counts':>9}{'handed':>9}{'locks':>9}{'mutexes':>9}{'exchanges':>11}")
for name in sys.argv[1:] or items.ITEMS:
    c, h, l, m, e = per_operation(name)
    print(f"{name:34}{c:9.3f}{h:9.3f}{l:9.3f}{m:9.3f}{e:11.3f}", flush=True)
