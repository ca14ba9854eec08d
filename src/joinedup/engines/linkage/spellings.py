"""Data of ``names``: one name in several spellings or languages, and names that stand for themselves.

Modest lists of our own, from general knowledge of the languages, not from anybody's
records. A name that is missing is still found by its sound or its date of birth.
"""

from __future__ import annotations

# One name brought into English letters in several ways, or one name in several
# languages: a group between two semicolons. A name may stand in several.
SPELLINGS = """
xu hsu tsui; zhang chang cheung; chen chan; huang wong hwang; lin lam; li lee; wang wong; liu lau; zhao chao chiu; zhou chow chou; cai tsai choi; zheng cheng; xie hsieh tse; yang yeung; he ho; guo kwok kuo; ye yip yeh; zhu chu; ma mah; liang leung; song sung; deng tang teng; feng fung; jiang chiang; luo law lo; gao ko; xiao siu hsiao; cao tso; yuan yuen; pan poon; su so; wei ngai; shi shih; kong kung; jin kam chin; qian chien; sun suen; zeng tsang; dong tung; peng pang; xue hsueh; nguyen nguyenn; huynh hoang; vo vu;
aaliyah aliyah aliya alia; abdi abdy; abdifatah abdulfatah abdifitah; abdinasir abdinassir; abdul abdel abd;
abdulaziz abdelaziz abdilaziz abdulazeez; abdulkadir abdelkader abdiqadir abdulqadir abdikadir;
abdullah abdallah abdulla abdulah; abdulmajid abdelmajid abdulmajeed;
abdulrahman abdurrahman abdelrahman abdirahman abdurahman; abebe abbebe abebbe; abel abiel; abena abenaa;
abraham abrham abreham ebrahim ibrahim; adam aadam adem adama; adil adel aadil; adnan adnaan; adwoa adjoa ajoa;
afewerki afeworki afwerki; agnieszka aga; ahlam ahlaam; ahmed ahmad achmed ahmet; aidan aiden ayden aydin;
aisha ayesha aysha aishah aicha ayisha asha; akhtar akhter akter; akosua akosuah esi; akua akuba ekua;
alejandro alex; aleksander olek; aleksandra alexandra oleksandra; ali aly alee; alina alena; alisa alice; ama amma;
amal amaal amel; aman amaan; amanuel emmanuel amanuael; amina aminah ameena aamina; amir ameer aamir amer;
amit ameet; ana anna ane; anastasia anastasiya nastya; anastasia stasia nastia; andrea andreea;
andrei andrey andriy andrzej; andrzej jedrek; anh ahn; antoni antek antoine anton; anwar anwer anouar;
arif aref aarif; arjun arjuna; arshad arshed; asad assad asaad; asif asef aasif; asma asmaa asmah; aster astier;
awet aweit; axmed ahmed; ayaan ayan; ayomide ayo; ayse aisha; ayub ayoub ayyub ayoob; aziz azeez; babar baber babur;
bahar bahaar; barbara basia; bashir basheer bachir; beata beatka; berhane birhane berhan brhane; bilal bilaal belal;
biniam biniyam benyam binyam; bogdan bohdan; cabdi abdi; caitlin kaitlyn katelyn caitlyn; cali ali;
caoimhe keeva kiva; chidi chidiebere; chinonso nonso; chloe khloe; chukwuemeka emeka; cian kian keane;
ciara keira kiara; ciise isa issa eisa; cillian killian; cismaan osman; connor conor konnor;
cristian christian kristian; cristina christina kristina; cumar omar; daithi david;
daniel danial daniyal danyal daniil danylo; dariusz darius; dawit dawid dawud daud daoud dawood david;
deepika deepa; dina deena; dmitri dmitry dimitri dmytro; dorota dorotka; ebrahim ibrahim ibraheem ebraheem brahim;
eduardo edu; efua afua afia; eilidh ailie eilee ayley; ekaterina yekaterina kateryna katya katerina;
elena olena yelena helena; elias ilyas eliyas elyas ilias; elliot elliott eliot; emine amina;
emmanuel emanuel manuel; eoin owen eoghan; erik eric erick; ermias ermiyas yermias; esra israa isra; esteban steven;
ewa eva; ewelina evelina; ezgi ezgy; faadumo faduma; faduma fatima fadumo; fahad fahd; faisal faysal feisal faysel;
faiza fayza faizah; farah farrah; fareed farid; farhan farhaan; farida fareeda faridah;
farouk farooq faruk farooque; farzana ferzana; fatima fatimah fatema fatma faatimah fathima; fatma fatime;
fazal fazl fazel; fernando nando; feven fevan fewen; filmon filimon philmon; fionnuala nuala; firas feras;
francisco paco chico; freweini frewoini firewoini; gabriela gabi gaby; ganesh kanesh; gebre ghebre;
gebremedhin gebremedin ghebremedhin; genet ghenet; gheorghe george georgi; gheorghita ghita; ghulam gulam gholam;
girma ghirma; giuseppe beppe; goitom goytom; grainne grania; grzegorz gregory; guadalupe lupe; gurpreet preet;
habib habeeb; habtom habtem; hadi haadi; hafsa hafsah hafza; haile hayle; hajra hajira hajirah; hakim hakeem;
halima haleema halimah; hamid hameed; hamza hamzah hamsa; hana hanna hannah hanaa; hanan hanaan; hanna ania hania;
haris harris haaris; haroon harun haroun aaron; harpreet preet; hasan hassan; hatem hatim; hatice khadija hadije;
hawa hawwa hava; helen heleni elen; helena hela; hiba hibah heba; hoda huda houda; hodan hoodan;
humaira humayra humera; husain hussain hussein husein hossain hossein; huseyin hussein husain; ibrahim ibo;
ifrah ifra; ikram ikraam ekram; iman eman imaan; imran emran imraan; ioan ion ionut; iqbal ikbal eqbal;
isha eesha iesha; ishaq isaac ishak; ismail ismael esmail ismaeel; ivan iwan; iwona ivona; jabir jaber;
jadwiga jadzia; jafar jaafar jaffar; jakub kuba; jakub yakub yaqub yaqoob yacoub; jamal jamaal gamal;
jamila jameela jamilah; jan janek; janusz janek; jaspreet jas; javed javaid jawed javid; javier javi; jawad javad;
jayden jaden jaiden; jerzy jurek george; jesus chuy; joanna ioana; joao joan juan; joaquim joaquin quim; jose josef;
jozef yusef; kacper casper; kamal kamaal kemal; kamran kamraan; kareem karim; katarzyna kasia;
kayleigh kayley kaylee; kehinde kenny; kelechi kelechukwu; khadija khadijah khadeeja hadiza; khadra qadra;
khalid khaled; khalil khaleel khelil; kibrom kbrom kibreab; kidane kidaneh; kiran keeran; kofi koffi;
konstantin kostya konstantinos; krishna krisna; krishnan krishna; krystyna krysia; krzysztof christopher krzys;
kugan gugan; kwabena kobina kobena; kwadwo kojo kodjo; kwaku kweku; kwame kwami; kwasi kwesi akwasi; lakshmi laxmi;
lamia lamiya lamya; lana laana; latif lateef; layan layaan; leila layla laila leyla; liban libaan; lubna loubna;
lucjan lucian; luis luiz; lukasz luke lucas; luwam luam; mciej mciek; maeve meabh medb; magdalena magda;
magdalena magdalene madzia; maha mahaa; mahdi mehdi mahdy; mahmoud mahmood mahmud; mairead mairaid;
majid majeed maajid; malgorzata gosia margaret; malgorzata malgosia; malik maleek malek; manoj manu; manpreet mani;
manuel manolo; marcin martin; mariam maryam miriam meryem maryum; mariusz mario; mark marc marek; marwa marwah;
marwan marouane; maryan maryam; maryna marina; masood masoud masud; mateus matheus; mateusz matthew matteo mateo;
maxamed mohamed; mebrahtu mebratu mebrahtom; mehmet memet; mehmet mohammed; mehret mihret mehreteab;
merhawi mehari merhawit; meron maron; michal misha; mihaela michaela; mihai michael mihail; mihai misu;
mikhail michal mykhailo; mikolaj nicholas mikolai; mina meena minah; minh min;
mohammed muhammad mohamed mohammad muhammed mohamud mohamad mohd md muhamed mahomed; mohsin mohsen muhsin;
mona muna mouna; monika monica; moses musa moussa mousa moosa; mukhtar muktar mokhtar; munir mounir muneer;
murad mourad; mustafa mustapha moustafa; mustafa musti; nabeel nabil; nabila nabeela; nadeem nadim;
nadia nadiya nadya; naeem naim; nahom nahum; najib najeeb nagib; najma najmah nejma; nasir nasser naser naseer nasr;
nasreen nasrin nesrin; natalia natalya nataliya; nawal nawaal; nazia naziya; neha nehaa; nguyet nguyen; nhung nhu;
niamh neve neave; nighat nigat; nikita mykyta; nikola nicola; nikolai nikolay mykola nicolae; nimco nimo;
nimra nimrah; nur noor nour noora; nuur nur; oisin osheen; oleksandr aleksandr alexander aleksander; olga olha;
olufunke funke; olumide mide; oluwadamilola damilola dami; oluwafemi femi; oluwakemi kemi; oluwaseun seun;
oluwaseyi seyi; oluwatobi tobi; oluwatoyin toyin; omar umar omer; omid umid omeed; omotola tola;
osman usman uthman othman; padraig patrick paddy padraic; parveen parvin perveen; parwana parvana; paulina paula;
pavel pawel pavlo paul; pedro peter; piotr peter pyotr petro; priya preeya; priyanka priya;
qasim kasim qasem kassim; rachael rachel; radoslaw radek; rafal rafael raphael; rahel rachel; rahim raheem;
rahima raheema; rahma rahmah; raja rajah; rajesh raj; rajinder raj; rana rania ranya; rashid rasheed rachid;
ratnam rathnam; raza reza rida ridha; razia raziya; riaz riyaz reyaz; riyad riyadh riad; robel robiel;
rodrigo rodri; roisin rosheen; ruaridh rory ruairi ruaraidh; rubina robina; rukhsana ruksana rokhsana; saba sabah;
sabir saber; sabrina sabreena; sadia sadiya saadia; saeed said sayed syed saeid; sagal saagal; sahar saher;
sahil saheel; sahra zahra sara; saima sayma; sajid sajed; sakina sakinah; saleh salih salah; salim saleem selim;
salma selma salmah; salman sulman; samir sameer samer; samira sameera; sana sanaa thana; sanjay sanjai;
saoirse sersha; sara sarah; saynab zainab; seamus shamus; sean shaun shawn; semira samira;
serhii sergei sergey serhiy; shabnam shabnum; shafiq shafeeq shafik; shah shaah; shahid shaheed shahed;
shahzad shahzaad shehzad; shakil shakeel; shamim shameem; shannon shanon; sharif shareef sherif cherif;
shazia shaziya; shirin shireen; sidra sidrah; simon semon simeon; sinead shinead; siobhan shivaun chevonne;
sivakumar shivakumar; slawomir slawek; sohail suhail suhayl sohel; solomon suleman soloman;
sophie sofie zofia sofia sophia; sorcha sarah; stanislaw stas staszek stanislav; stefan stephen steven;
stefania stefi; subramaniam subramanian subramanyam; sukhdeep sukhi sukh; sukhjit sukhi;
suleiman sulaiman suleyman soliman sulayman; sumaya sumayya sumayyah sumaiya; sunita suneeta; svetlana svitlana;
szymon simon; szymon szymek; tadeusz tadek; tadhg tiger teague; taha tahaa; tahir taher; tahira tahera;
tanvir tanveer; tanya tania; tariq tarik tarek; tekle tekleh tecle; temesgen temesghen; teresa tereska;
tesfay tesfai tesfaye; tharshan darshan; theepan deepan; thi thy; tomasz thomas tomas; tomasz tomek;
tsegay tsegai tsegaye; tsegereda segereda; tuan tuaan; tunde babatunde; ubah uba; ugochukwu ugo; umair omair umayr;
valentyna valentina; vasile vasyl wasyl; vasilica vasile; vijay vijai; viktor victor wiktor;
viktoriia victoria wiktoria; vladimir volodymyr wladimir; waleed walid oualid; waqas wakas vaqas; warsame warsama;
wasim waseem vasim; weldu woldu; wieslaw wiesiek; wladyslaw wladek; wojciech voytek; xaawo hawa hawo; xasan hassan;
xiaoming xiaomin; xuseen hussein; yaa yaaba; yahya yahia yehia; yahye yahya; yaseen yasin yassin yassine;
yasir yasser; yasmin yasmine jasmine yasmeen; yaw ekow yao; yevhen evgeny yevgeny eugene;
yohannes yohanes johannes yohanis; yonas jonas yunus younis yunis younus;
yousef yusuf youssef yusef joseph yosef yousuf yousaf; yulia julia yuliia yuliya iulia; yuri yuriy iurii;
yuusuf yusuf; zahid zaheed; zahir zaheer; zahra zara zahraa zehra; zaid zayd zayed; zainab zaynab zeinab zaineb;
zainabu zainab; zakaria zakariya zachariah zakariyya; zaki zakki; zbigniew zbyszek; zdzislaw zdzisiek; zebib zibib;
zeeshan zishan; zerai zeray; zoe zoey; zofia zosia; zohaib zuhaib; zubair zubayr zobair; zuzanna zuzia susanna
""".replace(";\n", "\n").replace("; ", "\n")

# Family names of one syllable, as families from China, Hong Kong, Vietnam and Korea bear them.
ONE_SYLLABLE_SURNAMES = frozenset(
    """
an au bai bang bao bien bui byun cai cam cao cha chai cham chan chang chao chau che chen cheng cheong cheung chew chi chia
chiang chin ching chiu cho choi chong chou chow choy chu chua chui chun chung dai dam dang dao deng diep dinh do doan dong
du duan dung duong eng fan fang fei feng fok fong foo fu fung gan gao ge geng gong goh gu guan guo ha hai han hang hau he
heng ho hoang hon hong hou hsieh hsu hsiao hu hua huang hui hung huo huynh hwang im jang jeon jeong ji jia jian jiang jiao
jin jo ju jung kam kan kang kao khuat khuong kim ko kok kong koo ku kuang kuo kwan kwok kwon kwong lai lam lan lao lau law
le lee lei leong leung li lian liang liao lieu lim lin ling liu lo loh long loo lou low lu lui luk lum luo luong luu ly ma
mac mah mai mak man mao mei meng miao min mo mok mou mu mui nam nang ng ngai ngan ngo nguyen nhan nie ning noh ong ou pan
pang park pei peng pham phan phang phi phung ping po poon pu pun qi qian qiao qin qiu qu quach quan quang quek rao ren rhee
rong ruan ryu seo seto shao she shek shen sheng shi shih shim shin shu shum sim sin siu so song su suen sui sun sung sze ta
tai tam tan tang tao tay teng teo thach thai than thang thi thieu tian tiet tieu ting to toan tong tran trang trieu trinh
truong tsai tsang tsao tse tseng tso tsoi tsui tu tung tze uong van vi viet vinh vo vong vu vuong wan wang wei wen weng wong
woo wu xia xian xiang xiao xie xin xing xiong xu xue yam yan yang yao yap yau yee yeh yen yeoh yeung yi yim yin ying yip yong
yoo yoon you young yu yuan yue yuen yun yung zeng zha zhai zhan zhang zhao zheng zhong zhou zhu zhuang zou zuo
""".split()  # noqa: SIM905 - a list of names reads better as text
)

# What stands before the name that tells brothers and sisters apart.
SHARED_FIRST_NAMES = frozenset(
    """
abu ana anna bibi haji hafiz jean jose juan maria marie mary md mian mir mirza mohd noor noorul nur saint sayed sayid sayyid
shah sheikh shaikh sidi st syed umm ummu zul
""".split()  # noqa: SIM905
)
