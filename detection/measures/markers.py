"""The square codes that the exam page shows and a phone's camera must see now and then: a small dictionary of our own.

A code is 5 x 5 squares inside a dark frame one square wide; a light edge around it, one square wide at least, belongs
to it. Any two of them, turned any way, differ in 8 squares at least, so that two that are misread are still told apart.
Plain Python: the web process draws them, and has no image library.
"""

SIDE = 5  # squares
WHOLE = SIDE + 2  # with the dark frame
LEAST_DISTANCE = 8  # squares in which any two codes differ, in whatever of the four turns

# Found by trying random ones and keeping each that is far enough from all before it; 25 bits, 1 is dark, row by row.
DIGITS = 7  # of each code
HEX = (
    "19abb5d0fea84011d13990033df5017120707e42b30686d3114e9f7404443dd14e23e905b8cae1a4bcee0ef843504a5d4a"
    "09ca6b01fbd84a07bd75813667e61e750121df096e10b0b1e0c68f9a0b9ab5306333230a29ec51e8882114c4e3811f4cd4"
    "1a8d1491307383017aee81363bad01a65141fe96aa098a12c1cf9581188774e1d2276c06c601c11252b015d34b60c9d687"
    "14a38630c037e1178b45c12f5a6819523e51568ee7075861f06f56ad15d5e4b0c5e8c2180efd1195e88d17b63560d80772"
    "18e564106a36d01a13a62152e125118c6880d230dc1474dfa0b5ce10"
)
CODES = tuple(int(HEX[start : start + DIGITS], 16) for start in range(0, len(HEX), DIGITS))

Cells = tuple[tuple[int, ...], ...]


def inner_cells(number: int) -> Cells:
    """Return the 5 x 5 squares of a code, 1 for dark; IndexError for a number that is none."""
    if number < 0:
        raise IndexError(number)
    bits = [CODES[number] >> (SIDE * SIDE - 1 - place) & 1 for place in range(SIDE * SIDE)]
    return tuple(tuple(bits[row * SIDE : (row + 1) * SIDE]) for row in range(SIDE))


def cells(number: int) -> Cells:
    """Return the 7 x 7 squares that are drawn, the dark frame with them; 1 for dark."""
    edge = (1,) * WHOLE
    return (edge, *((1, *row, 1) for row in inner_cells(number)), edge)


def turned(code: Cells) -> Cells:
    """Return a code turned by a quarter."""
    return tuple(tuple(column) for column in zip(*reversed(code), strict=True))


def distance(one: Cells, other: Cells) -> int:
    """Return in how many squares two codes differ."""
    return sum(a != b for row, line in zip(one, other, strict=True) for a, b in zip(row, line, strict=True))
