"""json and re in a loop."""
import json
import re
doc = {"a": [1, 2.5, None, True, "é\n"], "b": {"c": []}}
for _ in range(5):
    assert json.loads(json.dumps(doc)) == doc and json.loads(json.dumps(doc, indent=1)) == doc
    assert re.sub(r"(\w)(\d)", r"\2\1", "a1 b2") == "1a 2b"
    assert re.findall(r"(?P<k>\w+)=(\d+)", "a=1, b=22") == [("a", "1"), ("b", "22")]
    assert [m.span() for m in re.finditer("b+", "abbab")] == [(1, 3), (4, 5)]
    for bad in ("(", "[", "*", "(?P<a>)(?P<a>)"):
        try:
            re.compile(bad)
        except re.error:
            pass
    for bad in ("{", "[1,", "nul", '"a'):
        try:
            json.loads(bad)
        except ValueError:
            pass
