"""温暖: schools' Excel forms in, an answer for everyone by morning out."""

__version__ = "0.1.0"
