"""`python -m tests.static_files.fonts`: cuts the Latin fonts to what our pages show, and prints the fallback fonts' sizes.

From Fontsource's files in `fonts/`: Source Sans 3 keeps the weights from 400 to 700, Source Serif 4 the one weight of
headings and numbers, both the letters of European languages and no fractions or small figures. Adobe reserves the name
"Source" for what it made itself, so the cut fonts have names of their own. The other scripts are rarely asked for and
stay whole.
"""

from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

ROOT = Path(__file__).resolve().parents[2]
WHOLE = Path(__file__).parent / "fonts"
CUT = ROOT / "site" / "portal" / "static" / "portal" / "fonts"
CUTS: dict[str, tuple[str, tuple[int, int] | int]] = {
    "source-sans-3": ("Hotline Sans", (400, 700)),
    "source-serif-4": ("Hotline Serif", 600),
}
"""The name of each and the weights that it keeps."""
NAMES = {1, 3, 4, 6, 16, 25}
"""The records of a font that hold its name."""
FEATURES = ["ccmp", "kern", "liga", "locl", "mark", "mkmk", "lnum", "tnum"]
EUROPEAN = {*range(0x0250), *range(0x1E9E, 0x1E9F), *range(0x2000, 0x2300)}
"""Latin up to Extended-B, with the capital sharp s; punctuation, currencies, letterlike signs and arrows."""
EXTENDED = {*range(0x0100, 0x0180), *range(0x0218, 0x021C), 0x1E9E, *range(0x20A0, 0x20AC), *range(0x20AD, 0x20C1)}
"""Of the second file: what languages written in Latin letters in Europe add, and currencies."""

LETTERS = "aaabcdeeeefghiijklmnnoopqrrssttuvwxyz      "
"""Letters about as often as they stand in a text, with the spaces between words."""


FALLBACKS = {
    "Hotline Sans": {"Arial": 0.4563, "DejaVu Sans": 0.5226},
    "Hotline Serif": {"Times New Roman Bold": 0.4431, "DejaVu Serif Bold": 0.5790},
}
"""The mean width of LETTERS in fonts that devices have, in em: from Adobe's metrics of Helvetica and Times Bold, whose
widths Arial and Times New Roman share, and from DejaVu's own files."""


def cut(family: str, script: str) -> None:
    source = WHOLE / f"{family}-{script}-wght-normal.woff2"
    name, weights = CUTS[family]
    target = CUT / f"{name.lower().replace(' ', '-')}-{script}.woff2"
    font = TTFont(source, recalcTimestamp=False)
    wanted = EXTENDED if script == "latin-ext" else EUROPEAN
    subsetter = Subsetter(Options(layout_features=FEATURES, notdef_outline=True))
    subsetter.populate(unicodes=wanted & set(font.getBestCmap()))
    subsetter.subset(font)
    font = instantiateVariableFont(font, {"wght": weights})
    for record in font["name"].names:
        if record.nameID in NAMES:
            record.string = name.replace(" ", "") if record.nameID in (3, 6, 25) else name
    font.flavor = "woff2"
    font.save(target)
    print(f"{target.name}: {target.stat().st_size:,} of {source.stat().st_size:,} bytes")
    if script == "latin":
        print_fallbacks(name, font)


def print_fallbacks(name: str, font: TTFont) -> None:
    """What makes a font of the device as wide and as high as ours."""
    cmap, advances, em = font.getBestCmap(), font["hmtx"], font["head"].unitsPerEm
    mean = sum(advances[cmap[ord(letter)]][0] for letter in LETTERS) / len(LETTERS) / em
    for device, width in FALLBACKS[name].items():
        size = mean / width
        print(
            f"  {device}: size-adjust: {size:.2%}; ascent-override: {font['hhea'].ascent / em / size:.1%}; "
            f"descent-override: {-font['hhea'].descent / em / size:.1%}; line-gap-override: 0%"
        )


if __name__ == "__main__":
    for family in CUTS:
        for script in ("latin", "latin-ext"):
            cut(family, script)
