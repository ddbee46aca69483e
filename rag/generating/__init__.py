"""The generators: llama.cpp in this process, and servers."""
