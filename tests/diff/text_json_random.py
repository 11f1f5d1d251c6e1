"""JSON both ways over generated values and broken texts."""
import json

seed = 31337


def rnd(n):
    global seed
    seed = (seed * 6364136223846793005 + 1442695040888963407) & (1 << 64) - 1
    return (seed >> 33) % n


def value(depth):
    k = rnd(14 if depth else 10)
    if k < 3:
        return rnd(1000) - 500
    if k == 3:
        return [2**70, -2**63, 2**47, 10**15, 10**14 - 1, 0][rnd(6)]
    if k == 4:
        return [1.5, -0.0, 1e300, 5e-324, 1e16, 123456.789, float("inf"), float("nan")][rnd(8)]
    if k == 5:
        return [None, True, False][rnd(3)]
    if k < 9:
        return "".join("ab\"\\/\n\t\x00\x7fé€\U0001F600\ud800"[rnd(13)] for _ in range(rnd(6)))
    if k == 9:
        return "key%d" % rnd(5)
    if k < 12:
        return [value(depth - 1) for _ in range(rnd(4))]
    return {[str(rnd(30)), rnd(9), None, 1.5, True, "é"][rnd(6)]: value(depth - 1) for _ in range(rnd(4))}


def show(f):
    try:
        print(ascii(f()))
    except Exception as e:
        print(type(e).__name__, ascii(str(e)))


for round in range(1500):
    v = value(4)
    show(lambda: json.dumps(v))
    show(lambda: json.dumps(v, ensure_ascii=False))
    show(lambda: json.dumps(v, indent=[None, 1, "\t"][rnd(3)], separators=[None, (",", ":")][rnd(2)]))
    show(lambda: json.dumps(v, sort_keys=True, allow_nan=bool(rnd(2)), skipkeys=True))
    s = json.dumps(v, ensure_ascii=bool(rnd(2)))
    show(lambda: json.loads(s))
    for _ in range(4):
        p = rnd(len(s) + 1)
        t = s[:p] + ["", ",", "}", "]", "\"", "\\", "\\u12", "1", " ", "nul", "-", "e", "\n", "é"][rnd(14)] + s[p + rnd(2):]
        show(lambda: json.loads(t))
show(lambda: json.loads("[" * 100000))
show(lambda: json.loads('{"a":' * 100000))
a = []
for _ in range(100000):
    a = [a]
show(lambda: json.dumps(a))
show(lambda: json.dumps({(1, 2): 3}))
show(lambda: json.dumps(object))
show(lambda: json.dumps([1, {2: set()}], default=sorted))
show(lambda: json.loads('{"a": 1, "b": [1.5, 2]}', object_pairs_hook=list, parse_float=str, parse_int=repr))
