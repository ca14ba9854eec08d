"""The same entries in django-hordak, a public double-entry ledger for Django on PostgreSQL. Run with an interpreter that has
it, on a database of its own: `python hordak_peer.py HOST DATABASE USER PASSWORD SINGLE BULK TOTAL`. Prints JSON."""

import json
import statistics
import sys
import time
from datetime import date

HOST, DATABASE, USER, PASSWORD, SINGLE, BULK, TOTAL = sys.argv[1:]
ACCOUNTS, SIZE = 53, 1000


def main() -> None:
    """Set it up, post, and take the balances."""
    import django
    from django.conf import settings

    settings.configure(
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.postgresql", "NAME": DATABASE, "HOST": HOST, "USER": USER,
                "PASSWORD": PASSWORD,
            }
        },
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "mptt", "djmoney", "hordak"],
        DEFAULT_CURRENCY="GBP", HORDAK_INTERNAL_CURRENCY="GBP", CURRENCIES=["GBP"], HORDAK_CURRENCIES=["GBP"],
        USE_TZ=True, DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    )  # fmt: skip
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from hordak.models import Account, AccountType

    bank = Account.objects.create(name="Bank", type=AccountType.asset, currencies=["GBP"])
    lines = [
        Account.objects.create(name=f"Line {number}", type=AccountType.expense, currencies=["GBP"])
        for number in range(ACCOUNTS - 1)
    ]
    said = {"one": _one_at_a_time(bank, lines), "bulk": _bulk(bank, lines, int(BULK))}
    _fill(bank, lines, (int(TOTAL) - 2 * int(SINGLE) - 2 * int(BULK)) // 2)
    said |= _balances()
    print(json.dumps(said))


def _one_at_a_time(bank: object, lines: list) -> float:
    from django.db import transaction
    from djmoney.money import Money
    from hordak.models import Leg, Transaction

    began = time.perf_counter()
    for number in range(int(SINGLE)):
        with transaction.atomic():
            made = Transaction.objects.create(date=date(2026, 4, 7), description="memo")
            Leg.objects.create(transaction=made, account=lines[number % len(lines)], debit=Money(number + 1, "GBP"))
            Leg.objects.create(transaction=made, account=bank, credit=Money(number + 1, "GBP"))
    return int(SINGLE) / (time.perf_counter() - began)


def _bulk(bank: object, lines: list, entries: int) -> float:
    from django.db import transaction
    from djmoney.money import Money
    from hordak.models import Leg, Transaction

    began = time.perf_counter()
    for start in range(0, entries, SIZE):
        size = min(SIZE, entries - start)
        with transaction.atomic():
            made = Transaction.objects.bulk_create(
                [Transaction(date=date(2026, 4, 7), description="memo") for _ in range(size)]
            )
            legs = []
            for place, each in enumerate(made):
                amount = Money(place + 1, "GBP")
                legs.append(Leg(transaction=each, account=lines[place % len(lines)], debit=amount))
                legs.append(Leg(transaction=each, account=bank, credit=amount))
            Leg.objects.bulk_create(legs)
    return entries / (time.perf_counter() - began)


def _fill(bank: object, lines: list, entries: int) -> None:
    """The rest by SQL and past its triggers, which saves minutes: only its balances are asked of these."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE hordak_leg DISABLE TRIGGER USER")
        cursor.execute(
            """
            WITH made AS (
              INSERT INTO hordak_transaction (uuid, timestamp, date, description)
              SELECT gen_random_uuid(), now(), '2026-04-07', 'memo' FROM generate_series(1, %s) RETURNING id
            )
            INSERT INTO hordak_leg (uuid, description, account_id, transaction_id, debit, credit, currency)
            SELECT gen_random_uuid(), '', CASE side WHEN 1 THEN (%s::bigint[])[1 + made.id %% %s] ELSE %s END, made.id,
              CASE side WHEN 1 THEN 1 + made.id %% 900 END, CASE side WHEN 2 THEN 1 + made.id %% 900 END, 'GBP'
            FROM made, generate_series(1, 2) AS side
            """,
            [entries, [line.pk for line in lines], len(lines), bank.pk],
        )
        cursor.execute("ALTER TABLE hordak_leg ENABLE TRIGGER USER")


def _balances() -> dict:
    from django.db import connection
    from hordak.models import Account, Leg

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    took = []
    for _ in range(5):
        began = time.perf_counter()
        rows = list(Account.objects.with_balances())
        took.append(time.perf_counter() - began)
    assert len(rows) == ACCOUNTS
    return {"postings": Leg.objects.count(), "trial": statistics.median(took)}


if __name__ == "__main__":
    main()
