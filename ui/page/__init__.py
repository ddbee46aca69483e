"""The chat page: Gradio on the FastAPI application, and the HTML of everything on it."""
