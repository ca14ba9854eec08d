"""Forenames and surnames common in Britain and Ireland, the commonest first. No list of real people went into them."""

from __future__ import annotations

from tests.linkage.words import words

GIRLS = words("""Olivia Amelia Isla Ava Ivy Freya Lily Florence Mia Willow Rosie Sophia Isabella Grace Daisy Sienna Poppy Elsie
Emily Ella Evelyn Phoebe Evie Charlotte Harper Millie Matilda Maisie Sofia Emilia Isabelle Ruby Luna Eliza Jessica
Alice Ada Penelope Eva Violet Maya Bonnie Aria Thea Lottie Aurora Mila Esme Robyn Molly Chloe Imogen Lola Orla Margot
Hallie Delilah Maeve Erin Lucy Zara Hannah Amber Abigail Holly Summer Heidi Lyla Nancy Eleanor Georgia Skye Lilly
Scarlett Beatrice Darcie Megan Bella Lydia Martha Annabelle Hollie Niamh Faith Leah Lexi Tilly Anna Sarah Jasmine
Kayla Paige Ellie Katie Libby Lacey Caitlin Rebecca Bethany Courtney Shannon Madison Alexandra Victoria Elizabeth
Gracie Eden Amy Keira Aimee Gabriella Francesca Tia Ottilie Clementine Iris Arabella Elodie Edith Mabel Rose Pippa
Nellie Dotty Harriet Josephine Alexa Quinn Savannah Kiera Demi Tegan Carys Seren Ffion Cerys Rhiannon Mali Efa""")

BOYS = words("""Oliver George Arthur Noah Leo Oscar Harry Archie Jack Henry Charlie Freddie Theodore Thomas Alfie Jacob Finley
Theo Luca Albie William Roman James Louie Teddy Isaac Alexander Edward Lucas Tommy Max Joshua Reggie Hugo Logan
Mason Jude Arlo Ethan Sebastian Rory Benjamin Elijah Reuben Harrison Adam Toby Ronnie Daniel Ezra Frankie Samuel Louis
Joseph Riley Jaxon Carter Rowan Dylan Caleb Zachary Jesse Ellis Bobby David Hudson Otis Stanley Nathan Felix Ralph
Rupert Jenson Ryan Kai Luke Michael Jayden Leon Liam Connor Cameron Tyler Callum Matthew Lewis Harvey Owen Aaron
Bradley Kieran Jake Robert Christopher Andrew Brandon Kyle Jamie Sonny Billy Blake Jaxson Grayson Ollie Tobias Gabriel
Elliott Frederick Austin Corey Declan Zac Stephen Nicholas Hayden Ashton Vinnie Rhys Dominic Patrick Evan Joel Finn
Iwan Gethin Osian Macsen Tomos Harri Ioan Steffan Maddox Kian Jordan Reece Ashley Marley Preston Kaiden Brody""")

WOMEN = words("""Sarah Emma Claire Nicola Lisa Joanne Michelle Helen Samantha Karen Victoria Rachel Louise Julie Rebecca Sharon
Laura Tracey Jane Susan Angela Amanda Jacqueline Alison Kelly Deborah Paula Zoe Donna Katherine Gemma Kerry Natalie
Hayley Lucy Catherine Stacey Leanne Stephanie Jennifer Danielle Charlotte Amy Hannah Elizabeth Kirsty Kimberley
Chloe Jade Lauren Megan Bethany Shannon Jessica Abigail Margaret Patricia Christine Linda Carol Janet Barbara Sandra
Pauline Lesley Wendy Gillian Maureen Jean Sheila Dawn Debra Beverley Tina Melanie Heather Suzanne Alexandra Cheryl
Lindsay Vanessa Marie Anne Theresa Frances Teresa Yvonne Lorraine Maria Hazel Rosemary Judith Kathleen Dorothy Joan
Irene Rita Marion Vera Beryl Doreen Brenda Sian Bethan Lowri Nerys Angharad Elin""")

MEN = words("""David Paul Andrew Mark John Michael Stephen Ian Robert Richard Christopher Peter Simon Anthony Kevin Gary Steven
Martin James Philip Alan Neil Nigel Timothy Colin Graham Jonathan Nicholas William Adrian Brian Stuart Keith Thomas
Patrick Sean Carl Trevor Wayne Shaun Dean Darren Lee Jason Craig Scott Matthew Daniel Adam Benjamin Luke Ryan Liam
Jamie Christian Joseph Samuel Edward Charles George Kenneth Roger Geoffrey Derek Raymond Terence Barry Roy Dennis
Leslie Ronald Douglas Gordon Malcolm Clive Duncan Russell Damian Justin Gareth Rhys Huw Dylan Geraint Aled Ieuan
Ashley Kyle Aaron Joshua Jordan Nathan Callum Connor Bradley Scott Marcus Julian Dominic Gavin Glen Frank Harold
Arthur Albert Stanley Norman Walter Ernest Frederick""")

SURNAMES = words("""Smith Jones Williams Taylor Brown Davies Evans Thomas Johnson Roberts Wilson Wright Robinson Thompson White
Walker Hughes Edwards Hall Green Lewis Wood Harris Martin Jackson Clarke Clark Turner Hill Cooper Ward Moore Morris
Davis King Watson Harrison Baker Bennett Lee Griffiths Parker Allen Shaw Cook Richardson James Phillips Price Carter
Bailey Cox Morgan Adams Mitchell Bell Collins Rogers Mills Webb Simpson Chapman Miller Richards Rees Powell Barnes
Lloyd Ellis Owen Jenkins Knight Hunt Mason Palmer Holmes Stevens Fisher Barker Dixon Pearson Fletcher Howard Rose
Andrews Reynolds Ford Foster Fox Day West Perry Lane Cole Brooks Gibson Spencer Payne Burton Hawkins Wells Bird Pearce
Newman Austin Harvey Matthews Lowe Page Barrett Holland Rowe French Potter Hopkins Woods Atkinson Nicholls Hart
Bradley Gregory Cross Sharp Dean Slater Porter Hudson Mann Cartwright Whittaker Hodgson Bates Wheeler Hancock Bishop
Marsh Nash Walsh Booth Pritchard Parry Humphreys Howells Vaughan Prosser Bevan Meredith Gough Probert Beddoes Tudor
Kemp Poole Sutton Read Reed Osborne Frost Barton Watts Leach Fowler Hewitt Lambert Ingram Hobbs Yates Riley Sykes
Hargreaves Haigh Sutcliffe Greenwood Crossley Entwistle Fairclough Ashworth Birtwistle Rigby Ramsbottom Openshaw
Worrall Blundell Tyldesley Wardle Kershaw Clegg Butterworth Schofield Holt Nuttall Brierley Dawson Stubbs Bostock
Tomkinson Massey Cheetham Leigh Dutton Minshull Brereton Hulse Oakes Sherratt Proctor Bickerton Wrench Yarwood
Short Gill Dunn Long Hammond Bryant Rhodes Field Giles Burgess Swift Lamb Peacock Finch Drake Starling Bray Pike
Skinner Thatcher Chandler Sawyer Tucker Weaver Dyer Hooper Glover Barber Gardner Archer Butcher Farmer Shepherd""")

TAIL_ROOTS = words("""Ash Birch Brad Brock Bur Carl Chad Clay Cran Crow Dal Den Dray Elm Fair Far Fen Gold Gran Ham Hart
Hasel Haw Hay Hazel Heath Hol Horn Kel Lang Lin Lock Lud Mar Mel Mor Nor Oak Ock Pen Pres Rad Red Rock Rush Sand Sel
Shel Sher Stan Strat Sum Tar Thorn Thur Tor Tre Wad Wal Wat Whit Win Wool Wor Wy""")
TAIL_ENDS = words("""ford ton ley well worth bourne brook bury combe croft dale field gate grave ham hurst land low man
mere more ridge shaw stead stone thorpe wick wood""")

IRISH_GIRLS = words("""Aoife Saoirse Niamh Ciara Caoimhe Grace Fiadh Éabha Róisín Sinéad Orlaith Clodagh Aisling Erin
Maeve Sadhbh Bríd Bridget Mary Kathleen Nora Shauna Tara Áine Gráinne Deirdre Eimear Siobhán Emma Kate Molly Lucy""")
IRISH_BOYS = words("""Conor Sean Jack Patrick Cian Oisín Fionn Liam Darragh Cillian Rory Callum Ronan Declan Eoin Niall
Cormac Brendan Diarmuid Tadhg Michael James Thomas Daniel Kevin Aidan Dermot Padraig Shane Ciarán Lorcan Donal""")
IRISH_SURNAMES = words("""Murphy Kelly O'Sullivan Walsh O'Brien Byrne Ryan O'Connor O'Neill O'Reilly Doyle McCarthy Gallagher
Doherty Kennedy Lynch Murray Quinn Moore McLoughlin O'Carroll Connolly Daly O'Connell Wilson Dunne Brennan Burke
Collins Campbell Clarke Johnston Hughes O'Farrell Fitzgerald Brown Martin Maguire Nolan Flynn Thompson O'Callaghan
O'Donnell Duffy O'Mahony Boyle Healy O'Shea White Sweeney Hayes Kavanagh Power McGrath Moran Brady Stewart Casey
Foley Fitzpatrick O'Leary McDonnell MacMahon Donnelly Regan Donovan Burns Flanagan Mullan Barry Kane Robinson
Cunningham Griffin Kenny Sheehan Ward Whelan Lyons Reid Graham Higgins Cullen Keane King Maher MacKenna Bell Scott
Hogan O'Keeffe Magee MacNamara McDonald MacDermott Molony O'Rourke Buckley O'Dwyer""")

SCOTTISH_GIRLS = words("""Isla Olivia Freya Millie Maisie Eilidh Ailsa Skye Iona Mirren Catriona Fiona Morag Kirsty Mairi
Rhona Heather Lorna Shona Eleanor Rosie Ava Emily Grace Lucy Charlotte Sophie Orla Erin Callie Islay""")
SCOTTISH_BOYS = words("""Jack Noah Leo Harris Rory Finlay Lewis Angus Hamish Callum Fraser Cameron Brodie Murray Ewan Lachlan
Struan Gregor Alistair Iain Duncan Malcolm Ross Craig Stuart Blair Logan James Alexander Archie Euan Innes""")
SCOTTISH_SURNAMES = words("""Smith Brown Wilson Campbell Stewart Thomson Robertson Anderson MacDonald Scott Reid Murray Taylor
Clark Ross Watson Morrison Paterson Young Mitchell Walker Fraser Miller McDonald Gray Henderson Hamilton Johnston
Duncan Graham Ferguson Kerr Davidson Bell Cameron Kelly Martin Hunter Allan Mackenzie Grant Simpson MacLeod MacKay
McLean Black Russell Marshall Wallace Gibson Kennedy Gordon Burns Sutherland Stevenson Munro Milne Watt McGregor
Sinclair McIntyre Muir Craig Crawford Cunningham Wood Johnstone Kidd Sneddon McAllister MacInnes Buchanan Lamont""")

CARIBBEAN_GIRLS = words("""Shanice Aaliyah Chantelle Tanisha Keisha Destiny Simone Naomi Jada Kezia Tiana Renee Amara Zaria
Latoya Monique Jasmine Marcia Sharon Beverley Yvonne Claudette Maxine Paulette Sonia Angel Nevaeh Imani Precious
Kadisha Tamara Alicia Leona Bianca Rochelle""")
CARIBBEAN_BOYS = words("""Jayden Malachi Tyrell Tyrone Jermaine Dwayne Kymani Isaiah Elijah Marlon Leroy Winston Delroy
Kaiden Micah Rhys Josiah Zion Kai Devonte Andre Ricardo Trevor Clifton Errol Nathaniel Xavier Romario Darnell Jerome
Courtney Curtis Lloyd Desmond""")
CARIBBEAN_SURNAMES = words("""Campbell Brown Williams Grant Gordon Thompson Francis Reid Johnson Clarke Morgan Powell Bailey
Lewis Edwards Henry Walker Joseph Charles Bennett Palmer Nelson Stewart Gayle Blake Samuels Barrett Douglas McKenzie
Pinnock Brathwaite Alleyne Forde Greaves Gittens Prescod Lashley St-Louis Baptiste Pierre Augustin Fontaine Delpeche
Noel Toussaint Benjamin Simms Wright Facey Dacosta""")

TRAVELLER_GIRLS = words("""Margaret Bridget Kathleen Mary Shannon Savannah Crystal Chantelle Chardonnay Dolly Priscilla Scarlett
Lavinia Violet Rosie Cinderella Tiffany Montana Mercedes Lena Delia Genty Britannia""")
TRAVELLER_BOYS = words("""John Paddy Michael Martin Jimmy Johnny Tommy Billy Levi Nelson Elijah Noah Hughie Felix Miley Bernard
Dougie Jobie Manfri Ocean Righteous Henry Shane Simey""")
TRAVELLER_SURNAMES = words("""Ward Connors Doran McDonagh Cash O'Driscoll Lee Smith Price Loveridge Boswell Cooper Gaskin
Heron Buckland Joyce Maughan Quilligan Sheridan Mongan Doherty Coffey Stokes Hedges Rooney Varey Linfield
Lakatos Horvath Balog Dunka Kandrac Tancos Cina Gabor""")

SHORT_FORMS = """Abigail Abi Abby Gail|Albert Bert Bertie Al|Alexander Alex Sandy Xander Lex|Alexandra Alex Lexi Sandra Ali
Alfie Alfred Fred|Amanda Mandy|Andrew Andy Drew|Angela Angie|Anthony Tony Ant|Arthur Art Artie|Barbara Babs Barb
Beatrice Bea Trixie|Benjamin Ben Benny|Bethany Beth|Beverley Bev|Bradley Brad|Bridget Bridie Biddy|Callum Cal
Cameron Cam|Caroline Carrie|Catherine Cath Cathy Kate Katie|Charles Charlie Chas Chuck|Charlotte Charlie Lottie Lotte
Charlie Charles|Christine Chris Chrissie|Christopher Chris Kit|Connor Con|Courtney Court|Daniel Dan Danny|Danielle Dani
David Dave Davy Dai|Deborah Debbie Debs|Dominic Dom|Donald Don Donnie|Dorothy Dot Dottie|Douglas Doug
Edward Ed Eddie Ted Teddy Ned|Eleanor Ellie Nell Nora|Elizabeth Liz Lizzie Beth Betty Libby Eliza|Ellie Eleanor
Emily Em Emmy Millie|Eliza Liza|Ethan Eth|Evelyn Evie|Florence Flo Florrie|Frances Fran Franny|Francesca Fran Chess
Freddie Frederick Fred|Frederick Fred Freddie|Gabriella Gabby Ella|Gabriel Gabe|Geoffrey Geoff|Georgia Georgie
George Georgie|Gillian Gill Jill|Grace Gracie|Harriet Hattie Harri|Harrison Harry|Harry Henry|Henry Harry Hal
Isabella Bella Izzy Isa|Isabelle Izzy Belle|Isaac Zac Ike|Jacob Jake|Jacqueline Jackie|James Jim Jimmy Jamie
Jack John|Jennifer Jen Jenny|Jessica Jess Jessie|Joanne Jo|John Johnny Jack|Jonathan Jon Jonny|Joseph Joe Joey
Josephine Jo Josie|Joshua Josh|Julie Jules|Katherine Kate Kathy Katie Kath|Kathleen Kath Kathy|Katie Katherine
Kenneth Ken Kenny|Kimberley Kim|Lauren Loz|Leonard Len Lenny|Lewis Lew|Lily Lil|Louis Lou|Louise Lou|Lucas Luke
Lucy Lu|Luca Luke|Madison Maddie|Margaret Maggie Peggy Meg Marge|Martha Mattie|Matilda Tilly Mattie|Matthew Matt Matty
Max Maxwell|Megan Meg Meggie|Melanie Mel|Michael Mike Mick Mikey|Michelle Shell|Millie Emily|Molly Mary|Natalie Nat
Nathan Nate|Nathaniel Nat Nate|Nicholas Nick Nicky|Nicola Nicky Nic|Oliver Ollie Olly|Olivia Liv Livvy|Oscar Oz
Pamela Pam|Patricia Pat Trish Tricia|Patrick Paddy Pat|Penelope Penny|Peter Pete|Philip Phil Pip|Phoebe Phebs
Rachel Rach|Raymond Ray|Rebecca Becky Becca|Reuben Ben Ru|Richard Rick Dick Ricky Rich|Robert Bob Rob Bobby Robbie
Ronald Ron Ronnie|Ronnie Ronald|Rosie Rose|Rosemary Rosie Rose|Samantha Sam Sammy|Samuel Sam Sammy|Sarah Sally Sadie
Sebastian Seb Bash|Sofia Sofie|Sophia Soph|Stanley Stan|Stephanie Steph|Stephen Steve|Steven Steve|Stuart Stu
Susan Sue Susie|Suzanne Sue Suzy|Terence Terry|Theresa Tess Terry|Theodore Theo Ted Teddy|Thomas Tom Tommy
Timothy Tim|Tobias Toby|Tommy Thomas|Tracey Trace|Trevor Trev|Tyler Ty|Victoria Vicky Tori|Vincent Vince Vinnie
Walter Wally|William Will Bill Billy Liam|Zachary Zac Zach|Zoe Zo|Shannon Shan|Jasmine Jas|Jayden Jay|Dylan Dyl
Finley Fin|Archie Archibald|Reggie Reginald|Teddy Edward|Maisie Maise|Bobby Robert|Billy William|Jamie James
Precious Presh|Nathanael Nate|Tyrone Ty|Winston Win|Malachi Mal|Elijah Eli|Isaiah Zay|Chantelle Chan|Aaliyah Liyah
Sinéad Shin|Siobhán Shiv|Aoife Eefa|Saoirse Sersha|Niamh Neve|Caoimhe Keeva|Cian Keane|Eoin Owen|Tadhg Tim|Seán John
Hamish James|Alistair Al Ally|Eilidh Ailie|Catriona Cat Trina|Kirsty Kirst|Iain Ian""".replace("\n", "|")
