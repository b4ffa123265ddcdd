"""Names for invented people, as mixed as a city's, and their places."""

from datetime import time

WOMEN: tuple[str, ...] = (
    "Amara", "Beatriz", "Chloé", "Daniela", "Eleni", "Fatoumata", "Greta", "Hana", "Hồng", "İpek", "Ji-woo", "Keiko",
    "Leilani", "Łucja", "Màiri", "Mireille", "Nadia", "Ngozi", "Orla", "Paola", "Ravenna", "Rosa", "Shirin", "Tamar",
    "Uma", "Valentina", "Xiomara", "Yara", "Zofia", "Zsófia",
)  # fmt: skip
MEN: tuple[str, ...] = (
    "Anselm", "Ben", "Björn", "Caleb", "Dmitri", "Đorđe", "Étienne", "Farid", "Gabriel", "Güneş", "Hamza", "Ignacio",
    "Jonas", "José", "Kwame", "Luca", "Mateo", "Nikhil", "Olu", "Petr", "Quentin", "Rafael", "Søren", "Tariq", "Theo",
    "Umberto", "Victor", "Wei", "Yusuf", "Zoltán",
)  # fmt: skip
ANY_GENDER: tuple[str, ...] = ("Alex", "Ariel", "Emery", "Jo", "Kit", "Noor", "River", "Sam", "Sasha", "Wren")
FAMILY_NAMES = (
    "Abara", "Ålund", "Benítez", "Brodsky", "Castellanos", "Çelik", "De Luca", "Dlamini", "Eriksen", "Espinoza",
    "Ferreira", "Fujita", "Grünwald", "Haddad", "Horvat", "Ibarra", "Ishikawa", "Jankowski", "Kaplan", "Kimani",
    "Lindqvist", "Łoś", "Mbeki", "Moreau", "Nguyễn", "Novák", "O'Connell", "Okonkwo", "Petrosyan", "Popescu", "Quiroga",
    "Rahman", "Rossi", "Sandoval", "Smith-Okafor", "Szabó", "Tanaka", "Thorvaldsen", "Ueda", "van der Berg", "Vasquez",
    "Whitlock", "Xu", "Yamamoto", "Yılmaz", "Zielińska",
)  # fmt: skip
CREDENTIALS = ("PsyD", "PhD", "LCSW", "LMFT", "LMHC", "LPC")

# Name, zone, state, street, area codes. The first two and the online site are in every demo practice.
BROOKLYN = ("Brooklyn", "America/New_York", "NY", "110 North 9th Street", ("718", "347", "917"))
AUSTIN = ("Austin", "America/Chicago", "TX", "2200 South Lamar Boulevard", ("512", "737"))
CITIES = (
    ("Albany", "America/New_York", "NY", "18 Steuben Street", ("518",)),
    ("Albuquerque", "America/Denver", "NM", "305 Central Avenue", ("505",)),
    ("Asheville", "America/New_York", "NC", "41 Biltmore Avenue", ("828",)),
    ("Baltimore", "America/New_York", "MD", "900 Cathedral Street", ("410",)),
    ("Boise", "America/Boise", "ID", "212 West Idaho Street", ("208",)),
    ("Burlington", "America/New_York", "VT", "77 College Street", ("802",)),
    ("Chicago", "America/Chicago", "IL", "1550 North Milwaukee Avenue", ("312",)),
    ("Cleveland", "America/New_York", "OH", "2012 West 25th Street", ("216",)),
    ("Denver", "America/Denver", "CO", "640 Santa Fe Drive", ("303",)),
    ("Detroit", "America/Detroit", "MI", "4100 Cass Avenue", ("313",)),
    ("Honolulu", "Pacific/Honolulu", "HI", "1120 Maunakea Street", ("808",)),
    ("Kansas City", "America/Chicago", "MO", "1708 Baltimore Avenue", ("816",)),
    ("Madison", "America/Chicago", "WI", "610 Williamson Street", ("608",)),
    ("Minneapolis", "America/Chicago", "MN", "2500 Lyndale Avenue", ("612",)),
    ("New Orleans", "America/Chicago", "LA", "1334 Magazine Street", ("504",)),
    ("Oakland", "America/Los_Angeles", "CA", "388 Grand Avenue", ("510",)),
    ("Philadelphia", "America/New_York", "PA", "1205 Pine Street", ("215",)),
    ("Phoenix", "America/Phoenix", "AZ", "822 North Central Avenue", ("602",)),
    ("Pittsburgh", "America/New_York", "PA", "3600 Penn Avenue", ("412",)),
    ("Portland", "America/Los_Angeles", "OR", "1944 Alberta Street", ("503",)),
    ("Richmond", "America/New_York", "VA", "2800 West Cary Street", ("804",)),
    ("Seattle", "America/Los_Angeles", "WA", "5310 Ballard Avenue", ("206",)),
    ("Tucson", "America/Phoenix", "AZ", "265 East Congress Street", ("520",)),
)  # fmt: skip

# What people say when asked when they could come.
FREE_SPANS = (
    (time(8), time(10)),
    (time(9), time(12)),
    (time(12), time(14)),
    (time(13), time(16)),
    (time(16), time(19)),
    (time(17), time(20)),
    (time(18), time(21)),
)

GROUP_KINDS = ("circle", "process group", "group", "round", "table")
PARTS_OF_DAY = ((12, "morning"), (14, "midday"), (17, "afternoon"), (24, "evening"))

SCHEDULING_NOTES = (
    "",
    "",
    "",
    "Prefers to be called after 4 PM.",
    "Works shifts; the plan for the next month is known on the 20th.",
    "Comes by train and needs ten minutes from the station.",
    "Would rather not meet in the first week of a month.",
    "Needs a room without stairs.",
    "Has asked twice about an evening place.",
)
CANCELLATIONS = ("The leader is ill.", "The heating failed.", "A storm closed the building.", "The leader is away.")
