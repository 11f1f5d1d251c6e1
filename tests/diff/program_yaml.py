# PyYAML in Python: loading, dumping, tags, anchors, errors, events.
# time: 60
# asan: no (a large program; the parts of it are tested by themselves)
import datetime

import yaml

TEXT = """\
%YAML 1.1
---
plain: text
numbers: [1, 0x1F, 0o17, 1_000, 3.5, .inf, -.inf, 6.02e+23, 190:20:30]
truth: [yes, No, TRUE, off, ~, null]
dates: [2001-12-14, 2001-12-14t21:59:43.10-05:00]
base: &base {a: 1, b: 2}
derived:
  <<: *base
  b: 3
literal: |
  two
    lines
folded: >-
  one
  line

  two
quoted: "tab\\tand \\u20ac" 
binary: !!binary R0lGODlhDAAMAIQAAP==
set: !!set {x, y}
ordered: !!omap [one: 1, two: 2]
? complex key
: - nested
  - - deeper
--- second
...
"""
for document in yaml.load_all(TEXT, Loader=yaml.SafeLoader):
    if isinstance(document, dict):
        document["set"] = sorted(document["set"])
    print(document)
    print(yaml.dump(document, sort_keys=True, Dumper=yaml.SafeDumper))
print([type(event).__name__ for event in yaml.parse(TEXT)])
print(yaml.compose("a: [1, {b: c}]"))


class Point(yaml.YAMLObject):
    yaml_tag = "!point"
    yaml_loader = yaml.SafeLoader

    def __init__(self, x, y):
        self.x, self.y = x, y

    def __repr__(self):
        return f"Point({self.x}, {self.y})"

print(yaml.safe_load("[!point {x: 1, y: 2}]"), yaml.dump([Point(3, 4)]))
shared = [1, 2]
print(yaml.dump({"a": shared, "b": shared, "t": (1, 2), "d": datetime.date(2020, 1, 2), "e": float("nan"), "s": "a: b\nc"}))
for bad in "a: b: c", "[1, 2", "\tx", "*gone", "&a [*a", "'open", "!!python/object:os.system {}", "a: 1\n b: 2", "%TAG x":
    try:
        print(yaml.safe_load(bad))
    except yaml.YAMLError as error:
        print(type(error).__name__, error)
rows = [{"id": n, "name": f"name {n}", "tags": ["x", "y"] * (n % 3), "ratio": n / 7} for n in range(400)]
text = yaml.safe_dump(rows)
print(len(text), yaml.safe_load(text) == rows)
