"""Commands: one command = one file, a few lines each; everything a user reads here is Chinese."""
