"""Handlers of the XML parser that change its buffer while it is emptied, and parsers of entities in cycles."""
import gc
from xml.parsers import expat

for change in "off", "small", "large", "none":
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.buffer_size = 10
    pieces = []

    def text(data):
        pieces.append(data)
        if change == "off":
            parser.buffer_text = False
        elif change == "small":
            parser.buffer_size = 2
        elif change == "large":
            parser.buffer_size = 1000
        else:
            parser.CharacterDataHandler = None
            parser.CharacterDataHandler = text

    parser.CharacterDataHandler = text
    parser.Parse("<a>" + "x" * 8 + "&amp;" + "y" * 7 + "&lt;" + "z" * 30 + "&gt;end</a>", True)
    assert "".join(pieces) == "x" * 8 + "&" + "y" * 7 + "<" + "z" * 30 + ">end", pieces
    del parser, text


def cycle():
    parser = expat.ParserCreate()
    kept = []

    def entity(context, base, system, public):
        child = parser.ExternalEntityParserCreate(context)
        child.CharacterDataHandler = lambda data: kept.append(child)
        child.Parse("<!ELEMENT a ANY>" if context is None else "text", True)
        kept.append(child)
        return 1

    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_ALWAYS)
    parser.ExternalEntityRefHandler = entity
    parser.Parse('<?xml version="1.0"?><!DOCTYPE a SYSTEM "a.dtd" [<!ENTITY e SYSTEM "e.txt">]><a>&e;</a>', True)
    kept.append(parser)


for _ in range(20):
    cycle()
    gc.collect()
print("ok")
