# Rich: tables, markup, markdown, syntax, trees, columns, pretty printing and tracebacks.
# time: 60
# asan: no (a large program; the parts of it are tested by themselves)
import io
import re
from dataclasses import dataclass, field

from rich.columns import Columns
from rich.console import Console, Group
from rich.json import JSON
from rich.markdown import Markdown
from rich.markup import escape
from rich.panel import Panel
from rich.pretty import Pretty, pretty_repr
from rich.progress_bar import ProgressBar
from rich.rule import Rule
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

for color in "truecolor", None:
    console = Console(file=io.StringIO(), width=80, force_terminal=color is not None, color_system=color, legacy_windows=False, _environ={})
    table = Table(title="Films", show_lines=True)
    table.add_column("Name", style="cyan", no_wrap=True)
    table.add_column("Year", justify="right")
    table.add_column("Text [b]bold[/b]")
    table.add_row("One", "1999", "a text that is long enough to be wrapped in its column of the table")
    table.add_row("Zwölf 漢字 😀", "2024", "[red]red[/red] and [link=https://example.org]link[/link] " + escape("[not markup]"))
    console.print(table)
    console.print(Panel(Group("first", Rule("rule"), Text("styled", style="bold magenta on white")), title="panel", expand=False))
    console.print(Markdown("# Title\n\n- one *two*\n- `code`\n\n> quote\n\n1. a\n2. b\n\n```python\ndef f(): pass\n```\n"))
    console.print(Syntax("class A:\n    x: int = 1  # note\n\n    def f(self):\n        return f'{self.x!r}'\n", "python", line_numbers=True))
    tree = Tree("root")
    branch = tree.add("[green]branch")
    branch.add("leaf")
    branch.add(Panel("in a panel"))
    console.print(tree)
    console.print(Columns([f"item {n}" for n in range(20)], equal=True))
    console.print(ProgressBar(total=100, completed=42, width=40))
    console.print(JSON('{"a": [1, 2.5, true, null], "b": {"c": "d"}}'))
    console.print({"key": [1, 2, 3], "other": ("a", None, 3.5, True)}, [list(range(40))], 0x1F, "http://example.org /usr/lib 12:30")
    print(re.sub(r"]8;id=\d+;", "]8;id=N;", console.file.getvalue()))  # a random number


@dataclass
class Node:
    name: str
    children: list = field(default_factory=list)

node = Node("a", [Node("b", [Node("c" * 60)]), {"x": range(3), "y": {1, 2}, "z": frozenset("a")}])
node.children.append(node)
print(pretty_repr(node, max_width=60))
console = Console(file=io.StringIO(), width=70, color_system=None, log_time=False, _environ={})
console.print(Pretty(node, max_depth=2, max_length=3))
console.log("logged", log_locals=False)
print(console.file.getvalue())
try:
    console.print("[b]open[/i]")
except Exception as error:
    print(type(error).__name__, error)
