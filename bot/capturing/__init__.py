"""Capturing: minutes are taken in a meeting's thread, line by line, and become records.

What a thread says is a set of lines, each as it stands there now; what follows from it depends on
that set alone, not on the order in which Slack tells of it.
"""
