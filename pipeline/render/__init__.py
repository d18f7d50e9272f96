"""Templates and views in; HTML pages and Word letters out, as bytes."""
