"""How fast and how surely messages go out: a mail server to send to, and practices full of people to be reminded."""
