"""The pages of this room: taking over an account, and the practice's administration."""
