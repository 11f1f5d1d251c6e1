# Markdown: the whole syntax, with the extensions that come with it.
# time: 60
# asan: no (a large program; the parts of it are tested by themselves)
import markdown

TEXT = """
# Title {#top .big}

A paragraph with *emphasis*, **strength**, `code`, <b>raw</b> &amp; a [link](https://example.org "title"),
a [reference][r], an ![image](a.png), an <auto@example.org> and a footnote[^1].

[r]: https://example.org/r 'The reference'
[^1]: The note.

* one
* two
    1. nested
    2. again

        code in a list

> quoted
> > twice

Name | Value
---- | ----:
a    | 1
`b`  | 2 \\| 3

```python
def f(x):
    return x
```

Term
:   its definition

The HTML specification.

*[HTML]: Hyper Text

!!! note "Mind"
    the gap

<div markdown="1">
*inside*
</div>

Second title
------------

***both*** _a_b_c_ line\u00a0end  
next
"""
print(markdown.markdown(TEXT))
converter = markdown.Markdown(extensions=["extra", "toc", "admonition", "meta", "sane_lists", "smarty", "wikilinks", "nl2br"])
print(converter.convert("author: someone\n\n[TOC]\n" + TEXT + "\n[[Page name]] -- \"quotes\"...\n"))
print(converter.Meta, converter.toc_tokens)
page = markdown.markdown(TEXT * 40, extensions=["extra", "codehilite"])
print(len(page), page[:300])
