"""Text of every width: concatenation, slices, search, methods."""
for a in ("", "abc", "é", "日本", "𝄞x", "a" * 1000):
    for b in ("", "z", "ü", "語", "🎉"):
        s = a + b
        assert len(s) == len(a) + len(b) and s.startswith(a) and s.endswith(b) and b in s
        assert s[:len(a)] == a and s[len(a):] == b and s[::-1][::-1] == s
        assert s.encode().decode() == s and hash(s) == hash("".join(list(s)))
        assert s.replace(b, "") == a.replace(b, "") if b else True
parts = [str(i) for i in range(100)]
assert ",".join(parts).split(",") == parts
text = ""
for p in parts:
    text += p
assert text == "".join(parts) and text.count("9") == 20
assert f"{'x':>5}|{3.14159:.2f}|{255:#x}|{1000000:,}" == "    x|3.14|0xff|1,000,000"
assert "%s %d %.1f %r" % ("a", 5, 2.5, "b") == "a 5 2.5 'b'"
