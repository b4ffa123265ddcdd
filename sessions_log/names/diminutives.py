"""Short and familiar forms of first names, English and Spanish, so that "Bob" is found when Robert must not be named.

One line a name: the full form, then what people call it. Spellings without accents; they are compared folded.
"""

from collections import defaultdict
from functools import lru_cache

_FAMILIAR = """
aaron: ron ronnie
abigail: abby abbie gail
abraham: abe bram
adelaide: addie ada
adriana: adri
agnes: aggie nessie
agustin: tin
alan: al
albert: al bert bertie
alberto: beto berto
alejandra: ale alex jandra sandra
alejandro: ale alex jandro sandro
alexander: alex al sandy xander zander lex sasha sacha alec
alexandra: alex alexa lexi lexie sandra sandy sasha ali
alfonso: poncho fonso
alfred: al alf alfie fred freddie
alfredo: fredo
alicia: ali licha
alison: ali ally allie
amanda: mandy manda
amelia: amy millie mia
anastasia: ana stacy stasia nastya
andrea: andie andy
andres: andy dres
andrew: andy drew
angela: angie ange
angelica: angie
ann: annie nan
anna: annie ana
anthony: tony ant
antoinette: toni nettie
antonia: toni tonia
antonio: toni tony tono
archibald: archie baldie
arthur: art artie
augustus: gus august
barbara: barb barbie babs
bartholomew: bart
beatrice: bea trixie bee
beatriz: bea betty
benedict: ben
benjamin: ben benji benny
bernard: bernie
bernardo: berni nardo
bernice: bernie
bradley: brad
brian: bri
bridget: bridie biddy
calvin: cal
cameron: cam
candace: candy
carlos: carlitos charly carlo
carmen: carmela carmencita
carolina: caro
caroline: carrie caro carol
carolyn: carrie lyn
casimir: cas
cassandra: cass cassie sandra
catalina: cata lina
catherine: cathy cath kate katie cat cathie
cecilia: ceci cece celia chila
charles: charlie chuck chas charley
charlotte: charlie lottie lotte char
chester: chet
christian: chris
christina: chris chrissy christy tina kris
christine: chris chrissy christy tina kris
christopher: chris kit topher christo
clarence: clare
claudia: clau
clifford: cliff
clinton: clint
concepcion: concha conchita
consuelo: chelo
constance: connie
cornelius: neil corny
cristina: cris tina
cristobal: cris tobal
crystal: crys
curtis: curt
cynthia: cindy cyn
daniel: dan danny dani
daniela: dani
danielle: dani ellie
david: dave davy davey
deborah: deb debbie debby debra
delores: dee lola
dennis: denny den
diana: di dee
diego: dieguito
dolores: lola dolly lolita
dominic: dom nick
dominique: dom nikki
donald: don donnie
donna: dee
dorothy: dot dottie dolly dorothea
douglas: doug
eduardo: edu lalo eddie
edgar: ed eddie
edith: edie
edmund: ed eddie ned
eduviges: vicky
edward: ed eddie ted teddy ned
edwin: ed eddie
eleanor: ellie nell nellie nora elle ella lenny
elena: nena lena
elizabeth: liz lizzie lizzy beth betty betsy bess bessie eliza libby elsie lisa liza ellie elise lilibet
ellen: ellie nell
elias: eli
emily: em emmy millie
emma: em emmy
enrique: quique kike rique
ernest: ernie
ernesto: neto
esperanza: espe lanza pera
esther: essie hettie
eugene: gene
eugenia: gena genia
evangeline: eva evie
evelyn: evie eve
ezekiel: zeke
faustino: tino
federico: fede fico
felicity: flick liss
felipe: feli pipe
fernanda: fer nanda
fernando: fer nando
florence: flo flossie florrie
frances: fran frannie frankie franny
francesca: fran chesca
francine: fran
francis: frank frankie fran
francisca: paca paquita panchita
francisco: paco pancho fran curro cisco paquito kiko frank
franklin: frank frankie
frederick: fred freddie freddy fritz rick
gabriel: gabe gabi gaby
gabriela: gabi gaby
gabriella: gabby ella gabi
genevieve: gen genny evie
geoffrey: geoff jeff
george: georgie
georgina: georgie gina
gerald: gerry jerry
gerardo: gera lalo
gertrude: gertie trudy
gilbert: gil bert
gloria: glo
gonzalo: gonza chalo
grace: gracie
graciela: chela gracie
gregorio: goyo greg
gregory: greg gregg
griselda: zelda
guadalupe: lupe lupita pita lupi
guillermo: memo guille willy
gustavo: gus tavo
gwendolyn: gwen wendy
hannah: hanna nan
harold: harry hal
harriet: hattie harry
harrison: harry
hector: heck tito
helen: nell nellie lena
henrietta: etta hetty
henry: hank harry hal
herbert: herb bert
hilary: hil
horacio: lacho
howard: howie
hubert: hugh bert
ignacio: nacho
ignatius: iggy
irene: renie
isaac: ike zac
isabel: isa bella chabela belle izzy chavela
isabella: bella izzy isa belle
isadora: izzy dora
isaiah: zay
ismael: isma
israel: isra izzy
ivan: vanya
jacinta: cinta
jacob: jake jay
jacqueline: jackie jacqui
jaime: jimmy
james: jim jimmy jamie jem
jane: janie jenny
janet: jan
janice: jan
javier: javi
jeffrey: jeff
jennifer: jen jenny jenn
jeremiah: jerry jem
jeremy: jerry jez
jerome: jerry
jessica: jess jessie
jesus: chuy chucho jesse
joan: joanie
joanna: jo joey
joaquin: quino quin
joel: joey
john: johnny jack jon
johnathan: jon jonny nathan
jonathan: jon jonny nathan jonty
jorge: jorgito coque
jose: pepe chepe pepito joe joselito
josefa: pepa chepa pepita
josefina: josie fina pepita
joseph: joe joey jo jos
josephine: jo josie fifi posy
joshua: josh
joyce: joy
juan: juancho juanito johnny
juana: juanita
judith: judy jude
julia: jules julie
julian: jules
juliana: jules juli
julio: juli
justin: jus
karen: kaz
katarzyna: kasia
katherine: kate katie kathy kat kay kit kitty kathie katy
kathleen: kate kathy katie kat kathie
kathryn: kate kathy katie kat kathie
keith: keef
kenneth: ken kenny
kevin: kev
kimberly: kim kimmy
kristina: kris tina kristy
kristen: kris kristy
laura: laurie lau
laurence: larry laurie
lauren: laurie ren
lawrence: larry laurie lars
leonard: leo len lenny
leonardo: leo nardo
leonor: leo nora
leopold: leo poldi
leslie: les
leticia: leti letty
lillian: lily lil lilly
linda: lin lindy
lorenzo: enzo lencho
louis: lou louie
louisa: lou lulu
louise: lou lulu
lourdes: lulu lurdes
lucia: luci lucy
lucille: lucy lulu
lucinda: lucy cindy
ludwig: lutz
luis: lucho luisito lou
luisa: lulu lu
lydia: liddy
mackenzie: kenzie mack
madeline: maddie lina maddy
magdalena: magda lena malena maga
malcolm: mal
manuel: manny manolo manu lolo
manuela: manu lola
marcela: marce chela
marcelo: marce chelo
marcus: marc mark
mark: marky marc
margaret: maggie meg peggy marge margie greta peg madge daisy rita mags
margarita: marga rita mago
maria: mari mariquita mia maruja marichu
maribel: mari bel
marilyn: mari lyn
mario: mayo
marisol: mari sol
marjorie: marge margie jorie
martha: marty patty mattie
martin: marty tin
martina: marti tina
mary: molly polly mamie may moll
mateo: teo
mathilda: tilly mattie tilda
matilda: tilly mattie tilda
matthew: matt matty
maureen: mo reenie
mauricio: mau
maurice: mo maury
maximilian: max maxi
maximiliano: max maxi
maxwell: max
melanie: mel
melissa: mel missy lissa
mercedes: meche merche mercy
micaela: mica
michael: mike mick mickey mikey micky
michelle: shelly shell chelle mish
miguel: migue mike micky
mildred: millie
milagros: mila mili
miranda: mandy randi
miriam: miri mimi
mitchell: mitch
mohammed: mo hamid mohamed muhammad mohammad
monica: moni
montgomery: monty
montserrat: montse
mortimer: mort
moses: moe mo
nancy: nan
natalia: nati nat talia
natalie: nat talia nattie
natasha: tasha nat
nathan: nate nat
nathaniel: nate nat nathan
nelson: nels
nicholas: nick nicky nico
nicolas: nico nick
nicole: nikki nicky nic
nora: norie
norman: norm
octavio: tavo
oliver: ollie oli noll
olivia: liv livvy ollie
oscar: ozzie
osvaldo: valdo
oswald: oz ozzie
pablo: pablito
pamela: pam
patricia: pat patty tricia trish patsy pati
patricio: pato
patrick: pat paddy rick
paul: paulie
paula: pau
paulina: pau
pedro: pedrito perico
penelope: penny nell pen
percival: percy
peter: pete petey
philip: phil pip
phillip: phil pip
philippa: pippa pip
phyllis: phyl
pilar: pili
prudence: prue pru
rachel: rach shelly rae
rafael: rafa rafi
ramon: moncho ray
ramona: mona
randolph: randy
raquel: raque
raul: rulo
raymond: ray
raymundo: mundo ray
rebecca: becky bec becca reba beck
refugio: cuca cuco
regina: gina reggie
reginald: reg reggie
ricardo: ricky rick cardo richi
richard: rich rick dick ricky richie dickie
robert: rob robbie bob bobby bert robby
roberta: bobbie robbie berta
roberto: beto berto rob tito
robin: rob
rocio: chio
roderick: rod roddy rory
rodolfo: rolo fito rudy
rodrigo: rodri rigo
roger: rog
rogelio: roge
roland: rolly
ronald: ron ronnie
rosa: rosita rosie
rosalia: lia rosa rosie
rosalind: roz ros rosie
rosario: charo chayo
rose: rosie
rosemary: rosie rose romy
roxanne: roxy
ruben: rube benny
rudolph: rudy
russell: russ rusty
ruth: ruthie
salvador: chava salva sal
samantha: sam sammy mandy
samuel: sam sammy
sandra: sandy
santiago: santi chago tiago yago diego
sarah: sally sadie
sara: sally sadie
sean: shauny
sebastian: seb sebas bas bastian
sergio: checo
sharon: shari shaz
shirley: shirl
sidney: sid
silvia: chivi silvi
simon: si
socorro: coco
sofia: sofi sophie
sol: solcito
solomon: sol
sophia: sophie sophy
soledad: sole chole
stanley: stan
stephanie: steph stephie annie stevie
stephen: steve stevie steph
steven: steve stevie
stuart: stu stew
susan: sue susie suzie suzy sukie
susana: susi sana
susanna: sue susie suzy sanna
suzanne: sue suzie suzy
sylvester: sly
sylvia: syl
tabitha: tabby
tamara: tammy tam
teresa: tere terry tess teresita
terence: terry
terrence: terry
theodora: dora theo teddy thea
theodore: ted teddy theo
theresa: terry tess tessa reese
thomas: tom tommy thom
tiffany: tiff
timothy: tim timmy
tobias: toby
tomas: tomi tommy tom
trinidad: trini
tyrone: ty
umberto: berto
ursula: ulla
valentina: vale tina val
valentin: vale val
valeria: vale val
valerie: val
vanessa: nessa
veronica: vero ronnie vicky
vicente: chente vice
victor: vic
victoria: vicky vicki tori vic toria
vincent: vin vince vinny
violet: vi
virginia: ginny ginger gina vicky
vivian: viv
wallace: wally
walter: walt wally
warren: ren
wilhelmina: mina billie minnie willa
william: will bill billy willie liam willy wills
winifred: winnie freddie
winston: win
xavier: xavi zav
ximena: xime mena
xiomara: xio
yesenia: yesi
yolanda: yoli yola
yvonne: vonnie
zachary: zach zack zac
zacharias: zach
zoe: zo
"""

SAME_START = 3  # letters by which two familiar forms of one name are spellings of each other: Bob, Bobby


@lru_cache(maxsize=1)
def _tables() -> tuple[dict[str, frozenset[str]], dict[str, frozenset[str]]]:
    """Return full form → familiar forms, and the other way round."""
    familiar: dict[str, frozenset[str]] = {}
    full: defaultdict[str, set[str]] = defaultdict(set)
    for line in _FAMILIAR.strip().splitlines():
        name, _, forms = line.partition(":")
        familiar[name] = frozenset(forms.split())
        for form in familiar[name]:
            full[form].add(name)
    return familiar, {form: frozenset(names) for form, names in full.items()}


def other_forms(name: str) -> frozenset[str]:
    """Return what somebody called ``name`` (folded: small letters, no accents) may also be called.

    Somebody with a full form: all its familiar forms. Somebody who goes by a familiar one: the full forms behind it
    and other spellings of it; Betty is Elizabeth, and not Liz.
    """
    familiar, full = _tables()
    forms = set(familiar.get(name, ()))
    for whole in full.get(name, ()):
        forms.add(whole)
        forms.update(form for form in familiar[whole] if form[:SAME_START] == name[:SAME_START])
    return frozenset(forms - {name})
