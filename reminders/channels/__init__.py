"""The ways out of the house: e-mail and text messages."""
