"""Where to turn: the directory of services, kept true, open to everybody as Open Referral UK."""
