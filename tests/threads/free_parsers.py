"""A pickler, an unpickler, a PickleBuffer and an XML parser that several threads use at a time."""
import io
import pickle
import xml.parsers.expat

from _together import in_threads_each


def in_threads(*jobs, n=60):
    in_threads_each(n, *jobs)


# A pickler
class Out:
    def write(self, data):
        pass


pickler = pickle.Pickler(Out(), 2)
value = [[str(i), i, {"a": (i,)}] for i in range(50)]
in_threads(lambda i: pickler.dump(value), lambda i: pickler.dump([value, i]), lambda i: pickler.memo.copy(),
           lambda i: pickler.clear_memo(), lambda i: pickler.__init__(Out(), 4),
           lambda i: setattr(pickler, "memo", {1: (0, "x")}), lambda i: setattr(pickler, "persistent_id", lambda x: None),
           lambda i: getattr(pickler, "persistent_id", None))
copies = pickle.Pickler(Out())
in_threads(lambda i: setattr(copies, "memo", pickler.memo), lambda i: setattr(pickler, "memo", copies.memo),
           lambda i: copies.dump(value))


# An unpickler
class In(io.BytesIO):
    pass


stream = pickle.dumps(value)
unpickler = pickle.Unpickler(io.BytesIO(stream * 400))


def load(i):
    assert unpickler.load() == value


in_threads(load, load, lambda i: unpickler.memo.copy(), lambda i: unpickler.memo)
in_threads(lambda i: unpickler.__init__(io.BytesIO(stream)), lambda i: setattr(unpickler, "memo", {}), lambda i: unpickler.memo.clear())

# A PickleBuffer
for _ in range(60):
    exporter = bytearray(b"x" * 100)
    buffer = pickle.PickleBuffer(exporter)

    def use(i):
        try:
            buffer.raw().tobytes()
            memoryview(buffer).tobytes()
            pickle.dumps(buffer, 5)
        except ValueError:
            pass

    in_threads(use, use, lambda i: buffer.release(), lambda i: buffer.release(), n=2)
    exporter.append(1)

# An XML parser
for gathered in (False, True):
    parser = xml.parsers.expat.ParserCreate()
    parser.buffer_text = gathered
    parser.Parse("<a>")
    seen = []

    def parse(i):
        try:
            parser.Parse("<b c='d'>some text</b>&lt;more" * 10)
        except RuntimeError:
            pass

    in_threads(parse, parse, lambda i: setattr(parser, "CharacterDataHandler", seen.append if i % 2 else None),
               lambda i: setattr(parser, "StartElementHandler", lambda *args: None),
               lambda i: setattr(parser, "buffer_text", i % 3 == 0), lambda i: setattr(parser, "buffer_size", 100 + i),
               lambda i: (parser.CurrentLineNumber, parser.ErrorCode, parser.StartElementHandler))
    parser.Parse("</a>", True)
