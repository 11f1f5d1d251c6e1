"""json: writing and reading, hooks, errors with places."""
import decimal
import io
import json
from _show import err, show

values = [None, True, False, 0, -5, 10**30, 1.5, 1e100, -0.0, "", "text", "é€𝄞\ud800", 'q"\\/\b\f\n\r\t\x00\x1f\x7f', [], [1, [2, []]], {}, {"a": {"b": [1]}}, (1, 2), {1: "int", None: 2, True: 3, 1.5: 4}, float("nan"), float("inf"), [float("-inf")]]
for v in values:
    for kw in ({}, {"ensure_ascii": False}, {"indent": 2}, {"separators": (",", ":")}, {"indent": "\t"}, {"indent": 0}):
        text = json.dumps(v, **kw)
        print(ascii(text))
    if v == v and not isinstance(v, (tuple,)) and not (isinstance(v, dict) and 1 in v):
        print(json.loads(json.dumps(v)) == v)
print(json.dumps({"b": 1, "a": 2}, sort_keys=True), json.dumps({(1, 2): 3, "a": 1}, skipkeys=True), json.dumps([object], default=lambda o: "def"), json.dumps("x", cls=json.JSONEncoder))
for f in (lambda: json.dumps(object), lambda: json.dumps({(1,): 2}), lambda: json.dumps(float("nan"), allow_nan=False), lambda: json.dumps({"b": 1, 1: 2}, sort_keys=True), lambda: json.dumps(b"x"), lambda: json.dumps({1, 2}), lambda: json.dumps([1j])):
    err(f)
cyc = []
cyc.append(cyc)
err(json.dumps, cyc)
for s in ("", " ", "x", "[", "[1", "[1,", "[1,]", "[1 2]", "{", '{"a"', '{"a":', '{"a":1', '{"a":1,', '{"a":1,}', "{a:1}", "{'a':1}", '{1:2}', '"abc', '"\n"', '"\\x"', '"\\u12"', '"\\ud800"', '"\\ud834\\udd1e"', "01", "1.", ".5", "1e", "-", "+1", "NaN", "Infinity", "-Infinity", "nul", "true false", "[] x", "\ufeff1", "1e400", "-0", "-0.0", "1E5", '"tab\t"', "[1]]", '{"a":1 "b":2}', "\x00", '{"a":1,"a":2}', " [ 1 , 2 ] ", '"\\/\\b\\f\\n\\r\\t\\\\\\""', "123456789012345678901234567890", "1.7976931348623159e308"):
    try:
        print(repr(s), ascii(json.loads(s)))
    except json.JSONDecodeError as e:
        print(repr(s), "|", e, "|", e.msg, e.pos, e.lineno, e.colno)
show(json.loads(b'{"a": "\xc3\xa9"}'), json.loads('"\xe9"'.encode("utf-16")), json.loads(bytearray(b"[1]")), json.loads('{"a":1.5}', parse_float=decimal.Decimal), json.loads("[1]", parse_int=str), json.loads("NaN", parse_constant=str), json.loads('{"a":{"b":1}}', object_hook=lambda d: sorted(d)), json.loads('{"a":1}', object_pairs_hook=list), json.loads('"a\tb"', strict=False))
err(json.loads, 5)
err(json.loads, '"a\tb"')
print(json.load(io.StringIO("[1]")), json.JSONDecoder().raw_decode('[1] rest'), list(json.JSONEncoder(indent=1).iterencode([1, {"a": 2}])))
out = io.StringIO()
json.dump({"k": [1, "é"]}, out)
print(out.getvalue())


class E(json.JSONEncoder):
    def default(self, o):
        return {"set": sorted(o)} if isinstance(o, set) else super().default(o)


print(json.dumps([{2, 1}], cls=E))
err(json.dumps, [1j], cls=E)
import enum


class Color(enum.IntEnum):
    R = 1


class Str(str):
    pass


class Int(int):
    def __repr__(self):
        return "no"


print(json.dumps([Color.R, Str("s"), Int(5), True]), json.dumps({Color.R: Str("v")}))


class Thing:
    pass


def grows(thing):
    table["new%d" % len(table)] = 1
    return "thing"


def shrinks(thing):
    table.pop("b", None)
    return "thing"


def empties(thing):
    table.clear()
    return [1]


for default in (grows, shrinks, empties):
    table = {"a": Thing(), "b": 1, "c": [Thing()], **{str(i): i for i in range(20)}}
    print(json.dumps(table, default=default))
    table = {"a": Thing(), "b": 1, "c": 2}
    print(json.dumps(table, default=default))


class Items(dict):
    def items(self):
        return self.given


for given in (5, None, [1], [(1, 2)], [(1, 2, 3)], "ab", iter([("a", 1)])):
    d = Items(x=1)
    d.given = given
    err(json.dumps, d)
    err(json.dumps, d, sort_keys=True)


class Iterated(list):
    def __iter__(self):
        return iter([9, 9])


class IteratedTuple(tuple):
    def __iter__(self):
        raise ZeroDivisionError


print(json.dumps(Iterated([1, 2, 3])), json.dumps([Iterated()]))
err(json.dumps, IteratedTuple((1,)))
looped = Iterated([1])
err(json.dumps, looped, default=lambda o: o)
err(json.decoder.c_scanstring, 'a"', 0, "x")
