"""The chat page: Gradio on the FastAPI application, and the HTML of all that stands in it."""
