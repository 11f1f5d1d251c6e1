"""Regular expressions over a log: search, findall, sub, groups, alternation, backtracking."""
import re


def log(n):
    lines = []
    for i in range(n):
        lines.append(f"2024-0{i % 9 + 1}-{i % 28 + 1:02d} 10:{i % 60:02d}:00 host{i % 7} "
                     f"{['INFO', 'WARN', 'ERROR'][i % 3]} user{i}@example.org took {i % 97}.{i % 10} ms path=/a/b{i % 13}?q={i}")
    return "\n".join(lines)


def main():
    text = log(2500)
    total = 0
    stamp = re.compile(r"(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d)")
    for match in stamp.finditer(text):
        total += int(match[3])
    total += len(re.findall(r"\b[\w.]+@[\w.]+\.\w+\b", text))
    total += len(re.findall(r"(?:WARN|ERROR) .*?took (\d+\.\d) ms", text))
    total += len(re.sub(r"host(\d)", lambda m: f"machine{m[1]}", text))
    total += len(re.sub(r"\s+", " ", text))
    total += len(re.split(r"[?=&/]", text))
    fields = re.compile(r"^(?P<day>\S+) (?P<time>\S+) (?P<host>\w+) (?P<level>[A-Z]+)", re.M)
    levels = {}
    for match in fields.finditer(text):
        levels[match["level"]] = levels.get(match["level"], 0) + 1
    line = re.compile(r"(a|b|ab)*c")
    for i in range(3000):
        total += bool(line.match("ab" * 10 + "c"))
    words = re.compile(r"[a-z]+", re.I)
    for row in text.splitlines():
        total += len(words.findall(row))
        if re.search(r"path=(/\w+)+\?q=\d*7$", row):
            total += 1
    return total, levels


for _ in range(6):
    result = main()
print(result)
