"""`khabar openapi`: the description of the API for programs that make clients of it."""

from __future__ import annotations

import click

from rag.api.application import doors
from ui.commands.options import echo_json


@click.command()
def openapi() -> None:
    """Print the OpenAPI document of the API, as a server has it under /openapi.json."""
    echo_json(doors().openapi())
