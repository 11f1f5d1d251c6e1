"""Numbers as words, and tables for a terminal."""


def duration(seconds):
    """1.23 s, 45.6 ms, 7.8 µs."""
    if seconds >= 100:
        return f"{seconds:.0f} s"
    if seconds >= 1:
        return f"{seconds:.2f} s"
    if seconds >= 1e-3:
        return f"{seconds * 1e3:.3g} ms" if seconds < 0.9995 else "1.00 s"
    return f"{seconds * 1e6:.0f} µs" if seconds >= 1e-7 else "0"


def percent(share):
    if 0 < share < 0.005:
        return "under 1%"
    if 0.995 <= share < 0.9999:
        return "over 99%"
    return f"{share * 100:.0f}%"


def number(value):
    return f"{value:.2f}" if value < 10 else f"{value:.0f}"


def times(value):
    return f"{value:.1f} times"


def plural(count, word):
    return word if count == 1 else word + "s"


def bar(shares, width, marks):
    """A bar of `width` characters, divided among shares (0 to 1) drawn with marks."""
    text, done = "", 0.0
    for share, mark in zip(shares, marks):
        done += share
        text += mark * (round(done * width) - len(text))
    return text.ljust(width)[:width]


def cut(text, width, keep_end=False):
    """At most so many characters, with an ellipsis where some are missing."""
    if len(text) <= width:
        return text
    return "…" + text[1 - width:] if keep_end else text[:width - 1] + "…"


def table(rows, right=()):
    """Lines of columns set side by side; columns whose numbers are in `right` are set right."""
    if not rows:
        return []
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return ["  ".join(cell.rjust(w) if i in right else cell.ljust(w)
                      for i, (cell, w) in enumerate(zip(row, widths))).rstrip() for row in rows]


def wrap(text, width, indent=""):
    """Lines of at most `width` characters."""
    lines, line = [], ""
    for word in text.split(" "):
        if line and len(indent) + len(line) + 1 + len(word) > width:
            lines.append(indent + line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return lines + [indent + line] if line else lines
