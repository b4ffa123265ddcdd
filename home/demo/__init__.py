"""The demo practice: invented people in a practice that looks lived in, the same for the same size, seed and day.

``load.load`` fills an empty database; ``manage.py demo`` is its door. Everything is written in bulk by ``write.Sink``,
so that the smallest practice and a network of 3,000 groups come from the same few functions.
"""
