"""Native code that goes through a container meets what the items' own code changes in it, in every mode."""
import threading

t = threading.Thread(target=lambda: None)
t.start()
t.join()


def error(f, *args):
    try:
        f(*args)
    except Exception as e:
        return f"{type(e).__name__}: {e}"
    raise AssertionError("nothing was raised")


class Clears:
    def __index__(self):
        items.clear()
        return 42


class Grows:
    def __index__(self):
        if len(items) < 1000:
            items.append(self)
        return 42


for make in bytes, bytearray, lambda x: bytearray(b"") + bytes(x):
    items = [Clears(), Clears()]
    assert make(items) == b"*"
    items = [Grows()]
    assert make(items) == b"*" * 1000
    assert make([1, 2, 300 - 45]) == b"\1\2\377"
extended = bytearray(b"-")
items = [Clears(), Clears()]
extended.extend(items)
assert extended == b"-*"
items = [1, True, Grows()]
extended.extend(items)
assert extended == b"-*\1\1" + b"*" * 998, len(extended)


class Equal:
    def __init__(self, do):
        self.do = do

    def __hash__(self):
        return 0

    def __eq__(self, other):
        self.do()
        return False


for do, fails in ((lambda: other.clear(), True), (lambda: other.update(more=1), True), (lambda: None, False),
                  (lambda: other.update({5: 6}), False)):
    other = {i: 0 for i in range(1, 1337)}
    other[Equal(do)] = 0
    other["last"] = 1
    held = other
    into = {Equal(do): 0, 1: 1}
    if fails:
        assert error(into.update, other) == "RuntimeError: dict mutated during update"
    else:
        into.update(other)
        assert into["last"] == 1 and len(into) == len(other) + 1
print("ok")
