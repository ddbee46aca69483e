"""The formats that are read, a module each: an open file and its path -> documents and problems."""
