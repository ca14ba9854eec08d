"""The single front door: contact, referral, triage, partners' answers, allocation, and telling the referrer.

Everything that arrives becomes a `Contact` kept as it came; what the front door works on is the `Referral` made of it.
"""
