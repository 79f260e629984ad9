"""``completion``: the script that lets a shell complete sqlgen's commands and options."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from sqlgen.cli.frame import Command, emit, examples


@click.command(
    cls=Command,
    epilog=examples(
        'eval "$(sqlgen completion bash)"      in ~/.bashrc',
        'eval "$(sqlgen completion zsh)"       in ~/.zshrc',
        "sqlgen completion fish > ~/.config/fish/completions/sqlgen.fish",
    ),
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print the script that makes a shell complete sqlgen's commands and options."""
    kind = get_completion_class(shell)
    assert kind is not None  # click knows the three shells of the choice
    emit(kind(ctx.find_root().command, {}, "sqlgen", "_SQLGEN_COMPLETE").source().rstrip() + "\n")
