"""Define one row of a file. Pure."""

from dataclasses import dataclass

from evaluation.figures.dictionary.sums import Amount, Codes


@dataclass(frozen=True, slots=True)
class Row:
    """One figure. `quality` is the value from the file, or `NA` for not applicable."""

    number: int
    item: str
    dim1: str
    dim1_value: str
    dim2: str
    dim2_value: str
    amount: Amount
    quality: str

    @property
    def codes(self) -> Codes:
        return self.dim1_value, self.dim2_value
