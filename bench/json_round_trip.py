"""JSON: documents written and read back, nested, with text, numbers and escapes."""
import json


def document(n):
    return {
        "name": f"document {n}",
        "tags": ["a", "b\n", "\u00e9\u20ac", 'quote "x"'],
        "values": [i * 1.25 for i in range(20)],
        "ids": list(range(n, n + 30)),
        "nested": {str(i): {"ok": i % 2 == 0, "none": None, "depth": [[i], [[i + 1]]]} for i in range(12)},
    }


def main():
    total = 0
    for n in range(700):
        doc = document(n)
        text = json.dumps(doc)
        back = json.loads(text)
        assert back == doc
        total += len(text)
        if n % 8 == 0:
            total += len(json.dumps(doc, indent=2, sort_keys=True))
            total += len(json.dumps(doc, ensure_ascii=False, separators=(",", ":")))
    big = json.dumps([document(i) for i in range(200)])
    total += len(json.loads(big)) + len(big)
    return total


for _ in range(4):
    result = main()
print(result)
