"""The doors to an archive: the command line, and the chat page beside the API."""

import os

# Gradio would tell its makers of every start; it asks this variable, so it is set before anything imports Gradio.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
