# gil: 0
"""Many objects that all threads read: they are counted by each thread for itself, and die when nobody has them."""
import gc
import threading

from _together import results_in_threads


class Kept:
    alive = 0
    lock = threading.Lock()

    def __init__(self):
        with Kept.lock:
            Kept.alive += 1

    def __del__(self):
        with Kept.lock:
            Kept.alive -= 1


def read(items, turns):
    def job(_k):
        for _ in range(turns):
            for i in range(len(items)):
                items[i]
            for _item in items:
                pass
    return job


def lists_of(marker):
    return sum(1 for o in gc.get_objects() if type(o) is list and o and o[0] is marker)


def test_they_die_with_a_collection():
    marker = ("of this test",)
    items = [[marker, i] for i in range(3000)]
    results_in_threads([read(items, 60)] * 3)
    assert lists_of(marker) == 3000
    assert [item[1] for item in items] == list(range(3000))
    del items
    gc.collect()
    assert lists_of(marker) == 0


def test_what_has_a_finalizer_dies_at_once():
    items = [Kept() for _ in range(500)]
    results_in_threads([read(items, 100)] * 3)
    assert Kept.alive == 500
    items.clear()
    assert Kept.alive == 0, Kept.alive


def test_they_change_hands_and_die_in_threads():
    """Items are replaced while others read them."""
    items = [(i, i) for i in range(2000)]

    def replace(k):
        for turn in range(20):
            for i in range(k, len(items), 7):
                items[i] = (i, i)

    def check(_k):
        for _ in range(40):
            for i, item in enumerate(items):
                assert item == (i, i), (i, item)

    results_in_threads([replace, check, check, read(items, 20)])


for name, test in list(globals().items()):
    if name.startswith("test_"):
        test()
print("ok")
