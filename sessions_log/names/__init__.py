"""The name check (R35): who is named in a note where nobody, or nobody else, may be."""
