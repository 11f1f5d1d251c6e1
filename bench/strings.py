"""String building: concatenation, join, slices, split, replace, case, search, translate."""


def main():
    parts = []
    text = ""
    for i in range(120_000):
        text += chr(97 + i % 26)
        if len(text) > 200:
            parts.append(text)
            text = ""
    joined = "-".join(parts)
    total = len(joined)
    for piece in joined.split("-"):
        total += piece.find("xyz") + piece.count("a")
        total += len(piece.replace("abc", "ABCD").upper().strip("Z"))
    words = []
    for i in range(60_000):
        word = "w" + str(i)
        words.append(word[::-1] if i & 1 else word.title())
    line = " ".join(words)
    total += len(line.split()) + line.rfind("1w")
    vowels = 0
    for c in joined:
        if c in "aeiou":
            vowels += 1
    table = str.maketrans("abc", "xyz", "def")
    for i in range(300):
        total += len(joined[i:i + 900].translate(table))
    for i in range(120_000):
        if words[i % 60_000].startswith("W") and not words[i % 60_000].endswith("9"):
            total += 1
        total += words[i % 60_000] < "m"
    codes = 0
    for i in range(150_000):
        codes = (codes * 31 + ord(joined[i % 20_000])) & 0xFFFFFF
    wide = "".join("äöü€𝄞"[i % 5] for i in range(60_000))
    total += len(wide.encode()) + wide.count("€")
    return total, vowels, codes, hash(line) == hash(" ".join(words))


for _ in range(4):
    result = main()
print(result)
