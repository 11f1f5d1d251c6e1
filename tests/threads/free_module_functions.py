# gil: 0
"""module.function in threads: what it was replaced by is seen, and by whom it was not defined is not."""
import sys
import threading
import types

from _together import results_in_threads

made = types.ModuleType("made")
made.number = lambda: 0
CODE = compile("def call():\n    return made.number()\n", "called", "exec")


def in_globals(**names):
    exec(CODE, names)
    return names["call"]


def test_replaced_functions_are_seen_in_order():
    """Who has been told of version n never calls an older one."""
    told = [0]

    def change(_k):
        for n in range(1, 3000):
            made.number = lambda n=n: n
            told[0] = n
        told[0] = -1

    def read(_k):
        seen = 0
        while told[0] >= 0:
            least = told[0]
            now = made.number()
            assert now >= least and now >= seen, (now, least, seen)
            seen = now

    results_in_threads([change, read, read])


def test_constant_again_after_a_change():
    made.number = lambda: 1

    def read(_k):
        return sum(made.number() for _ in range(2000))

    assert results_in_threads([read] * 3) == [2000] * 3
    made.number = lambda: 2
    assert results_in_threads([read] * 3) == [4000] * 3


def test_deleted_function_is_gone():
    made.gone = lambda: 1

    def read(_k):
        return made.gone()

    def many(k):
        for _ in range(500):
            read(k)

    results_in_threads([many] * 2)
    del made.gone

    def fails(k):
        try:
            read(k)
        except AttributeError as e:
            return str(e)

    assert results_in_threads([fails] * 2) == ["module 'made' has no attribute 'gone'"] * 2
    made.__dict__["gone"] = lambda: 3
    assert results_in_threads([read] * 2) == [3, 3]
    made.__dict__.update(gone=lambda: 4)
    assert results_in_threads([read] * 2) == [4, 4]
    made.__dict__.clear()
    assert results_in_threads([fails] * 2) == ["module has no attribute 'gone'"] * 2
    made.__name__ = "made"


def test_another_module_under_the_name():
    one, two = types.ModuleType("one"), types.ModuleType("two")
    one.number, two.number = (lambda: 1), (lambda: 2)
    names = {"made": one}
    exec(CODE, names)
    call = names["call"]
    assert results_in_threads([lambda k: [call() for _ in range(500)]] * 2) == [[1] * 500] * 2
    names["made"] = two
    assert results_in_threads([lambda k: call()] * 2) == [2, 2]
    del names["made"]
    raised = []
    try:
        call()
    except NameError as e:
        raised.append(str(e))
    assert raised == ["name 'made' is not defined"]


def test_one_code_with_two_globals():
    """The function is remembered for the globals that it was looked up in."""
    calls = []
    for k in range(2):
        module = types.ModuleType("m%d" % k)
        module.number = lambda k=k: k
        calls.append(types.FunctionType(CODE.co_consts[0], {"made": module}))

    def read(k):
        return [calls[n % 2]() for n in range(k, 2000 + k)]

    assert results_in_threads([read] * 4) == [[n % 2 for n in range(k, 2000 + k)] for k in range(4)]


def test_globals_that_end():
    """Globals made and dropped again and again: what one's function was is not another's."""
    def run(k):
        for n in range(300):
            module = types.ModuleType("m")
            module.number = lambda n=n: (k, n)
            call = types.FunctionType(CODE.co_consts[0], {"made": module})
            for _ in range(3):
                assert call() == (k, n)

    results_in_threads([run] * 3)


for name, test in list(globals().items()):
    if name.startswith("test_"):
        test()
assert not sys._is_gil_enabled() and threading.active_count() == 1
print("ok")
