"""match with many values in one place: numbers, text, enumerations and nested data of a protocol."""


def command(text):
    match text.split():
        case ["go", ("north" | "south" | "east" | "west") as direction]:
            return f"going {direction}"
        case ["go", other]:
            return f"cannot go {other}"
        case ["take", *things] if things:
            return "taking " + " and ".join(things)
        case ["take"]:
            return "take what?"
        case ["quit" | "exit" | "bye", *_]:
            return "leaving"
        case [verb]:
            return f"only {verb}"
        case []:
            return "nothing"
        case _:
            return f"unknown {len(text)}"


for t in ("go north", "go up", "take lamp rope", "take", "exit now", "look", "", "do a b"):
    print(repr(t), command(t))


def simplify(e):
    match e:
        case ("+", 0, x) | ("+", x, 0):
            return simplify(x)
        case ("*", 1, x) | ("*", x, 1):
            return simplify(x)
        case ("*", 0, _) | ("*", _, 0):
            return 0
        case ("+", int(a), int(b)):
            return a + b
        case (op, a, b):
            s = (op, simplify(a), simplify(b))
            return s if s == e else simplify(s)
        case _:
            return e


print(simplify(("+", ("*", 1, "x"), ("*", 0, "y"))), simplify(("+", ("+", 1, 2), ("*", "z", ("+", 0, 1)))))


def http(status):
    match status:
        case 200 | 201 | 204:
            return "ok"
        case int() as s if 300 <= s < 400:
            return f"moved {s}"
        case 404:
            return "missing"
        case -1 | 1e3 | 2j:
            return "odd"
        case "4" "04":
            return "text"
        case b"x" | "x":
            return "x"
        case bool():
            return "bool"


print([http(s) for s in (200, 204, 302, 404, 500, -1, 1000, 2j, "404", b"x", "x", True, None)])


def event(e):
    match e:
        case {"type": "key", "key": str(k), "mods": [*m]}:
            return f"key {k} {m}"
        case {"type": "click", "at": (int(x), int(y)), **rest} if not rest:
            return f"click {x},{y}"
        case {"type": "click", **rest}:
            return f"odd click {sorted(rest)}"
        case {"type": t}:
            return f"other {t}"
        case [{"n": n}, *others]:
            return f"list {n} +{len(others)}"
        case str() | bytes():
            return "text"


for e in ({"type": "key", "key": "a", "mods": ["ctrl"]}, {"type": "click", "at": (1, 2)}, {"type": "click", "at": (1, 2), "n": 1}, {"type": "click", "at": "x"}, {"type": 5}, [{"n": 1}, 2, 3], "s", 7, {}):
    print(event(e))
x = 5
match x:
    case y:
        print("captured", y)
match (1, 2, 3, 4, 5):
    case [a, *_, e]:
        print(a, e)
match "abc":
    case ["a", "b", "c"]:
        print("never")
    case str(s):
        print("str", s)
match {"a": {"b": {"c": [1, {"d": 2}]}}}:
    case {"a": {"b": {"c": [_, {"d": found}]}}}:
        print(found)
match range(5):
    case [0, 1, *rest]:
        print(rest)


class Vec:
    __match_args__ = ("x", "y")

    def __init__(self, x, y):
        self._x, self.y = x, y

    @property
    def x(self):
        print("property read")
        return self._x


match Vec(1, 2):
    case Vec(0, _):
        print("zero")
    case Vec(x, y=2):
        print("x", x)
for i in range(4):
    match i:
        case 0:
            continue
        case 3:
            break
        case n:
            print("loop", n)


def returns(v):
    match v:
        case 1: return "one"
        case 2: return "two"
    return "else"


print(returns(1), returns(2), returns(3))
