"""How the encoder's matrices are multiplied; docs/decisions.md compares the ways."""

from __future__ import annotations

from typing import Literal

# int4: the stored blocks as they are, activations in float32. int4-int8: the same, activations rounded to bytes by blocks.
# int8: both rounded to bytes, the matrices with a scale a row. float32: unpacked.
Precision = Literal["int4", "int4-int8", "int8", "float32"]
