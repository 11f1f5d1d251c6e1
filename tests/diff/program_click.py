# Click: groups, options, types, prompts, help and errors.
# time: 60
# asan: no (a large program; the parts of it are tested by themselves)
import click
from click.testing import CliRunner


@click.group(invoke_without_command=True)
@click.version_option("1.2", prog_name="tool")
@click.option("--verbose/--quiet", "-v/-q", default=False, help="Say more.")
@click.pass_context
def cli(context, verbose):
    """A tool that does things.

    \b
    kept
      as it is
    """
    context.obj = verbose
    if context.invoked_subcommand is None:
        click.echo("no command")


@cli.command(short_help="adds numbers")
@click.argument("numbers", type=click.IntRange(0, 100), nargs=-1, required=True)
@click.option("--factor", type=float, default=1.0, show_default=True, metavar="F")
@click.option("--mode", type=click.Choice(["sum", "max"], case_sensitive=False), default="sum", envvar="TOOL_MODE", show_envvar=True)
@click.pass_obj
def add(verbose, numbers, factor, mode):
    """Adds NUMBERS and multiplies by the factor. A text that is so long that it has to be wrapped in the help, twice perhaps."""
    result = (sum if mode == "sum" else max)(numbers) * factor
    click.secho(f"{verbose} {numbers} {result:.2f}", fg="green", bold=True)


@cli.command()
@click.option("--name", prompt="Your name", default="nobody")
@click.password_option()
@click.confirmation_option(prompt="Sure?")
def login(name, password):
    click.echo(f"{name} {len(password)}")


@cli.command()
@click.argument("source", type=click.File("r"))
@click.argument("target", type=click.Path(dir_okay=False), default="-")
@click.option("--when", type=click.DateTime(["%Y-%m-%d"]))
@click.option("--pair", type=(str, int), multiple=True)
@click.option("--count", "-c", count=True)
def copy(source, target, when, pair, count):
    with click.progressbar(source.readlines(), label="copying") as lines:
        total = sum(len(line) for line in lines)
    click.echo_via_pager([f"{total} {target} {when} {pair} {count}\n"])
    raise click.ClickException("done badly")


runner = CliRunner(mix_stderr=True)
with runner.isolated_filesystem():
    with open("in.txt", "w") as file:
        file.write("one\ntwo\n")
    for arguments, text in [
            ([], None), (["--help"], None), (["--version"], None), (["add", "--help"], None), (["-v", "add", "1", "2", "--factor", "2.5"], None),
            (["add", "1", "200"], None), (["add"], None), (["add", "--mode", "MAX", "3", "9"], None), (["add", "--mode", "avg", "3"], None),
            (["ad", "1"], None), (["add", "--fakt", "2", "1"], None), (["login"], "me\nsecret\nsecret\ny\n"), (["login"], "\na\nb\nc\nc\nn\n"),
            (["copy", "in.txt", "--when", "2020-02-30"], None), (["copy", "in.txt", "--pair", "a", "1", "--pair", "b", "2", "-ccc"], None),
            (["copy", "gone.txt"], None), (["copy", "in.txt", "--pair", "a"], None)]:
        result = runner.invoke(cli, arguments, input=text, env={"TOOL_MODE": "sum"}, color=True)
        print(arguments, result.exit_code, repr(result.exception))
        print(result.output)
print(click.style("text", fg="red", underline=True).encode(), click.unstyle(click.style("plain", bg="blue")))
print(click.formatting.wrap_text("some words that are wrapped at a width of twenty", 20, "* ", "  "))
