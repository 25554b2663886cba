"""A small replica campus served on loopback, for the demo and the end-to-end tests."""

from newsspider.demo.campus import Campus, Changes, Truth

__all__ = ["Campus", "Changes", "Truth"]
