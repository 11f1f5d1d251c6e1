# gil: 0
"""Who reads a dict or set beside a change of many keys sees all of it or none; also a change from pairs or a mapping."""
import collections
import sys
import types

from _together import in_threads_for

SECONDS = float(sys.argv[1]) if len(sys.argv) > 1 else 0.08
KEYS = [f"key {i}" for i in range(40)] + list(range(100, 140))
HALF = KEYS[::2]


class Dict(dict):
    pass




def order_of_keys():
    """A reader that has seen the first key of a change sees the last, too, until the next change."""
    for make in (dict, collections.OrderedDict, collections.defaultdict, Dict):
        for source in (dict.fromkeys(KEYS, 1), list(zip(KEYS, range(80))), tuple(zip(KEYS, range(80))), types.MappingProxyType(dict.fromkeys(KEYS, 2)),
                       Dict.fromkeys(KEYS, 3), collections.OrderedDict.fromkeys(KEYS, 4), dict.fromkeys(KEYS, 5).items(),
                       collections.deque(zip(KEYS, KEYS))):
            box = [make()]

            def change():
                box[0] = d = make()
                d["other"] = 1
                d.update(source)

            def look():
                d = box[0]
                n = len(d)
                assert n in (0, 1, 81), n
                if KEYS[0] in d:
                    assert KEYS[-1] in d and d.get(KEYS[40]) is not None and len(d) == 81, (make, type(source))
                if KEYS[41] in d:
                    assert d.get(KEYS[3]) is not None
                assert len(list(d)) in (0, 1, 81)

            in_threads_for(SECONDS / 4, change, look)


def values_together():
    d = dict.fromkeys(KEYS, 0)
    turn = iter(range(10**9))

    def change():
        n = next(turn)
        d.update(dict.fromkeys(KEYS, n))

    def look():
        first, last = d[KEYS[0]], d[KEYS[-1]]
        assert first <= last, (first, last)  # read in this order, the last is never older
        early = d.get(KEYS[-1])
        assert d.get(KEYS[0]) >= early
        assert len(set(d.values())) == 1

    in_threads_for(SECONDS, change, look, look)


def sets():
    for source in (set(KEYS), frozenset(KEYS), KEYS, tuple(KEYS), dict.fromkeys(KEYS), dict.fromkeys(KEYS).keys(), collections.deque(KEYS)):
        box = [{"other"}]

        def change():
            box[0] = s = {"other"}
            s.update(source)

        def look():
            s = box[0]
            assert len(s) in (1, 81), len(s)
            if KEYS[0] in s:
                assert KEYS[-1] in s and KEYS[40] in s and len(s) == 81
            if KEYS[-1] in s:
                assert KEYS[0] in s
            assert len(list(s)) in (1, 81)

        in_threads_for(SECONDS / 4, change, look)
    s = set(HALF)
    both = set(KEYS)

    def turn():
        s.symmetric_difference_update(both)

    def grow():
        s.update(both)
        s.intersection_update(HALF)
        s.difference_update(HALF)
        s.update(HALF)

    for f in (turn, grow):
        s.clear()
        s.update(HALF)

        def lengths():
            n = len(s)
            assert n in (0, 40, 80), n
            assert len(s.copy()) in (0, 40, 80)

        in_threads_for(SECONDS, f, lengths)


order_of_keys()
values_together()
sets()
