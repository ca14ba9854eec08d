"""Forenames and surnames of families with roots outside Britain, the commonest first, and their other spellings."""

from __future__ import annotations

from tests.linkage.words import words

MUSLIM_GIRLS = words("""Fatima Aisha Maryam Zainab Khadija Amina Safiya Hafsa Sumaya Zahra Noor Iqra Mariam Sana Hira Ayesha
Saima Shabana Nazia Rukhsana Shazia Nasreen Parveen Rubina Farzana Samina Tahira Yasmin Rabia Bushra Uzma Sadia Asma
Saira Kiran Anisa Inaya Hana Aleena Aliza Eshal Haleema Jannat Laiba Mahnoor Maisha Nusrat Rahima Sabina Shahida
Shirin Sultana Tasnim Umaima Zara Zoya""")
MUSLIM_BOYS = words("""Ali Hassan Hussain Ibrahim Yusuf Hamza Omar Bilal Usman Abdullah Zain Adam Ismail Haris Imran Umar
Ahmed Faisal Asif Tariq Khalid Naveed Shahid Tahir Nasir Zahid Arif Rashid Javed Amir Waqas Adnan Kashif Sajid Irfan
Zeeshan Junaid Mustafa Musa Isa Ayaan Rayyan Sulaiman Dawud Yahya Haroon Idris Luqman Mahmood Rafiq Salman Shoaib
Talha Wasim Yaqub Zakariya Saad Rehan Farhan Danyal Abdul-Rahman Abdur-Raheem Ayub Kamran""")
MUSLIM_SURNAMES = words("""Khan Hussain Ahmed Ali Mahmood Iqbal Malik Shah Miah Hussein Rahman Islam Uddin Chowdhury Akhtar
Mohammed Mirza Butt Sheikh Raja Chaudhry Aziz Hassan Rashid Javed Aslam Riaz Anwar Bashir Yousaf Nawaz Rehman Saleem
Haq Choudhury Sharif Karim Qureshi Siddiqui Hashmi Bukhari Rafiq Zaman Arshad Saeed Farooq Latif Haider Abbas Naseer
Kausar Parvez Sultan Ghafoor Majid Qasim Mehmood Dar Lodhi Bhatti""")
MUSLIM_WOMEN_LAST = words("Begum Bibi Akhtar Khatun Khanom Kausar Parveen Sultana Jan Kauser Nessa")

SIKH_GIVEN = words("""Harpreet Gurpreet Jaspreet Manpreet Simran Amandeep Navdeep Kuldeep Sukhdeep Rajdeep Mandeep Sandeep
Harjit Manjit Ranjit Surjit Baljit Kamaljit Jasleen Gurleen Arjan Balvinder Jaswinder Parminder Sukhwinder Kulwinder
Satinder Narinder Harvinder Gurdeep Jagdeep Pardeep Hardeep Amrit Anmol Ekam Karan Kirpal Mohinder Tejinder Jeevan
Joban Gurnoor Avneet Jasmeet""")
SIKH_SURNAMES = words("""Singh Kaur Gill Sandhu Dhillon Sidhu Dhaliwal Grewal Johal Sahota Bains Bhogal Virk Atwal Mann Uppal
Sangha Rai Purewal Nijjar Chahal Kang Randhawa Aujla Deol Hayer Dosanjh Sekhon Cheema Basra""")

HINDU_GIRLS = words("""Priya Anjali Kavita Meera Nisha Pooja Diya Anya Asha Hetal Jaya Kiran Komal Mira Neha Nikita Nita
Rekha Riya Sejal Shreya Sita Sonal Sunita Trisha Urvi Vaishali Aarohi Anika Bhavna Dipti Hansa Isha Kajal Lata Manisha
Parul Radhika Saanvi Tanvi""")
HINDU_BOYS = words("""Rahul Amit Raj Vikram Arjun Rohan Sanjay Anil Ashok Bhavesh Chirag Deepak Dev Dhruv Dinesh Hardik Harish
Hitesh Jay Jayesh Karan Ketan Krishna Kunal Mahesh Manish Mehul Mitesh Mukesh Nikhil Nilesh Paresh Pravin Rajesh
Rakesh Ravi Sachin Samir Suresh Vijay Vivaan Aarav Ishaan Yash""")
HINDU_SURNAMES = words("""Patel Shah Mistry Desai Mehta Joshi Parmar Chauhan Solanki Sharma Gandhi Amin Bhatt Trivedi Pandya
Thakkar Lad Modi Vyas Dave Raval Tailor Chavda Makwana Rathod Kumar Gupta Verma Agarwal Kapoor Reddy Rao Nair Menon
Pillai Iyer Das Ghosh Banerjee Mukherjee""")

TAMIL_GIRLS = words("""Kavitha Priyanka Tharshini Abinaya Janani Nivetha Sangeetha Vithya Yalini Keerthana Meena Lakshmi Anitha
Dharshini Kirthika Mathusha Nirosha Pavithra Renuka Shanthi Sutha Thivya Vanitha Yamini""")
TAMIL_BOYS = words("""Karthik Suresh Rajan Nimalan Tharshan Kajan Mathan Sivakumar Ravindran Aravinthan Dinesh Ganesh Jeyakumar
Kumaran Logan Mayuran Nirojan Prashanth Rameshkumar Sathees Thanushan Uthayan Vimal Yogan Sivanesan Selvaraj
Thavarajah Balasubramaniam Nadarajah Kandasamy Ratnam Selvanayagam Arulnathan Kanagasabai Paramanathan""")

AFRICAN_GIRLS = words("""Blessing Grace Esther Mercy Precious Favour Joy Faith Abigail Deborah Comfort Gloria Patience Victoria
Ama Abena Akosua Yaa Efua Adwoa Ngozi Chioma Ifeoma Adaeze Amara Chidinma Nkechi Funmilayo Folake Temitope Yetunde
Titilayo Bukola Oluwaseun Ayomide Damilola Oluwadamilola Tolulope Omolara Aminata Fatou Mariama Isatou""")
AFRICAN_BOYS = words("""Emmanuel Samuel Daniel David Joshua Michael Joseph Isaac Prince Kwame Kofi Kwabena Yaw Kojo Kweku
Chukwuemeka Chinedu Obinna Ikenna Emeka Kelechi Uche Ifeanyi Oluwaseun Olumide Babatunde Adebayo Ayodele Tunde Femi
Segun Oluwatobi Oluwafemi Ayomide Temitope Kehinde Taiwo Lamin Ousman Mamadou Ebrima Modou Alhaji Sekou""")
AFRICAN_SURNAMES = words("""Mensah Owusu Boateng Asante Osei Appiah Agyeman Ofori Addo Antwi Adjei Amoah Frimpong Sarpong
Okafor Okeke Eze Nwosu Obi Okonkwo Nwachukwu Onyekachi Igwe Ibe Adeyemi Adebayo Ogunleye Oladipo Afolabi Balogun
Adekunle Akinola Ojo Oni Bello Lawal Ibrahim Sanni Jalloh Bah Kamara Conteh Sesay Koroma Bangura Ceesay Jallow Touray
Sowe Njie Danso Opoku Gyamfi Oyelaran Oluwole Olatunji Ademola""")

SOMALI_GIRLS = words("""Fadumo Hodan Amina Hibo Ayan Asha Sahra Khadra Ifrah Ubah Hawa Nasra Safia Maryan Zamzam Idil Ikran
Naima Suad Halimo Deqa Filsan Muna Nimco Hamdi Sumaya""")
SOMALI_BOYS = words("""Mohamed Abdi Ahmed Ali Hassan Abdirahman Abdullahi Yusuf Ibrahim Omar Mahad Liban Guled Warsame Farah
Jama Ismail Abdulkadir Nuur Osman Isse Roble Bile Sharmarke Hersi Duale Egal Aden Hirsi Abshir Barre Dahir Said
Muse Mukhtar Mustafa Sakariye Zakaria""")

ARABIC_GIRLS = words("""Fatima Maryam Nour Layla Zahra Hiba Rania Salma Yasmin Aya Huda Amal Rahaf Shahad Dalia Sara Noura
Zeinab Samira Bahar Shabnam Parwana Farishta Mina Arezo Selam Rahwa Feven Luwam Helen Saron Senait Tsehay Bisrat
Ariam Winta""")
ARABIC_BOYS = words("""Mohammed Ahmad Ali Omar Yousef Khaled Mahmoud Hassan Ibrahim Abdullah Mustafa Karim Tarek Bilal Samir
Nasser Hamid Rashid Jawad Zabihullah Najibullah Ahmadullah Farhad Rahmatullah Esmatullah Asadullah Habib Wali
Nematullah Sayed Samuel Yonas Filmon Tesfay Robel Daniel Kibrom Mebrahtu Aman Henok Awet Natnael Merhawi Abel Goitom
Hagos Berhane Haile Ghebre Idris Osman Adam Saleh""")
ARABIC_SURNAMES = words("""Al-Hassan Al-Ahmad Al-Masri Al-Khatib Hamdan Haddad Saleh Mansour Khalil Abdulrahman Al-Mohammad
Ibrahim Nasser Abu-Bakr Al-Ali Hamoud Darwish Issa Sabbagh Najjar Shaheen Qasim Suleiman Al-Sayed Bin-Said
Ahmadi Rahimi Karimi Hosseini Noori Mohammadi Stanikzai Ahmadzai Safi Amiri Sultani Haidari Popal Zadran Hotak""")

POLISH_GIRLS = words("""Zofia Julia Maja Hanna Lena Alicja Oliwia Zuzanna Maria Amelia Katarzyna Anna Małgorzata Agnieszka
Ewa Magdalena Joanna Monika Aleksandra Karolina Natalia Paulina Dorota Beata Iwona Aneta Kinga Wiktoria Nikola
Gabriela""")
POLISH_BOYS = words("""Jakub Jan Antoni Szymon Aleksander Filip Kacper Mikołaj Wojciech Michał Piotr Krzysztof Tomasz Paweł
Łukasz Marcin Grzegorz Andrzej Mateusz Dawid Adam Rafał Robert Mariusz Dariusz Kamil Bartosz Oskar Igor Dominik""")
POLISH_SURNAMES = words("""Kowalski Wiśniewski Nowak Wójcik Kowalczyk Kamiński Lewandowski Zieliński Szymański Woźniak
Dąbrowski Kozłowski Jankowski Mazur Wojciechowski Kwiatkowski Krawczyk Kaczmarek Piotrowski Grabowski Zając Pawłowski
Michalski Król Wieczorek Jabłoński Wróbel Nowicki Majewski Olszewski Stępień Malinowski Jaworski Adamczyk Dudek
Nowakowski Pawlak Górski Witkowski Walczak Sikora Baran Rutkowski Michalak Szewczyk Ostrowski""")

ROMANIAN_GIRLS = words("""Maria Elena Ioana Andreea Alexandra Ana Sofia Daria Mihaela Cristina Gabriela Raluca Denisa Bianca
Larisa Antonia Simona Roxana Florentina Mădălina Ștefania Loredana Alina Oana Rebeca Narcisa""")
ROMANIAN_BOYS = words("""Andrei Alexandru Gabriel Ionuț Ștefan Mihai Cristian Florin Adrian Marian Bogdan Vasile Gheorghe Ion
Nicolae Daniel David Luca Matei Darius Răzvan Cosmin Costel Dumitru Constantin Robert Marius Claudiu Sorin""")
ROMANIAN_SURNAMES = words("""Popa Popescu Radu Ionescu Stan Dumitru Stoica Gheorghe Matei Rusu Munteanu Constantin Marin Lazăr
Ciobanu Florea Dobre Moldovan Toma Șerban Oprea Dinu Tudor Ilie Barbu Nistor Lupu Voicu Cristea Manole Nicolae Enache
Costache Bălan Căldăraru Lăcătuș Vasile Mocanu Neagu""")

PORTUGUESE_GIRLS = words("""Maria Ana Beatriz Matilde Leonor Carolina Mariana Inês Sofia Margarida Catarina Joana Rita Lara
Francisca Clara Alice Luana Raquel Sónia Carla Patrícia Vânia Cátia Sandra""")
PORTUGUESE_BOYS = words("""João Francisco Santiago Afonso Duarte Tomás Rodrigo Martim Gabriel Miguel Pedro Tiago Diogo Rui
Paulo José António Luís Carlos Nuno Ricardo André Bruno Hugo Fábio Gonçalo Rafael""")
PORTUGUESE_SURNAMES = words("""Silva Santos Ferreira Pereira Oliveira Costa Rodrigues Martins Sousa Fernandes Gonçalves Gomes
Lopes Marques Alves Almeida Ribeiro Pinto Carvalho Teixeira Moreira Correia Mendes Nunes Soares Vieira Monteiro
Cardoso Rocha Neves Coelho Cruz Cunha Pires Ramos Reis Simões Antunes Matos Fonseca""")

CHINESE_SYLLABLES = words("""Hui Wei Ming Xin Yi Jia Li Mei Ling Jing Yan Fang Hong Jun Hao Yu Chen Kai Tao Lei Yang Min Na
Xiao Ying Zhi Wen Hua Lan Feng Bo Jie Rui Qing Shu Suet Ka Wing Man Chi Ho Yuen Tsz Lok Hei Kit Pui Sze""")
CHINESE_SURNAMES = words("""Wang Li Zhang Chen Liu Lin Wong Chan Cheung Lee Lam Ng Leung Ho Yang Huang Zhao Wu Zhou Xu Sun Ma
Zhu Hu Guo He Gao Luo Tang Yip Tsang Kwok Lau Fung""")
CHINESE_KNOWN_AS = words("""Jenny Kevin Amy Vivian Jason Grace Andy Cindy Eric Alice Tony Michelle Kelvin Joyce Ivy Raymond
Sunny Winnie Ken Iris""")
VIETNAMESE_GIVEN = words("""Linh Anh Huong Lan Mai Thao Trang Phuong Hoa Hang Ngoc Thuy Minh Tuan Hung Dung Nam Quang Duc Long
Hai Son Khanh Bao Vy My Nhung""")
VIETNAMESE_SURNAMES = words("Nguyen Tran Le Pham Hoang Phan Vu Dang Bui Do Ho Ngo Duong Ly")

TURKISH_GIRLS = words("""Zeynep Elif Defne Ayşe Fatma Emine Hatice Merve Büşra Esra Özlem Derya Gül Sevgi Melek Ebru Yasemin
Çiğdem Selin İrem Azra Nur Beyza Aylin Berfin Dilan""")
TURKISH_BOYS = words("""Mehmet Mustafa Ahmet Ali Hüseyin Hasan Yusuf İbrahim Emre Murat Ömer Kerem Can Burak Oğuz Umut Serkan
Özgür Barış Kaan Deniz Efe Arda Baran Azad Welat""")
TURKISH_SURNAMES = words("""Yılmaz Kaya Demir Çelik Şahin Yıldız Yıldırım Öztürk Aydın Özdemir Arslan Doğan Kılıç Aslan Çetin
Kara Koç Kurt Özkan Şimşek Polat Korkmaz Erdoğan Aksoy Güneş Bulut Taş Karaca""")

# One line is one name in several spellings; the first is the commonest.
SPELLINGS = """Mohammed Muhammad Mohammad Mohamed Muhammed Mohamad Mohd Md
Ahmed Ahmad Ahmet Ahmmed|Hussain Hussein Husain Hossain Hussian|Hassan Hasan Hassen|Ali Aly Aali|Yusuf Yousuf Yousaf Yusef
Youssef Yousef Yusuf Yosef|Ibrahim Ebrahim Ibraheem Abraham|Omar Umar Umer Omer|Usman Osman Uthman Othman|Bilal Belal
Abdullah Abdulla Abdallah Abdullahi|Khadija Khadijah Khadeeja Hadija|Fatima Fatimah Fatema Fathima Fatma Fadumo
Aisha Ayesha Aysha Aesha Asha|Maryam Mariam Mariyam Miriam Maryan|Zainab Zaynab Zeinab Zaineb|Amina Aminah Ameena Aamina
Noor Nour Nur Noora|Yasmin Yasmeen Jasmin Yassmin|Safiya Safia Safiyah Saffiya|Zahra Zara Zehra Sahra|Khan Kahn Khaan
Akhtar Akther Aktar Akter Akhter|Begum Begam Begom|Bibi Beebi Bebe|Chowdhury Choudhury Chaudhry Choudhry Chowdry Chaudhary
Mahmood Mahmud Mehmood Mahmoud|Rahman Rehman Rahaman Rohman|Miah Mia Miya Mya|Sheikh Shaikh Shaik Sheik|Iqbal Eqbal Ikbal
Uddin Udin Ud-Din|Khatun Khatoon Katun|Islam Eslam|Hamza Hamzah Humza|Haris Harris Harith Haaris|Zain Zayn Zane
Faisal Faysal Feisal|Tariq Tarik Tarek Tareq|Khalid Khaled Kalid|Imran Emran|Ismail Ismael Esmail|Mustafa Mostafa Mustapha
Sulaiman Suleiman Suleman Solomon|Musa Moosa Muse Mousa|Isa Eesa Essa Issa|Yahya Yehya Yahia|Dawud Dawood Daud David
Rashid Rasheed Rachid|Karim Kareem Kerim|Samir Sameer|Saleh Salih Saalih|Nasser Naser Nasir Nasr|Qasim Kasim Qassem Kassem
Hamid Hameed Hamed|Jawad Javad Jawaad|Layla Leila Laila Leyla|Huda Hoda|Hiba Heba|Shahid Shaheed|Sayed Said Sayyid Syed
Javed Javaid Jawed|Naveed Navid|Parveen Parvin Perveen|Nasreen Nasrin|Rukhsana Ruksana Rokhsana|Shabana Shabanah
Abdirahman Abdurahman Abdulrahman Abdul-Rahman|Abdi Abdy|Hodan Hodhan|Farah Farax Faarah|Warsame Warsama|Jama Jamac Djama
Mohamud Maxamuud Mohamoud|Hersi Hirsi|Nuur Nur Noor|Duale Dualeh|Isse Isa|Yonas Jonas Yonass|Tesfay Tesfai Tesfaye
Filmon Philmon Felmon|Natnael Nathanael Natnail|Merhawi Merhawe Mirhawi|Mebrahtu Mebrahtom Mibrahtu|Ghebre Gebre Ghebru
Haile Hayle Haileab|Henok Hienok Enoch|Robel Roble Rubel|Goitom Goytom|Kibrom Kbrom|Rahwa Rahewa|Luwam Lwam
Zabihullah Zabiullah Zabihola|Najibullah Najeebullah Najib|Rahmatullah Rahmatulla Ramatullah|Esmatullah Ismatullah
Asadullah Assadullah|Ahmadzai Ahmedzai|Stanikzai Stanekzai|Hosseini Hussaini Husseini|Mohammadi Muhammadi Mohamadi
Rahimi Raheemi|Karimi Kareemi|Noori Nuri Nouri|Wei Way|Hui Huey|Xin Hsin|Zhang Chang Cheung|Li Lee|Wong Wang Huang
Chen Chan Tan|Xu Hsu|Zhou Chow|Nguyen Ngyuen Nguyan|Phuong Fuong|Krzysztof Kristof Krzystof|Wojciech Wojtek
Katarzyna Kasia Katarina|Małgorzata Gosia Malgosia|Agnieszka Aga Agnes|Aleksandra Alexandra Ola|Aleksander Alexander Olek
Szymon Simon|Michał Michael Michal|Piotr Peter|Paweł Pawel Paul|Łukasz Lukas Lukasz|Mikołaj Nikolaj Mikolaj|Jakub Jacob Kuba
Tomasz Thomas Tomek|Zofia Sofia Zosia|Wiktoria Victoria|Julia Giulia|Ștefan Stephen Stefan|Gheorghe George|Ion John
Ionuț Ionut|Mihai Michael|Andrei Andrey|Alexandru Alex|Ioana Joanna|João Joao John|José Jose|Inês Ines Agnes|Luís Luis Louis
Oluwaseun Seun|Oluwadamilola Damilola Dami|Oluwatobi Tobi|Oluwafemi Femi|Babatunde Tunde|Temitope Temi Tope|Chukwuemeka Emeka
Funmilayo Funmi|Tolulope Tolu|Ayomide Ayo|Ngozi Ngosi|Chinedu Nedu|Kwabena Kobina|Kweku Kwaku|Mamadou Mamadu|Ousman Usman
Lakshmi Laxmi|Sangeetha Sangita|Kavitha Kavita|Suresh Sureshkumar|Balasubramaniam Balasubramanyam Bala|Nadarajah Nadaraja
Kandasamy Kandasami|Ratnam Rathnam|Thavarajah Thavaraja|Sivakumar Shivakumar Siva|Mehmet Mehmed Mohammed|Hüseyin Huseyin
Ayşe Ayse Aysha|Jaswinder Jasvinder|Balvinder Balwinder|Sukhwinder Sukhvinder|Kulwinder Kulvinder|Harjit Harjeet
Manjit Manjeet|Ranjit Ranjeet|Baljit Baljeet|Dhillon Dhilon|Dhaliwal Daliwal|Sandhu Sandu|Kaur Kour|Singh Sing
Pooja Puja|Mira Meera|Neha Nehaa|Deepak Dipak|Vijay Vijaya|Mistry Mistri|Thakkar Thacker|Horvath Horvat|Lakatos Lakatosh
Jallow Jalloh Diallo|Bah Ba|Touray Toure Turay|Ceesay Sesay|Mensah Mensa|Osei Ossei|Boateng Boatin|Agyeman Adjeman""".replace(
    "\n", "|"
)
