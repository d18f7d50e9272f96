"""Tests of pipeline.cells."""
