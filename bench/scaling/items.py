"""What two threads reach together, item by item: each does the same as one does alone.

usage: items.py [--list | --seconds S | --runs N] [ITEM...]
Prints one line an item: its name, the rate of one thread (iterations a second), and how many times as
much two threads do together (2 is the best). A thread runs on a processor of its own, and what one does
alone is the mean of both processors: they need not be equally fast. Median of N runs.
"""
import argparse
import collections
import copy
import dataclasses
import json
import os
import random
import re
import statistics
import sys
import threading
import time

ITEMS = {}
WRITERS = set()  # items that change one shared container: they cannot reach 2
N = 1000


def item(setup=lambda: None, writes=False):
    def register(function):
        ITEMS[function.__name__] = (setup, function)
        if writes:
            WRITERS.add(function.__name__)
        return function
    return register


def callee(a):
    return a


class Point:
    limit = 3

    def __init__(self, x=1, y=2):
        self.x, self.y = x, y

    def length(self):
        return self.x

    @property
    def area(self):
        return self.x

    @staticmethod
    def static(a):
        return a

    @classmethod
    def klass(cls):
        return cls


class Child(Point):
    def length(self):
        return super().length()


class Slotted:
    __slots__ = ("x", "y")

    def __init__(self):
        self.x, self.y = 1, 2


class Descriptor:
    def __get__(self, instance, owner):
        return 1

    def __set__(self, instance, value):
        pass


class Described:
    field = Descriptor()


class Manager:
    def __enter__(self):
        return self

    def __exit__(self, *raised):
        return False


@dataclasses.dataclass
class Data:
    a: int
    b: str


Named = collections.namedtuple("Named", "a b")
COUNTER = 7


@item()
def call_function(_, k):
    for _i in range(N):
        callee(1)


@item()
def call_builtin(_, k):
    for _i in range(N):
        len("abc")


@item()
def call_keywords(_, k):
    for _i in range(N):
        callee(a=1)


@item(Point)
def method_of_shared_instance(shared, k):
    for _i in range(N):
        shared.length()


@item()
def method_of_own_instance(_, k):
    own = Point()
    for _i in range(N):
        own.length()


@item(lambda: Point().length)
def bound_method(bound, k):
    for _i in range(N):
        bound()


@item(lambda: [].__len__)
def bound_builtin(bound, k):
    for _i in range(N):
        bound()


@item()
def closure(_, k):
    x = 1

    def inner():
        return x
    for _i in range(N):
        inner()


def shared_closure():
    x = 1

    def inner():
        return x
    return inner


@item(shared_closure)
def closure_shared(inner, k):
    for _i in range(N):
        inner()


@item()
def make_closure(_, k):
    for i in range(N):
        def inner():
            return i


@item()
def create_instance(_, k):
    for _i in range(N):
        Point(1, 2)


@item()
def create_plain(_, k):
    for _i in range(N):
        Manager()


@item(Child)
def super_call(shared, k):
    for _i in range(N):
        shared.length()


@item(Described)
def descriptor(shared, k):
    for _i in range(N):
        shared.field
        shared.field = 2


@item(Point)
def property_read(shared, k):
    for _i in range(N):
        shared.area


@item(Point)
def static_method(shared, k):
    for _i in range(N):
        shared.static(1)
        Point.static(1)


@item(Point)
def class_method(shared, k):
    for _i in range(N):
        shared.klass()
        Point.klass()


@item()
def dataclass_create(_, k):
    for _i in range(N):
        Data(1, "b")


@item()
def namedtuple_create_read(_, k):
    for _i in range(N):
        Named(1, 2).b


def numbers():
    for i in range(N):
        yield i


@item()
def generator(_, k):
    for _i in numbers():
        pass


@item()
def generator_expression(_, k):
    sum(i for i in range(N))


@item(Manager)
def with_statement(shared, k):
    for _i in range(N):
        with shared:
            pass


@item()
def exceptions(_, k):
    for _i in range(N):
        try:
            raise ValueError(1)
        except ValueError:
            pass


@item()
def exception_types(_, k):
    d = {}
    for _i in range(N):
        try:
            d["x"]
        except KeyError:
            pass


@item(Point)
def attribute_read_shared(shared, k):
    for _i in range(N):
        shared.x


@item(Point, writes=True)
def attribute_write_shared(shared, k):
    for i in range(N):
        shared.x = i


@item()
def attribute_own(_, k):
    own = Point()
    for i in range(N):
        own.x = i
        own.x


@item(Slotted)
def slots_read_shared(shared, k):
    for _i in range(N):
        shared.x


@item()
def slots_own(_, k):
    own = Slotted()
    for i in range(N):
        own.x = i
        own.x


@item(Point)
def class_attribute(shared, k):
    for _i in range(N):
        shared.limit
        Point.limit


@item()
def global_read(_, k):
    for _i in range(N):
        COUNTER


@item()
def module_attribute(_, k):
    for _i in range(N):
        os.sep


@item()
def constant_str(_, k):
    for _i in range(N):
        x = "a constant"


@item()
def constant_tuple(_, k):
    for _i in range(N):
        x = (1, "two", None)


@item()
def constant_float_int(_, k):
    for _i in range(N):
        x = 1.5
        y = 123456789012345678901234567890
        z = b"bytes"


@item()
def list_create(_, k):
    for i in range(N):
        [i, i, i]


@item()
def dict_create(_, k):
    for i in range(N):
        {"a": i, "b": i}


@item()
def set_create(_, k):
    for i in range(N):
        {i, 2, 3}


@item()
def comprehension(_, k):
    [i * 2 for i in range(N)]


@item()
def own_list_append_pop(_, k):
    own = []
    for i in range(N):
        own.append(i)
    for i in range(N):
        own.pop()


@item(lambda: [object() for _ in range(N)])
def list_read_shared(shared, k):
    for i in range(N):
        shared[i]


@item(lambda: {i: object() for i in range(N)})
def dict_read_shared(shared, k):
    for i in range(N):
        shared[i]


@item(lambda: {"alpha": 1, "beta": [], "gamma": "text"})
def dict_read_str_keys(shared, k):
    for _i in range(N):
        shared["alpha"]
        shared["beta"]


@item(lambda: {"alpha": 1, "beta": []})
def dict_get_in(shared, k):
    for _i in range(N):
        shared.get("beta")
        "alpha" in shared


@item(lambda: set(range(N)))
def set_contains_shared(shared, k):
    for i in range(N):
        i in shared


@item(lambda: tuple(object() for _ in range(N)))
def tuple_read_shared(shared, k):
    for i in range(N):
        shared[i]


@item(lambda: [object() for _ in range(N)])
def list_iterate_shared(shared, k):
    for _x in shared:
        pass


@item(lambda: {i: object() for i in range(N)})
def dict_iterate_shared(shared, k):
    for _x in shared.items():
        pass


@item()
def f_string(_, k):
    for i in range(N):
        f"{i} and {i:>5}"


@item()
def str_methods(_, k):
    for i in range(N):
        "a,b,c".split(",")


@item(threading.local)
def thread_local(local, k):
    local.x = 0
    for i in range(N):
        local.x += 1


@item(lambda: {"a": [1, 2, {"b": (3, 4)}], "c": "text"})
def deepcopy(shared, k):
    for _i in range(N // 20):
        copy.deepcopy(shared)


@item(lambda: {"a": [1, 2, {"b": [3, 4.5]}], "c": "text", "d": None})
def json_round_trip(shared, k):
    for _i in range(N // 20):
        json.loads(json.dumps(shared))


@item(lambda: re.compile(r"(\w+)-(\d+)"))
def re_match_shared(pattern, k):
    for _i in range(N):
        pattern.match("word-123")


@item()
def re_module_match(_, k):
    for _i in range(N):
        re.match(r"(\w+)-(\d+)", "word-123")


@item(random.Random)
def random_shared(shared, k):
    for _i in range(N):
        shared.random()


@item()
def random_module(_, k):
    for _i in range(N):
        random.random()


@item()
def random_own(_, k):
    own = random.Random(1)
    for _i in range(N):
        own.random()


@item()
def big_integers(_, k):
    x = 3 ** 100
    for i in range(N):
        x * x % 1000000007


@item(lambda: [random.random() for _ in range(N)])
def sorting(shared, k):
    sorted(shared)


@item(lambda: [Point(i, -i) for i in range(N // 10)])
def sorting_by_key(shared, k):
    sorted(shared, key=lambda p: p.y)


@item()
def isinstance_check(_, k):
    own = Child()
    for _i in range(N):
        isinstance(own, Point)


# ---- One shared container that both change ----

@item(list, writes=True)
def list_append_shared(shared, k):
    for i in range(N):
        shared.append(i)
    if len(shared) > 200000:
        shared.clear()


@item(lambda: [0] * N, writes=True)
def list_store_shared(shared, k):
    for i in range(N):
        shared[i] = i


@item(dict, writes=True)
def dict_store_shared(shared, k):
    for i in range(N):
        shared[i] = k


@item(set, writes=True)
def set_add_shared(shared, k):
    for i in range(N):
        shared.add(i)


@item(collections.deque, writes=True)
def deque_append_popleft_shared(shared, k):
    for i in range(N):
        shared.append(i)
        shared.popleft()


@item(collections.Counter, writes=True)
def counter_shared(shared, k):
    for i in range(N):
        shared[i] += 1


@item(threading.Lock, writes=True)
def lock_shared(shared, k):
    for _i in range(N):
        with shared:
            pass


# ---- Measuring ----

def rates(work, shared, processors, seconds):
    """Iterations a second of one thread on each of the processors, at the same time."""
    found = [0.0] * len(processors)
    gate = threading.Barrier(len(processors))

    def run(k):
        os.sched_setaffinity(threading.get_native_id(), {processors[k]})
        work(shared, k)
        gate.wait()
        clock = time.perf_counter
        began = clock()
        end, turns = began + seconds, 0
        while clock() < end:
            work(shared, k)
            turns += 1
        found[k] = turns / (clock() - began)

    threads = [threading.Thread(target=run, args=(k,)) for k in range(len(processors))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def measure(name, processors, seconds, runs):
    setup, work = ITEMS[name]
    ratios, alone = [], []
    rates(work, setup(), processors, seconds / 2)  # warm: caches filled, hot objects known
    for _ in range(runs):
        shared = setup()
        rates(work, shared, processors, seconds / 4)
        single = [rates(work, shared, [p], seconds)[0] for p in processors]
        both = rates(work, shared, processors, seconds)
        ratios.append(sum(both) / statistics.mean(single))
        alone.append(statistics.mean(single))
    return statistics.median(alone), statistics.median(ratios)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--seconds", type=float, default=0.1)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("items", nargs="*", metavar="ITEM")
    args = parser.parse_args()
    names = [n for n in ITEMS if not args.items or n in args.items or any(n.startswith(a) for a in args.items if a not in ITEMS)]
    if args.list:
        for name in names:
            print(name, "writes" if name in WRITERS else "reads")
        return 0
    processors = sorted(os.sched_getaffinity(0))[:2]
    if len(processors) < 2:
        sys.exit("items.py: two processors are needed")
    for name in names:
        alone, ratio = measure(name, processors, args.seconds, args.runs)
        print(f"{name} {alone * N:.0f} {ratio:.3f}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
