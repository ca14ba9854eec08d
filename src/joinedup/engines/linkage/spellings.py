"""Data of ``names``: one name in several spellings or languages, and names that stand for themselves.

Modest lists of our own, from general knowledge of the languages, not from anybody's
records. A name that is missing is still found by its sound or its date of birth.
"""

from __future__ import annotations

# One name brought into English letters in several ways, or one name in several
# languages. A name may stand in several lines.
SPELLINGS = """
aaliyah aliyah aliya alia
abdul abdel abd
abdullah abdallah abdulla abdulah
abdulrahman abdurrahman abdelrahman abdirahman abdurahman
adnan adnaan
ahmed ahmad achmed ahmet
aisha ayesha aysha aishah aicha ayisha asha
aidan aiden ayden aydin
ali aly alee
amina aminah ameena aamina
amir ameer aamir amer
andrei andrey andriy andrzej
bilal bilaal belal
caitlin kaitlyn katelyn caitlyn
chloe khloe
connor conor konnor
dariusz darius
dmitri dmitry dimitri dmytro
ebrahim ibrahim ibraheem ebraheem brahim
elliot elliott eliot
emmanuel emanuel manuel
erik eric erick
farouk farooq faruk farooque
fatima fatimah fatema fatma faatimah fathima
grzegorz gregory
habib habeeb
halima haleema halimah
hamza hamzah hamsa
hasan hassan
husain hussain hussein husein hossain hossein
ishaq isaac ishak
ismail ismael esmail ismaeel
jamal jamaal gamal
jayden jaden jaiden
joao joan juan
kareem karim
khadija khadijah khadeeja hadiza
khalid khaled
leila layla laila leyla
mahmoud mahmood mahmud
mariam maryam miriam meryem maryum
mark marc marek
mehmet mohammed
mikhail michal mykhailo
mohammed muhammad mohamed mohammad muhammed mohamud mohamad mohd md muhamed mahomed
mustafa mustapha moustafa
natalia natalya nataliya
nur noor nour noora
oleksandr aleksandr alexander aleksander
omar umar omer
osman usman uthman othman
piotr peter pyotr petro
rachael rachel
rahim raheem
rashid rasheed rachid
saeed said sayed syed saeid
salman sulman
sara sarah
sean shaun shawn
shannon shanon
siobhan shivaun chevonne
sophie sofie zofia sofia sophia
suleiman sulaiman suleyman soliman sulayman
tariq tarik tarek
tomasz thomas tomas
wojciech voytek
yahya yahia yehia
yasmin yasmine jasmine yasmeen
yousef yusuf youssef yusef joseph yosef yousuf yousaf
zainab zaynab zeinab zaineb
zakaria zakariya zachariah zakariyya
zoe zoey
abdi abdy
abdulaziz abdelaziz abdilaziz abdulazeez
abdulkadir abdelkader abdiqadir abdulqadir abdikadir
abdulmajid abdelmajid abdulmajeed
abebe abbebe abebbe
abel abiel
abraham abrham abreham ebrahim ibrahim
adam aadam adem adama
adil adel aadil
afewerki afeworki afwerki
ahlam ahlaam
akhtar akhter akter
aleksandra alexandra oleksandra
alina alena
alisa alice
amal amaal amel
aman amaan
amanuel emmanuel amanuael
amit ameet
ana anna ane
anastasia anastasiya nastya
andrea andreea
anh ahn
anwar anwer anouar
arif aref aarif
arjun arjuna
arshad arshed
asad assad asaad
asif asef aasif
asma asmaa asmah
aster astier
awet aweit
ayaan ayan
ayub ayoub ayyub ayoob
aziz azeez
babar baber babur
bahar bahaar
bashir basheer bachir
berhane birhane berhan brhane
biniam biniyam benyam binyam
bogdan bohdan
chidi chidiebere
chinonso nonso
chukwuemeka emeka
cristian christian kristian
cristina christina kristina
daniel danial daniyal danyal daniil danylo
dawit dawid dawud daud daoud dawood david
dina deena
ekaterina yekaterina kateryna katya katerina
elena olena yelena helena
elias ilyas eliyas elyas ilias
ermias ermiyas yermias
esra israa isra
ewelina evelina
ezgi ezgy
fahad fahd
faisal faysal feisal faysel
faiza fayza faizah
farah farrah
fareed farid
farhan farhaan
farida fareeda faridah
farzana ferzana
fazal fazl fazel
feven fevan fewen
filmon filimon philmon
firas feras
freweini frewoini firewoini
gebre ghebre
gebremedhin gebremedin ghebremedhin
genet ghenet
gheorghe george georgi
ghulam gulam gholam
girma ghirma
goitom goytom
habtom habtem
hadi haadi
hafsa hafsah hafza
haile hayle
hajra hajira hajirah
hakim hakeem
hamid hameed
hana hanna hannah hanaa
hanan hanaan
haris harris haaris
haroon harun haroun aaron
hatem hatim
helen heleni elen
hiba hibah heba
hoda huda houda
humaira humayra humera
ikram ikraam ekram
iman eman imaan
imran emran imraan
iqbal ikbal eqbal
isha eesha iesha
ivan iwan
iwona ivona
jabir jaber
jafar jaafar jaffar
jakub yakub yaqub yaqoob yacoub
jamila jameela jamilah
javed javaid jawed javid
jawad javad
joanna ioana
jose josef
jozef yusef
kamal kamaal kemal
kamran kamraan
katarzyna kasia
kelechi kelechukwu
khalil khaleel khelil
kibrom kbrom kibreab
kidane kidaneh
kiran keeran
krishna krisna
krzysztof christopher krzys
lamia lamiya lamya
lana laana
latif lateef
layan layaan
lubna loubna
luwam luam
magdalena magda
mahdi mehdi mahdy
maha mahaa
majid majeed maajid
malgorzata gosia margaret
malik maleek malek
marwa marwah
marwan marouane
maryna marina
masood masoud masud
mateusz matthew matteo mateo
mebrahtu mebratu mebrahtom
mehret mihret mehreteab
meron maron
merhawi mehari merhawit
mihai michael mihail
mina meena minah
minh min
mohsin mohsen muhsin
mona muna mouna
moses musa moussa mousa moosa
mukhtar muktar mokhtar
munir mounir muneer
murad mourad
nabeel nabil
nabila nabeela
nadeem nadim
nadia nadiya nadya
naeem naim
nahom nahum
najib najeeb nagib
najma najmah nejma
nasir nasser naser naseer nasr
nasreen nasrin nesrin
nawal nawaal
nazia naziya
neha nehaa
nguyet nguyen
nighat nigat
nikita mykyta
nikolai nikolay mykola nicolae
nimra nimrah
olga olha
olumide mide
oluwaseun seun
oluwatobi tobi
oluwafemi femi
oluwadamilola damilola dami
omid umid omeed
parveen parvin perveen
parwana parvana
pavel pawel pavlo paul
priya preeya
qasim kasim qasem kassim
radoslaw radek
rahel rachel
rahima raheema
rahma rahmah
raja rajah
rana rania ranya
raza reza rida ridha
razia raziya
riaz riyaz reyaz
riyad riyadh riad
robel robiel
rubina robina
rukhsana ruksana rokhsana
saba sabah
sabir saber
sabrina sabreena
sadia sadiya saadia
sahar saher
sahil saheel
saima sayma
sajid sajed
sakina sakinah
saleh salih salah
salim saleem selim
salma selma salmah
samir sameer samer
samira sameera
sana sanaa thana
sanjay sanjai
semira samira
serhii sergei sergey serhiy
shabnam shabnum
shafiq shafeeq shafik
shah shaah
shahid shaheed shahed
shahzad shahzaad shehzad
shakil shakeel
shamim shameem
sharif shareef sherif cherif
shazia shaziya
shirin shireen
sidra sidrah
simon semon simeon
sohail suhail suhayl sohel
solomon suleman soloman
sumaya sumayya sumayyah sumaiya
sunita suneeta
svetlana svitlana
szymon simon
taha tahaa
tahir taher
tahira tahera
tanvir tanveer
tanya tania
tekle tekleh tecle
temesgen temesghen
tesfay tesfai tesfaye
tsegay tsegai tsegaye
tsegereda segereda
tuan tuaan
tunde babatunde
ugochukwu ugo
umair omair umayr
valentyna valentina
viktor victor wiktor
viktoriia victoria wiktoria
vladimir volodymyr wladimir
vasile vasyl wasyl
waleed walid oualid
waqas wakas vaqas
wasim waseem vasim
weldu woldu
xiaoming xiaomin
yahye yahya
yaseen yasin yassin yassine
yasir yasser
yevhen evgeny yevgeny eugene
yohannes yohanes johannes yohanis
yonas jonas yunus younis yunis younus
yulia julia yuliia yuliya iulia
yuri yuriy iurii
zahid zaheed
zahir zaheer
zahra zara zahraa zehra
zaid zayd zayed
zainabu zainab
zaki zakki
zebib zibib
zeeshan zishan
zerai zeray
zohaib zuhaib
zubair zubayr zobair
"""

# Common names that look like a slip for another (Ava and Eva, Leo and Leon) and are none.
ESTABLISHED = frozenset(
    [
        "aaron",
        "abbie",
        "ada",
        "adele",
        "agnes",
        "aimee",
        "alana",
        "albie",
        "alexa",
        "alina",
        "alma",
        "amber",
        "amelia",
        "amelie",
        "amy",
        "ana",
        "anastasia",
        "anaya",
        "andrea",
        "angelina",
        "anna",
        "annabel",
        "anne",
        "annie",
        "antonia",
        "arabella",
        "archer",
        "archie",
        "aria",
        "ariana",
        "arlo",
        "asher",
        "ashley",
        "astrid",
        "athena",
        "audrey",
        "aurora",
        "austin",
        "ava",
        "avery",
        "ayla",
        "barney",
        "beatrice",
        "beatrix",
        "beau",
        "bella",
        "bethan",
        "bethany",
        "billie",
        "blake",
        "bobby",
        "bodhi",
        "bonnie",
        "brandon",
        "brian",
        "brody",
        "brooke",
        "bryan",
        "bryn",
        "caleb",
        "callum",
        "calvin",
        "camilla",
        "cara",
        "carl",
        "carla",
        "carly",
        "carter",
        "casey",
        "cassie",
        "cecilia",
        "celia",
        "chelsea",
        "cherry",
        "chester",
        "claire",
        "clara",
        "clare",
        "clark",
        "claudia",
        "cody",
        "colin",
        "cora",
        "craig",
        "curtis",
        "cynthia",
        "daisy",
        "dale",
        "damian",
        "damien",
        "daphne",
        "darcy",
        "darren",
        "dean",
        "declan",
        "delilah",
        "denise",
        "desmond",
        "diana",
        "diane",
        "dilys",
        "dominik",
        "donna",
        "dora",
        "dylan",
        "edison",
        "edith",
        "edwin",
        "eileen",
        "elaine",
        "eli",
        "eliana",
        "elias",
        "elijah",
        "eliot",
        "ella",
        "elle",
        "ellen",
        "ellie",
        "ellis",
        "elodie",
        "elsa",
        "elsie",
        "elvis",
        "emilia",
        "emilio",
        "emily",
        "emma",
        "enzo",
        "erin",
        "ernest",
        "esme",
        "esmee",
        "esther",
        "ethan",
        "ethel",
        "eva",
        "evan",
        "eve",
        "evelyn",
        "evie",
        "ezra",
        "faith",
        "fay",
        "faye",
        "felicity",
        "felix",
        "fern",
        "finlay",
        "finley",
        "finn",
        "fiona",
        "fleur",
        "flora",
        "florence",
        "fraser",
        "freya",
        "gail",
        "gary",
        "gemma",
        "gene",
        "genevieve",
        "gianna",
        "gina",
        "glenn",
        "gloria",
        "grace",
        "greta",
        "gwen",
        "hallie",
        "harley",
        "harlow",
        "harper",
        "harvey",
        "hazel",
        "heather",
        "heidi",
        "henrietta",
        "hetty",
        "holly",
        "hope",
        "howard",
        "hudson",
        "hugo",
        "hunter",
        "ian",
        "ida",
        "india",
        "ines",
        "iris",
        "isla",
        "isobel",
        "ivan",
        "ivy",
        "jace",
        "jackson",
        "jade",
        "jan",
        "jax",
        "jean",
        "jill",
        "joan",
        "jodie",
        "joel",
        "jonah",
        "jordan",
        "josie",
        "joy",
        "juan",
        "jude",
        "juliet",
        "juliette",
        "june",
        "kai",
        "karen",
        "karl",
        "karla",
        "kate",
        "katie",
        "kay",
        "kaya",
        "kayla",
        "keira",
        "keith",
        "kelly",
        "kelvin",
        "kerry",
        "kevin",
        "kian",
        "kiera",
        "kieran",
        "kirsty",
        "kyra",
        "lacey",
        "lana",
        "lara",
        "laura",
        "layla",
        "leah",
        "lee",
        "leigh",
        "lena",
        "leo",
        "leon",
        "leona",
        "lexi",
        "lia",
        "liam",
        "lila",
        "lilly",
        "lily",
        "lina",
        "linda",
        "lisa",
        "logan",
        "lois",
        "lola",
        "lorna",
        "lorraine",
        "lottie",
        "louie",
        "louis",
        "louisa",
        "luca",
        "lucas",
        "lucia",
        "lucian",
        "lucinda",
        "lucy",
        "luke",
        "luna",
        "lydia",
        "lyla",
        "lyra",
        "mabel",
        "mabli",
        "maeve",
        "maia",
        "maisie",
        "marcus",
        "margot",
        "maria",
        "marie",
        "marina",
        "marion",
        "marley",
        "marlon",
        "mary",
        "mason",
        "max",
        "maya",
        "mia",
        "mila",
        "miles",
        "millie",
        "milo",
        "mina",
        "mollie",
        "molly",
        "myla",
        "myles",
        "myra",
        "nadia",
        "nancy",
        "naomi",
        "nathan",
        "neil",
        "nell",
        "nellie",
        "nevaeh",
        "niall",
        "nina",
        "noah",
        "noel",
        "nora",
        "norma",
        "oakley",
        "olive",
        "olivia",
        "oscar",
        "otis",
        "otto",
        "owen",
        "paige",
        "paul",
        "penny",
        "percy",
        "petra",
        "philippa",
        "poppy",
        "posy",
        "primrose",
        "quinn",
        "ralph",
        "ray",
        "reece",
        "rex",
        "rhea",
        "rhys",
        "riley",
        "river",
        "robyn",
        "roman",
        "romy",
        "ronan",
        "rory",
        "rosa",
        "rosalie",
        "rosie",
        "ross",
        "rowan",
        "roxy",
        "ruby",
        "rufus",
        "ruth",
        "ryan",
        "ryder",
        "saffron",
        "sam",
        "saskia",
        "savannah",
        "scarlett",
        "scott",
        "selena",
        "serena",
        "shane",
        "sharon",
        "shaun",
        "shelley",
        "sienna",
        "silas",
        "simone",
        "skye",
        "sofia",
        "sonny",
        "spencer",
        "stella",
        "stuart",
        "summer",
        "suzanne",
        "sylvia",
        "tamsin",
        "tara",
        "tegan",
        "thea",
        "theodora",
        "tia",
        "tilly",
        "tina",
        "toby",
        "tony",
        "tracy",
        "travis",
        "troy",
        "tyler",
        "una",
        "vera",
        "verity",
        "vince",
        "violet",
        "vivian",
        "wendy",
        "willow",
        "xavier",
        "yasmin",
        "yvette",
        "zachary",
        "zara",
        "zelda",
        "zoe",
    ]
)
