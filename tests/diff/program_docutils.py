# Docutils renders a document as HTML, LaTeX and its own XML.
# time: 60
# asan: no (a large program; the parts of it are tested by themselves)
from docutils.core import publish_doctree, publish_parts, publish_string

TEXT = """\
=======
A title
=======

:Author: Someone
:Version: 1.0

.. contents::

First
=====

A paragraph with *emphasis*, **strength**, ``code``, `a link`_ and a footnote [1]_. An |image|.

.. _a link: https://example.org/
.. [1] The footnote's *text*.
.. |image| replace:: substitution

- one
- two

  1. nested
  2. again

Term
    its definition

Tables
------

+--------+-------+
| Name   | Value |
+========+=======+
| a      | 1     |
+--------+-------+
| b spans both   |
+--------+-------+

=====  =====
x      y
=====  =====
1      2
3      4
=====  =====

.. code-block:: python

    def f(x):
        return x ** 2

.. note:: Mind the gap.

.. csv-table:: From values
   :header: "a", "b"

   "1", "2, 3"

.. math:: \\\\sum_{i=0}^n i

Second
======

>>> print("doctest")
doctest

:unknown:`role` and an |undefined| one, `no such target`_.
"""

settings = {"report_level": 1, "warning_stream": False, "datestamp": None, "generator": False}
print(publish_string(TEXT, writer_name="html5", settings_overrides={**settings, "embed_stylesheet": False}).decode())
print(publish_string(TEXT, writer_name="latex", settings_overrides=settings).decode())
print(publish_string(TEXT, writer_name="pseudoxml", settings_overrides=settings).decode())
tree = publish_doctree(TEXT * 3, settings_overrides=settings)
print(len(tree.astext()), [type(node).__name__ for node in tree.children])
print(sorted(publish_parts(TEXT, writer_name="html", settings_overrides={**settings, "embed_stylesheet": False})))
