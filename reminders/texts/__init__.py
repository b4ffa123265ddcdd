"""What messages say: Kith's own words, the practice's, and what keeps both harmless (R43, R48)."""
