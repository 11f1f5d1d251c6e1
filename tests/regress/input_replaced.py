"""input() whose prompt or output replaces the streams it uses: they stay until it is done."""
import gc
import io
import sys


class Out:
    def write(self, text):
        sys.stdin = None
        sys.stdout = sys.__stdout__
        gc.collect()
        return len(text)

    def flush(self):
        pass


class Prompt:
    def __str__(self):
        sys.stdout = sys.__stdout__
        gc.collect()
        return "prompt"


for prompt in Prompt(), "prompt":
    sys.stdin, sys.stdout = io.StringIO("line\n"), Out()
    line = input(prompt)
    sys.stdin, sys.stdout = sys.__stdin__, sys.__stdout__
    assert line == "line"
print("ok")
