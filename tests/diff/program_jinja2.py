# Jinja2: inheritance, macros, filters, loops, errors, the sandbox, asynchronous templates.
# time: 60
# asan: no (a large program; the parts of it are tested by themselves)
import asyncio

from jinja2 import DictLoader, Environment, StrictUndefined, TemplateSyntaxError, UndefinedError
from jinja2.sandbox import SandboxedEnvironment, SecurityError

TEMPLATES = {
    "base.html": "<title>{% block title %}base{% endblock %}</title>{% block body required %}{% endblock %}",
    "list.html": """{% extends "base.html" %}{% from "macros.html" import field with context %}
{% block title %}{{ super() }} {{ title|upper }}{% endblock %}
{% block body %}{% for row in rows recursive %}
{{ loop.index }}/{{ loop.length }} {{ row.name|e }} {{ field(row.name, value=row.value) }} {{ loop.cycle('odd', 'even') }}
{%- if row.children %} [{{ loop(row.children) }}]{% endif %}{% else %}nothing{% endfor %}
{% set ns = namespace(total=0) %}{% for row in rows %}{% set ns.total = ns.total + row.value %}{% endfor %}{{ ns.total }}
{% call(x) wrap() %}called {{ x }}{% endcall %}{% endblock %}{% macro wrap() %}<{{ caller(3) }}>{% endmacro %}""",
    "macros.html": '{% macro field(name, value="", kind="text") %}<input {{ {"name": name, "value": value, "type": kind}|xmlattr }}>{% endmacro %}',
}
rows = [{"name": "a<b", "value": 1, "children": [{"name": "inner", "value": 2.5}]}, {"name": "c&d", "value": 10}]
env = Environment(loader=DictLoader(TEMPLATES), trim_blocks=True, autoescape=True, extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"])
print(env.get_template("list.html").render(title="things", rows=rows))
print(env.from_string("{{ [3, 1, 2]|sort|join(', ') }} {{ 'x y z'|wordcount }} {{ 3.14159|round(2) }} {{ words|groupby('k')|list }} "
                      "{{ {'b': 1, 'a': 2}|dictsort }} {{ 'text'|center(20) }} {{ range(10)|batch(3, '-')|list }} {{ 'a b'|urlencode }} "
                      "{{ data|tojson(indent=1) }}").render(words=[{"k": 1, "v": 2}, {"k": 1, "v": 3}], data={"a": [1, None, "<"]}))
big = env.from_string("{% for i in range(n) %}{% if i is divisibleby 3 %}{% continue %}{% endif %}<td>{{ i }}:{{ i ** 2|string|length }}</td>{% endfor %}")
text = big.render(n=20000)
print(len(text), text[-60:])
for source in "{% for x in %}", "{{ a.b.c }}", "{% endblock %}", "{{ 'open }}", "{{ 1 / 0 }}", "{% include 'gone' %}":
    try:
        print(Environment(undefined=StrictUndefined, loader=DictLoader({})).from_string(source).render(a={}))
    except (TemplateSyntaxError, UndefinedError, ArithmeticError, LookupError) as error:
        print(type(error).__name__, error)
try:
    SandboxedEnvironment().from_string("{{ ().__class__.__mro__[1].__subclasses__() }}").render()
except SecurityError as error:
    print("SecurityError", error)


async def numbers():
    for n in range(4):
        await asyncio.sleep(0)
        yield n

print(asyncio.run(Environment(enable_async=True).from_string("{% for n in numbers() %}{{ n }}{{ ',' if not loop.last }}{% endfor %}")
                  .render_async(numbers=numbers)))
print(env.compile("{{ a + 1 }}{% if b %}{{ b }}{% endif %}", raw=True))
