"""The generators: messages -> text, by llama.cpp in this process or at a server."""
