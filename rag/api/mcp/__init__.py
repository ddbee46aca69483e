"""The door for assistants that speak the Model Context Protocol: an extra, khabar[mcp]."""
