"""The doors that clients of OpenAI's protocol come in by: chat completions, responses, models and embeddings, under /v1."""
