"""The sums: plain Python with no Django, no database and no clock.

Each engine is useful by itself, in a notebook or in another program, and none
imports another. Times, dates and random seeds are handed in by the caller.

``periods``   working days, working hours, rating clocks, financial years
``money``     whole pence: read, write and share without losing a penny
``ledger``    double entry in whole pence: the rules of an entry, its digest, replay, year end
``riskshare`` who bears an overspend, who gets back an underspend
``appraisal`` what a programme costs and brings, to whom, and how sure that is
``caseflow``  will it cope: how cases flow, wait and come back, how many workers a target needs, and how to read it from a log
``spc``       control limits: what in a series of readings is more than noise
``disclosure`` which numbers of people are not shown, so that no small one follows from the others
``linkage``   is this the same person? identifiers, names, search keys, matching
"""
