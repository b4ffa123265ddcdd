"""Names that are words as well: Grace, Will, May. In small letters, and at the start of a sentence, they say little."""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# A word that opens a clause by itself: "Will continue", "May I ask", "An angry silence".
OPENERS = _set("""
    an can do he in it man may my no on see she so we will
""")

MONTHS = _set("""
    april august july june may
""")

# What comes before a month and hardly before a person.
BEFORE_MONTHS = _set("""
    during each early every in last late mid next since this till until
""")

# Words that are, or look like, a name.
WORDS = (
    OPENERS
    | MONTHS
    | _set("""
    abbey ace addie ally amber angel apple arch archer art ash aspen aster autumn axel baker bale banks bar barb
    barker barnes basil bass baxter bay bean bear beck bee bell bella belle berry best bill billy birch bird bishop
    black blair blake blaze blessing bliss block blossom blue bob bond bonds bonnie book booker booth bow bowman boy
    boys brad bray breeze brian briar brick bridge bridges britt brock brook brooke brooks brown browning buck bud
    buddy burns bush butcher butler byrd camp candy cannon carbon card carol carpenter carter case casey cash cat
    celeste chance chandler chase cherry chet chip christian chuck church clarity clark clay cliff clint close cloud
    coco cody coke cole coleman con constance cook cooper coral corn corny crane creed cross crow cruz crystal curt
    daisy dale dam dan dandy dane dash dawn day days dean deb dee delta den desire destiny diamond dick dom don dot
    dove drake drew duke dusty earl early earnest ease east easter ebony echo eden edge elder elm em ember emerald
    ermine essence eve ever evergreen faith fall fallon fanny farmer farrow favor fawn felicity fern field fields
    finch fink finn fisher fletcher flick flint flo flora flower flowers ford forest forrest fortune foster fountain
    fox frances frank franks freed freeman french friend friends frost fuller fury gabby gail gale gardener gardner
    garland garnet gates gay gem gene genesis genius gent gentry ginger glen glenn glory gold golden good goodman
    goose gore grace gracie grant grants gray green greene grey griffin grove guard guest gus guy hail hale hall
    hand hank happy hardy harmony harp harper harry hart harvest haven hawk hay hayes hays hazel head heart heath
    heather heaven herb hero hill hills holiday holland holly honest honesty honey honor hood hook hope hoper horn
    house houses hunt hunter ice imp indigo innocent iris iron irons island ivory ivy jack jade jasmine jasper jay
    jean jeans jet jets jewel jo john johnny joke josh joy joyce joys judge jump junior just justice justus kay keen
    kelly ken kern key keys kid kim kind king kings kit kite kitty knight la lace lad lake lamb lance land lane
    large lark larry laurel law laws lax lea leaf lee legend len leo les levy liberty light lily lin link lion
    little liv lo lock lodge lone long loss lotus lou love lovely loving low lowe luck lucky luna lush lyric mace
    mack mae magic magnolia major malady male mar marble march marina mark marks marlin marsh marshall marvel mason
    master mat mate matt max maxim mayo mays maze mead meadow meadows meg mel mellow melody memo memory mercy merry
    meter mick mile miles miller mills mindy mine minister mint miracle misery miss missy mist misty mo moll money
    monk moon moor moore more morn morning moses moss mum myrtle name nap nat nell nest nevada never new newman nice
    nick night nix noble nobles noel nova novel oak oaks ocean olive only opal oral orange orchid oz pace page pages
    paige paint palm pan pansy park parks pat patience patient patty paw payne paz peace peach peak pear pearl
    pearls peg pen penny pepper perk pet petal peter phoenix pierce pike pilot pin pine pip piper pippin plum poet
    pole pool poppy porter post posy potter power powers prairie pray presley prey price pride priest prince
    princess promise prosper prudence psalm queen quick quill quin rain raines raven ray rayes read ready reed reese
    reg reggie reign remedy ren rhapsody rhyme rich riches rick ride ridge right rip rise risk rita river rivers
    road rob robin rock rocky rod rode rogue roll roman romp rook rose rosemary roses rowan royal ruby rue ruler
    ruse rush russet rust rusty sable sad sadie saffron sage sail saint sal sally sam sand sandy sapphire savage
    savanna savannah say scarlet scholar scott seal season seasons self senior serene serenity set shade shadow
    sharp shaw shay shell shelly shepherd sherry shield shine shirk short shy si sienna silk silver simple singer
    sky skye skylar sly small smart smiley smith snow sofi sol sole solo song sonny sorrow soul south spark spear
    spears spencer spirit spring spruce square stacy stage star starr state steel stein stella step stern stew
    steward stile still stone storm story strange street strong sue sugar sum summer sun sunday sunny sunshine swan
    sweet swift tab tad tag tale talon tam tan tap tate tawny tay taylor teal ted tee temple tender terry thorn
    thyme tide tiff tiger tin tina tiny tip tito tony toy trace tracer trick tricks trinity trip trix true truman
    trust truth tuck tucker tulip turner ty tyler unity val vale valentine van velvet venus vernal verse vest vi vic
    victor victory vine viola violet virtue vista wade wake walker wall wallow walls ward warden ware warm warner
    warren wash waters watt watts waves way weaver web webb weed weeks wells west wheat wheeler white wide wild
    wilder wiley wills win wind winds winner winter winters wise wish wolf wolfe wonder wood woods word words worth
    wren wright wyatt yang yard young zen zion
""")
)

# What people do and words do not. After a name that is a word, these tell that a person is meant.
HUMAN_VERBS = _set("""
    admits admitted agreed agrees answered answers apologized apologizes arrived arrives asked asks challenged
    challenges complained complains confronted confronts cried cries described describes disagreed disagrees
    disclosed discloses explained explains expressed expresses feels felt hugged hugs interrupted interrupts invited
    invites joined joins laughed laughs listened listens looked looks mentioned mentions nodded nods offered offers
    refused refuses reminded reminds replied replies reported reports responded responds said sat says shared shares
    shouted shouts shrugged shrugs sighed sighs sits smiled smiles speaks spoke stated states stood talked talks
    tells thanked thanks thinks thought told walked walks wanted wants weeps wept whispered whispers wondered
    wonders
""")

# Before a name that is a word, these tell the same: one does them to a person.
DONE_TO_PEOPLE = _set("""
    answered answering apologized ask asked asking asks comforted comforting confronted confronting hugged
    interrupted interrupting invited inviting mocked mocking reassured reassuring reminded tell telling tells
    thanked thanking told
""")

# What may follow a person at the start of a sentence and hardly follows "Will", "May" or "An" as words.
FINITE = HUMAN_VERBS | _set("""
    again also always and became becomes began begins both briefly brings brought came comes did does eventually
    finally finds first found gave gets gives goes got had has heard hears held holds is just keeps kept knew knows
    later leaves left let lets made makes meets met never now often once only openly quietly ran rarely repeatedly
    runs saw seemed seems sees slowly still suddenly takes then too took usually visibly was went were who whom
    whose with
""")

# Parts of surnames that are not names by themselves.
PARTICLES = _set("""
    abu af al av bat ben bin d da das de del den der di do dos du e el ibn l la las le los mac mc o san santa st ten
    ter van vander von y zu zur
""")

# What stands before a surname.
TITLES = _set("""
    dr miss mr mrs ms mx prof sr sra srta
""")
