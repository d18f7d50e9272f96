"""Templates and views in, HTML pages and Word letters out, as bytes; and what delivered bytes show when read back."""
