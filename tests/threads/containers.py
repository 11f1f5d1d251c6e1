"""What one bytecode does to a list, dict, set or deque is atomic when several threads do it."""
import sys
import threading
from collections import deque

sys.setswitchinterval(1e-5)
THREADS, ROUNDS = 4, 3000


def run(target):
    crew = [threading.Thread(target=target, args=(i,)) for i in range(THREADS)]
    for thread in crew:
        thread.start()
    for thread in crew:
        thread.join()


items, table, seen, queue = [], {}, set(), deque()


def fill(k):
    for i in range(ROUNDS):
        items.append(i)
        table[k, i] = i
        seen.add((k, i))
        queue.append(i)
        table.setdefault(i, []).append(k)


run(fill)
assert len(items) == len(seen) == len(queue) == THREADS * ROUNDS
assert len(table) == THREADS * ROUNDS + ROUNDS
assert all(sorted(table[i]) == list(range(THREADS)) for i in range(ROUNDS))
taken = [[] for _ in range(THREADS)]


def drain(k):
    try:
        while True:
            taken[k].append(items.pop())
            queue.popleft()
            seen.pop()
    except (IndexError, KeyError):
        pass


run(drain)
assert sum(map(len, taken)) + len(items) == THREADS * ROUNDS
shared = {"n": 0}
lock = threading.Lock()


def count(k):
    for _ in range(ROUNDS):
        with lock:
            shared["n"] += 1


run(count)
assert shared["n"] == THREADS * ROUNDS
grow = list(range(100))


def churn(k):
    for i in range(ROUNDS // 3):
        grow[i % 50] = i
        grow.sort()
        grow.extend([1, 2])
        del grow[-2:]
        list(grow), len(grow), grow[:10], 5 in grow
        d = dict(table)
        assert len(d) == len(table)


table = {i: i for i in range(50)}
run(churn)
assert len(grow) >= 90


def mutate_while_read(k):
    for i in range(ROUNDS):
        if k % 2:
            table[i % 100] = i
            table.pop((i * 7) % 100, None)
        else:
            try:
                for key in table:
                    table.get(key)
            except RuntimeError as error:
                assert "changed" in str(error), error


run(mutate_while_read)
