"""What the front pages read across the house, gathered in a fixed number of queries; views only hand it on."""
