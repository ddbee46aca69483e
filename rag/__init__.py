"""Questions in, answers out: retrieve, weigh the evidence, write or quote, cite. Imports index, never ui."""
