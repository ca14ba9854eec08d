"""The ledger, and its seal: the functions and triggers by which the database itself keeps it (docs/adr/0018).

Lines are written first and the entry last, in one transaction. The entry's trigger looks at the whole of it, puts it into
the fund's chain and adds it to the running totals; the lines' trigger refuses whatever comes to an entry that is posted; a
foreign key over entry, transaction, fund, period and book refuses what another session slips in meanwhile.
"""

import django.db.models.deletion
import django.db.models.functions.datetime
import joinedup.core.models.records
import joinedup.engines.ledger
import joinedup.funds.models.ledger
from django.db import migrations, models

from joinedup.core.database import MakeTables, seal_table

_FUNCTIONS = r"""
CREATE FUNCTION funds_refuse(rule text, sentence text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION USING MESSAGE = rule || ': ' || sentence, ERRCODE = 'integrity_constraint_violation';
END $$;

-- A function of the owner's may not be borrowed for a table of somebody else's.
CREATE FUNCTION funds_fired_by(relation oid, wanted text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF relation <> wanted::regclass::oid THEN
    PERFORM funds_refuse('FU-209', 'the seal of the ledger serves no other table');
  END IF;
END $$;

CREATE FUNCTION funds_posting_added() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = public, pg_temp SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
  late text;
BEGIN
  PERFORM funds_fired_by(TG_RELID, 'public.funds_posting');
  IF EXISTS (SELECT 1 FROM added WHERE txid <> txid_current()) THEN
    PERFORM funds_refuse('FU-207', 'a line carries the stamp of another transaction');
  END IF;
  SELECT entry.key INTO late FROM (SELECT DISTINCT entry_id FROM added) AS fresh
    JOIN funds_entry AS entry ON entry.id = fresh.entry_id LIMIT 1;
  IF FOUND THEN
    PERFORM funds_refuse('FU-207', format('entry %s is posted already, and a posted entry gets no more lines', late));
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION funds_entry_added() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = public, pg_temp SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
  each record;
  head record;
  fund uuid;
  ids uuid[];
  numbers bigint[];
  contents text[];
  digests text[];
BEGIN
  PERFORM funds_fired_by(TG_RELID, 'public.funds_entry');
  -- One fund after another, always in the same order; whoever posts to a fund waits here for whoever posts before.
  FOR fund IN SELECT DISTINCT added.fund_id FROM added ORDER BY 1 LOOP
    INSERT INTO funds_ledgerhead (fund_id, number, digest) VALUES (fund, 0, repeat('0', 64)) ON CONFLICT DO NOTHING;
    SELECT * INTO head FROM funds_ledgerhead WHERE fund_id = fund FOR UPDATE;
    -- FOR SHARE and not FOR KEY SHARE: it must stop the closing of the period, which is an UPDATE.
    PERFORM 1 FROM funds_period WHERE id IN (SELECT period_id FROM added WHERE fund_id = fund) ORDER BY id FOR SHARE;
    ids := '{}'; numbers := '{}'; contents := '{}'; digests := '{}';
    FOR each IN
      SELECT entry.id, entry.key, entry.lines, entry.kind, entry.reverses_id, entry.pair, entry.txid,
        period.id IS NOT NULL AND period.fund_id = entry.fund_id AND entry.dated_on BETWEEN period.starts_on AND period.ends_on
          AS in_period,
        period.state = 'open' AS is_open,
        found.counted, found.total, found.debits, found.is_of_entry, found.is_of_fund, found.is_interfund,
        encode(sha256(convert_to(jsonb_build_array(
          1, entry.id, entry.fund_id, entry.key, entry.book, entry.kind, entry.period_id,
          to_char(entry.dated_on, 'YYYY-MM-DD'), entry.memo, entry.source_kind, entry.source_id, entry.reverses_id,
          entry.pair, entry.posted_by, entry.approved_by, (extract(epoch FROM entry.posted_at) * 1000000)::bigint,
          found.content)::text, 'UTF8')), 'hex') AS content,
        entry.pence
      FROM added AS entry
      JOIN funds_fund AS owner ON owner.id = entry.fund_id
      LEFT JOIN funds_period AS period ON period.id = entry.period_id
      CROSS JOIN LATERAL (
        SELECT count(*) AS counted, coalesce(sum(p.pence), 0) AS total,
          coalesce(sum(p.pence) FILTER (WHERE p.pence > 0), 0) AS debits,
          coalesce(bool_and(p.txid = entry.txid AND p.fund_id = entry.fund_id AND p.period_id = entry.period_id
            AND p.book = entry.book), true) AS is_of_entry,
          coalesce(bool_and(account.fund_id = entry.fund_id
            AND (p.line_id IS NULL OR line.fund_id = entry.fund_id)
            AND (p.scheme_id IS NULL OR scheme.fund_id = entry.fund_id)
            AND (p.partner_id IS NULL OR partner.agreement_id = owner.agreement_id)), true) AS is_of_fund,
          coalesce(bool_or(account.control = 'interfund'), false) AS is_interfund,
          jsonb_agg(jsonb_build_array(p.place, p.account_id, p.line_id, p.scheme_id, p.partner_id, p.stream_id, p.tier,
            p.vat_code, p.pence, p.memo) ORDER BY p.place) AS content
        FROM funds_posting AS p
        LEFT JOIN funds_account AS account ON account.id = p.account_id
        LEFT JOIN funds_budgetline AS line ON line.id = p.line_id
        LEFT JOIN funds_scheme AS scheme ON scheme.id = p.scheme_id
        LEFT JOIN funds_agreementpartner AS partner ON partner.id = p.partner_id
        WHERE p.entry_id = entry.id
      ) AS found
      WHERE entry.fund_id = fund ORDER BY entry.id
    LOOP
      PERFORM funds_check_entry(each);
      head.number := head.number + 1;
      head.digest := encode(sha256(convert_to(head.digest || each.content, 'UTF8')), 'hex');
      ids := ids || each.id; numbers := numbers || head.number;
      contents := contents || each.content; digests := digests || head.digest;
    END LOOP;
    INSERT INTO funds_entryseal (entry_id, fund_id, number, content, digest)
      SELECT id, fund, number, content, digest FROM unnest(ids, numbers, contents, digests) AS s (id, number, content, digest);
    UPDATE funds_ledgerhead SET number = head.number, digest = head.digest WHERE fund_id = fund;
    INSERT INTO funds_balance AS total (fund_id, period_id, book, is_closing, account_id, line_id, scheme_id, partner_id,
        stream_id, debit, credit, postings)
      SELECT fund, p.period_id, p.book, entry.kind = 'closing', p.account_id, p.line_id, p.scheme_id, p.partner_id, p.stream_id,
        coalesce(sum(p.pence) FILTER (WHERE p.pence > 0), 0), coalesce(-sum(p.pence) FILTER (WHERE p.pence < 0), 0), count(*)
      FROM added AS entry JOIN funds_posting AS p ON p.entry_id = entry.id
      WHERE entry.fund_id = fund GROUP BY 2, 3, 4, 5, 6, 7, 8, 9 ORDER BY 2, 3, 4, 5, 6, 7, 8, 9
      ON CONFLICT (period_id, book, is_closing, account_id, line_id, scheme_id, partner_id, stream_id)
        DO UPDATE SET debit = total.debit + excluded.debit, credit = total.credit + excluded.credit,
          postings = total.postings + excluded.postings;
  END LOOP;
  RETURN NULL;
END $$;

CREATE FUNCTION funds_check_entry(entry record) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF entry.txid <> txid_current() THEN
    PERFORM funds_refuse('FU-207', format('entry %s carries the stamp of another transaction', entry.key));
  END IF;
  IF NOT coalesce(entry.in_period, false) THEN
    PERFORM funds_refuse('FU-205', format('the day of entry %s lies outside its period, or the period is another fund''s', entry.key));
  END IF;
  IF NOT entry.is_open THEN
    PERFORM funds_refuse('FU-206', format('the period of entry %s is closed', entry.key));
  END IF;
  IF entry.counted < 2 OR entry.counted <> entry.lines THEN
    PERFORM funds_refuse('FU-201', format('entry %s has %s lines and says %s', entry.key, entry.counted, entry.lines));
  END IF;
  IF NOT entry.is_of_entry THEN
    PERFORM funds_refuse('FU-213', format('the lines of entry %s are not all in its fund, period, book and transaction', entry.key));
  END IF;
  IF NOT entry.is_of_fund THEN
    PERFORM funds_refuse('FU-214', format('a heading, line, scheme or partner of entry %s belongs to another fund', entry.key));
  END IF;
  IF entry.total <> 0 OR entry.debits <> entry.pence THEN
    PERFORM funds_refuse('FU-202', format('the lines of entry %s come to %s pence and its debits to %s', entry.key, entry.total, entry.debits));
  END IF;
  IF entry.is_interfund AND entry.pair IS NULL THEN
    PERFORM funds_refuse('FU-218', format('entry %s goes to another fund without its counterpart', entry.key));
  END IF;
  IF entry.reverses_id IS NOT NULL THEN
    PERFORM funds_check_reversal(entry.id, entry.key, entry.reverses_id);
  END IF;
END $$;

CREATE FUNCTION funds_check_reversal(reversal uuid, its_key text, reversed uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  target record;
BEGIN
  SELECT earlier.kind, earlier.fund_id = later.fund_id AND earlier.book = later.book AND earlier.id <> later.id AS is_like INTO target
    FROM funds_entry AS earlier, funds_entry AS later WHERE earlier.id = reversed AND later.id = reversal;
  IF target.kind = 'reversal' THEN
    PERFORM funds_refuse('FU-210', format('entry %s reverses a reversal', its_key));
  END IF;
  IF NOT coalesce(target.is_like, false) OR EXISTS (
    SELECT 1 FROM funds_posting AS p LEFT JOIN funds_budgetline AS line ON line.id = p.line_id
    WHERE p.entry_id IN (reversal, reversed)
    GROUP BY p.account_id, line.code, p.scheme_id, p.partner_id, p.stream_id, abs(p.pence)
    HAVING sum(CASE WHEN p.entry_id = reversal THEN sign(p.pence) ELSE 0 END)
      + sum(CASE WHEN p.entry_id = reversed THEN sign(p.pence) ELSE 0 END) <> 0
      OR count(*) FILTER (WHERE p.entry_id = reversal) <> count(*) FILTER (WHERE p.entry_id = reversed)
  ) THEN
    PERFORM funds_refuse('FU-212', format('entry %s does not take back exactly what it names', its_key));
  END IF;
END $$;

CREATE FUNCTION funds_pair_checked() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = public, pg_temp SET enable_seqscan = off AS $$
DECLARE
  answer record;
BEGIN
  SELECT count(DISTINCT entry.id) AS entries, count(DISTINCT entry.fund_id) AS funds, count(DISTINCT entry.book) AS books,
      coalesce(sum(p.pence) FILTER (WHERE account.control = 'interfund'), 1) AS left_over
    INTO answer
    FROM funds_entry AS entry JOIN funds_posting AS p ON p.entry_id = entry.id JOIN funds_account AS account ON account.id = p.account_id
    WHERE entry.pair = NEW.pair;
  IF answer.entries <> 2 OR answer.funds <> 2 OR answer.books <> 1 OR answer.left_over <> 0 THEN
    PERFORM funds_refuse('FU-218', format('entry %s and its counterpart in another fund do not answer each other', NEW.key));
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION funds_period_added() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  latest record;
BEGIN
  INSERT INTO funds_ledgerhead (fund_id, number, digest) VALUES (NEW.fund_id, 0, repeat('0', 64)) ON CONFLICT DO NOTHING;
  PERFORM 1 FROM funds_ledgerhead WHERE fund_id = NEW.fund_id FOR UPDATE;
  SELECT year * 12 + number AS place, ends_on INTO latest FROM funds_period WHERE fund_id = NEW.fund_id ORDER BY ends_on DESC LIMIT 1;
  IF NEW.state <> 'open' OR (FOUND AND (NEW.starts_on <> latest.ends_on + 1 OR NEW.year * 12 + NEW.number <> latest.place + 1)) THEN
    PERFORM funds_refuse('FU-221', 'a period follows the fund''s latest one without gap or overlap, and is open');
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION funds_period_closing() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  head record;
  closes record;
  fault text;
BEGIN
  SELECT * INTO closes FROM funds_period WHERE id = NEW.period_id;
  SELECT * INTO head FROM funds_ledgerhead WHERE fund_id = closes.fund_id FOR UPDATE;
  PERFORM 1 FROM funds_period WHERE id = NEW.period_id FOR UPDATE;
  IF closes.state <> 'open' OR EXISTS (SELECT 1 FROM funds_period WHERE fund_id = closes.fund_id AND ends_on < closes.starts_on
      AND state = 'open') THEN
    PERFORM funds_refuse('FU-216', 'periods close once and in order');
  END IF;
  SELECT CASE
      WHEN sum(pence) <> 0 THEN 'FU-202'
      WHEN bool_or(control = 'suspense' AND pence <> 0) THEN 'FU-215'
      WHEN closes.number = 12 AND bool_or(control = 'unallocated' AND pence <> 0) THEN 'FU-217'
      WHEN closes.number = 12 AND bool_or(kind IN ('income', 'expenditure') AND pence <> 0) THEN 'FU-223'
    END INTO fault
    FROM (
      SELECT account.control, account.kind, sum(total.debit - total.credit) AS pence
      FROM funds_balance AS total JOIN funds_period AS period ON period.id = total.period_id AND period.ends_on <= closes.ends_on
      JOIN funds_account AS account ON account.id = total.account_id
      WHERE total.fund_id = closes.fund_id AND total.book = 'actual' GROUP BY account.id
    ) AS by_heading;
  IF fault IS NOT NULL THEN
    PERFORM funds_refuse(fault, 'something is left over that must be placed before the period closes');
  END IF;
  IF EXISTS (
    SELECT 1 FROM (
      SELECT p.book, entry.kind = 'closing' AS is_closing, p.account_id, p.line_id, p.scheme_id, p.partner_id, p.stream_id,
        coalesce(sum(p.pence) FILTER (WHERE p.pence > 0), 0) AS debit, coalesce(-sum(p.pence) FILTER (WHERE p.pence < 0), 0) AS credit,
        count(*) AS postings
      FROM funds_posting AS p JOIN funds_entry AS entry ON entry.id = p.entry_id
      WHERE entry.period_id = NEW.period_id GROUP BY 1, 2, 3, 4, 5, 6, 7
    ) AS summed FULL JOIN (SELECT * FROM funds_balance WHERE period_id = NEW.period_id) AS kept
    ON (summed.book, summed.is_closing, summed.account_id) = (kept.book, kept.is_closing, kept.account_id)
      AND coalesce(summed.line_id::text, '') = coalesce(kept.line_id::text, '')
      AND coalesce(summed.scheme_id::text, '') = coalesce(kept.scheme_id::text, '')
      AND coalesce(summed.partner_id::text, '') = coalesce(kept.partner_id::text, '')
      AND coalesce(summed.stream_id::text, '') = coalesce(kept.stream_id::text, '')
    WHERE (summed.debit, summed.credit, summed.postings) IS DISTINCT FROM (kept.debit, kept.credit, kept.postings)
  ) THEN
    PERFORM funds_refuse('FU-222', 'the running totals of the period are not the sum of its lines');
  END IF;
  UPDATE funds_period SET state = 'closed' WHERE id = NEW.period_id;
  NEW.number := head.number;
  NEW.digest := head.digest;
  RETURN NEW;
END $$;

-- A period changes only by being closed.
CREATE FUNCTION funds_period_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR pg_trigger_depth() < 2 OR NOT funds_is_owner(TG_RELID) OR OLD.state <> 'open'
      OR NEW.state <> 'closed' OR (NEW.id, NEW.fund_id, NEW.year, NEW.number, NEW.starts_on, NEW.ends_on)
        IS DISTINCT FROM (OLD.id, OLD.fund_id, OLD.year, OLD.number, OLD.starts_on, OLD.ends_on) THEN
    PERFORM funds_refuse('FU-216', 'a period changes only by being closed, and stays closed');
  END IF;
  RETURN NEW;
END $$;

-- Whether a statement runs within a function of whoever owns the table: the seal's own, and no other.
CREATE FUNCTION funds_is_owner(relation oid) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT relowner = (SELECT oid FROM pg_roles WHERE rolname = current_user) FROM pg_class WHERE oid = relation
$$;

CREATE FUNCTION funds_written_by_the_seal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR pg_trigger_depth() < 2 OR NOT funds_is_owner(TG_RELID) THEN
    PERFORM funds_refuse('FU-209', format('%s is written by the database alone', TG_TABLE_NAME));
  END IF;
  RETURN NULL;
END $$;
"""

_TRIGGERS = """
ALTER TABLE funds_posting
  ADD CONSTRAINT funds_posting_of_entry FOREIGN KEY (entry_id, txid, fund_id, period_id, book)
    REFERENCES funds_entry (id, txid, fund_id, period_id, book) DEFERRABLE INITIALLY DEFERRED,
  ADD CONSTRAINT funds_posting_of_account FOREIGN KEY (account_id, fund_id) REFERENCES funds_account (id, fund_id);
ALTER TABLE funds_entryseal ADD CONSTRAINT funds_seal_of_entry FOREIGN KEY (entry_id) REFERENCES funds_entry (id);
ALTER TABLE funds_ledgerhead ADD CONSTRAINT funds_head_of_fund FOREIGN KEY (fund_id) REFERENCES funds_fund (id);

CREATE TRIGGER funds_added AFTER INSERT ON funds_posting REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION funds_posting_added();
CREATE TRIGGER funds_added AFTER INSERT ON funds_entry REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION funds_entry_added();
CREATE CONSTRAINT TRIGGER funds_pair AFTER INSERT ON funds_entry DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.pair IS NOT NULL) EXECUTE FUNCTION funds_pair_checked();
CREATE TRIGGER funds_added BEFORE INSERT ON funds_period FOR EACH ROW EXECUTE FUNCTION funds_period_added();
CREATE TRIGGER sealed_rows BEFORE UPDATE OR DELETE ON funds_period FOR EACH ROW EXECUTE FUNCTION funds_period_changed();
CREATE TRIGGER funds_closing BEFORE INSERT ON funds_periodclosing FOR EACH ROW EXECUTE FUNCTION funds_period_closing();
CREATE TRIGGER funds_written BEFORE INSERT ON funds_entryseal
  FOR EACH STATEMENT EXECUTE FUNCTION funds_written_by_the_seal();
CREATE TRIGGER funds_written BEFORE INSERT ON funds_ledgerhead
  FOR EACH STATEMENT EXECUTE FUNCTION funds_written_by_the_seal();
CREATE TRIGGER sealed_rows BEFORE UPDATE OR DELETE ON funds_ledgerhead
  FOR EACH STATEMENT EXECUTE FUNCTION funds_written_by_the_seal();
CREATE TRIGGER funds_written BEFORE INSERT ON funds_balance
  FOR EACH STATEMENT EXECUTE FUNCTION funds_written_by_the_seal();
CREATE TRIGGER sealed_rows BEFORE UPDATE OR DELETE ON funds_balance
  FOR EACH STATEMENT EXECUTE FUNCTION funds_written_by_the_seal();
CREATE TRIGGER sealed_table BEFORE TRUNCATE ON funds_period FOR EACH STATEMENT EXECUTE FUNCTION joinedup_sealed();
CREATE TRIGGER sealed_table BEFORE TRUNCATE ON funds_ledgerhead FOR EACH STATEMENT EXECUTE FUNCTION joinedup_sealed();
CREATE TRIGGER sealed_table BEFORE TRUNCATE ON funds_balance FOR EACH STATEMENT EXECUTE FUNCTION joinedup_sealed();
ALTER TABLE funds_posting ENABLE ALWAYS TRIGGER funds_added;
ALTER TABLE funds_entry ENABLE ALWAYS TRIGGER funds_added;
ALTER TABLE funds_entry ENABLE ALWAYS TRIGGER funds_pair;
ALTER TABLE funds_period ENABLE ALWAYS TRIGGER funds_added;
ALTER TABLE funds_period ENABLE ALWAYS TRIGGER sealed_rows;
ALTER TABLE funds_periodclosing ENABLE ALWAYS TRIGGER funds_closing;
ALTER TABLE funds_entryseal ENABLE ALWAYS TRIGGER funds_written;
ALTER TABLE funds_ledgerhead ENABLE ALWAYS TRIGGER funds_written;
ALTER TABLE funds_ledgerhead ENABLE ALWAYS TRIGGER sealed_rows;
ALTER TABLE funds_balance ENABLE ALWAYS TRIGGER funds_written;
ALTER TABLE funds_balance ENABLE ALWAYS TRIGGER sealed_rows;
ALTER TABLE funds_period ENABLE ALWAYS TRIGGER sealed_table;
ALTER TABLE funds_ledgerhead ENABLE ALWAYS TRIGGER sealed_table;
ALTER TABLE funds_balance ENABLE ALWAYS TRIGGER sealed_table;
"""

_FUNCTIONS_AWAY = """
DROP FUNCTION funds_refuse, funds_fired_by, funds_posting_added, funds_entry_added, funds_check_entry,
  funds_check_reversal, funds_pair_checked, funds_period_added, funds_period_closing, funds_period_changed,
  funds_is_owner, funds_written_by_the_seal CASCADE
"""


class Migration(migrations.Migration):
    dependencies = [("funds", "0001_initial")]

    operations = [
        MakeTables(
            [
                migrations.CreateModel(
                    name="Entry",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=joinedup.core.models.records.new_id,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "book",
                            models.CharField(
                                choices=[
                                    ("actual", "actual"),
                                    ("budget", "budget"),
                                    ("commitment", "commitment"),
                                    ("memorandum", "memorandum"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("key", models.CharField(max_length=120)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("ordinary", "ordinary"),
                                    ("reversal", "reversal"),
                                    ("accrual", "accrual"),
                                    ("closing", "closing"),
                                    ("opening", "opening"),
                                ],
                                max_length=16,
                            ),
                        ),
                        ("dated_on", models.DateField()),
                        ("lines", models.PositiveIntegerField()),
                        ("pence", models.BigIntegerField()),
                        ("memo", models.CharField(blank=True, max_length=300)),
                        ("source_kind", models.CharField(blank=True, max_length=60)),
                        ("source_id", models.CharField(blank=True, max_length=80)),
                        ("pair", models.UUIDField(null=True)),
                        ("posted_by", models.UUIDField(null=True)),
                        ("approved_by", models.UUIDField(null=True)),
                        ("posted_at", models.DateTimeField()),
                        ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ("txid", models.BigIntegerField(db_default=joinedup.funds.models.ledger._Transaction())),
                        (
                            "fund",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="entries", to="funds.fund"
                            ),
                        ),
                        (
                            "reverses",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reversed_by",
                                to="funds.entry",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="LedgerHead",
                    fields=[
                        (
                            "fund",
                            models.OneToOneField(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                primary_key=True,
                                related_name="ledger_head",
                                serialize=False,
                                to="funds.fund",
                            ),
                        ),
                        ("number", models.BigIntegerField()),
                        ("digest", models.CharField(max_length=64)),
                    ],
                ),
                migrations.CreateModel(
                    name="Period",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=joinedup.core.models.records.new_id,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("year", models.PositiveSmallIntegerField()),
                        ("number", models.PositiveSmallIntegerField()),
                        ("starts_on", models.DateField()),
                        ("ends_on", models.DateField()),
                        ("state", models.CharField(default="open", max_length=6)),
                        (
                            "fund",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="periods", to="funds.fund"
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Account",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=joinedup.core.models.records.new_id,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("code", models.CharField(max_length=20)),
                        ("name", models.CharField(max_length=120)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("asset", "asset"),
                                    ("liability", "liability"),
                                    ("income", "income"),
                                    ("expenditure", "expenditure"),
                                    ("equity", "equity"),
                                ],
                                max_length=12,
                            ),
                        ),
                        (
                            "control",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("", ""),
                                    ("bank", "bank"),
                                    ("partner", "partner"),
                                    ("accrual", "accrual"),
                                    ("carried", "carried"),
                                    ("balancing", "balancing"),
                                    ("suspense", "suspense"),
                                    ("unallocated", "unallocated"),
                                    ("interfund", "interfund"),
                                ],
                                max_length=16,
                            ),
                        ),
                        (
                            "fund",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="accounts", to="funds.fund"
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="EntrySeal",
                    fields=[
                        (
                            "entry",
                            models.OneToOneField(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                primary_key=True,
                                related_name="seal",
                                serialize=False,
                                to="funds.entry",
                            ),
                        ),
                        ("number", models.BigIntegerField()),
                        ("content", models.CharField(max_length=64)),
                        ("digest", models.CharField(max_length=64)),
                    ],
                ),
                migrations.CreateModel(
                    name="PeriodClosing",
                    fields=[
                        (
                            "period",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                primary_key=True,
                                related_name="closing",
                                serialize=False,
                                to="funds.period",
                            ),
                        ),
                        ("closed_by", models.UUIDField(null=True)),
                        ("closed_at", models.DateTimeField()),
                        ("number", models.BigIntegerField(default=0)),
                        ("digest", models.CharField(blank=True, max_length=64)),
                    ],
                ),
                migrations.AddField(
                    model_name="entry",
                    name="period",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="entries", to="funds.period"
                    ),
                ),
                migrations.CreateModel(
                    name="Balance",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("book", models.CharField(max_length=12)),
                        ("is_closing", models.BooleanField()),
                        ("debit", models.BigIntegerField()),
                        ("credit", models.BigIntegerField()),
                        ("postings", models.BigIntegerField()),
                        (
                            "account",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="funds.account",
                            ),
                        ),
                        (
                            "fund",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="funds.fund",
                            ),
                        ),
                        (
                            "line",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="funds.budgetline",
                            ),
                        ),
                        (
                            "partner",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="funds.agreementpartner",
                            ),
                        ),
                        (
                            "scheme",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="funds.scheme",
                            ),
                        ),
                        (
                            "stream",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="funds.fundingstream",
                            ),
                        ),
                        (
                            "period",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="funds.period",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Posting",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("txid", models.BigIntegerField(db_default=joinedup.funds.models.ledger._Transaction())),
                        ("place", models.PositiveIntegerField()),
                        ("book", models.CharField(max_length=12)),
                        ("tier", models.CharField(blank=True, max_length=16)),
                        ("vat_code", models.CharField(blank=True, max_length=12)),
                        ("pence", models.BigIntegerField()),
                        ("memo", models.CharField(blank=True, max_length=200)),
                        (
                            "account",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="postings",
                                to="funds.account",
                            ),
                        ),
                        (
                            "entry",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="postings",
                                to="funds.entry",
                            ),
                        ),
                        (
                            "fund",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="funds.fund",
                            ),
                        ),
                        (
                            "line",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="postings",
                                to="funds.budgetline",
                            ),
                        ),
                        (
                            "partner",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="postings",
                                to="funds.agreementpartner",
                            ),
                        ),
                        (
                            "period",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="funds.period",
                            ),
                        ),
                        (
                            "scheme",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="postings",
                                to="funds.scheme",
                            ),
                        ),
                        (
                            "stream",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="postings",
                                to="funds.fundingstream",
                            ),
                        ),
                    ],
                ),
                migrations.AddConstraint(
                    model_name="account",
                    constraint=models.UniqueConstraint(fields=("fund", "code"), name="funds_account_once"),
                ),
                migrations.AddConstraint(
                    model_name="account",
                    constraint=models.UniqueConstraint(fields=("id", "fund"), name="funds_account_of_fund"),
                ),
                migrations.AddConstraint(
                    model_name="account",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    joinedup.engines.ledger.Kind["ASSET"],
                                    joinedup.engines.ledger.Kind["LIABILITY"],
                                    joinedup.engines.ledger.Kind["INCOME"],
                                    joinedup.engines.ledger.Kind["EXPENDITURE"],
                                    joinedup.engines.ledger.Kind["EQUITY"],
                                ],
                            )
                        ),
                        name="funds_account_kind",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="account",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            (
                                "control__in",
                                [
                                    joinedup.engines.ledger.Control["NONE"],
                                    joinedup.engines.ledger.Control["BANK"],
                                    joinedup.engines.ledger.Control["PARTNER"],
                                    joinedup.engines.ledger.Control["ACCRUAL"],
                                    joinedup.engines.ledger.Control["CARRIED"],
                                    joinedup.engines.ledger.Control["BALANCING"],
                                    joinedup.engines.ledger.Control["SUSPENSE"],
                                    joinedup.engines.ledger.Control["UNALLOCATED"],
                                    joinedup.engines.ledger.Control["INTERFUND"],
                                ],
                            )
                        ),
                        name="funds_account_control",
                    ),
                ),
                migrations.AddField(
                    model_name="entryseal",
                    name="fund",
                    field=models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="funds.fund",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="period",
                    constraint=models.UniqueConstraint(fields=("fund", "year", "number"), name="funds_period_once"),
                ),
                migrations.AddConstraint(
                    model_name="period",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))), name="funds_period_dates"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="period",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "closed"])), name="funds_period_state"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="period",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("number__gte", 1), ("number__lte", 12)), name="funds_period_number"
                    ),
                ),
                migrations.AddIndex(
                    model_name="entry",
                    index=models.Index(fields=["fund", "dated_on", "id"], name="funds_entry_dated"),
                ),
                migrations.AddIndex(
                    model_name="entry",
                    index=models.Index(fields=["source_kind", "source_id"], name="funds_entry_source"),
                ),
                migrations.AddIndex(
                    model_name="entry",
                    index=models.Index(
                        condition=models.Q(("pair__isnull", False)), fields=["pair"], name="funds_entry_pair"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="entry",
                    constraint=models.UniqueConstraint(fields=("fund", "key"), name="funds_entry_once"),
                ),
                migrations.AddConstraint(
                    model_name="entry",
                    constraint=models.UniqueConstraint(
                        fields=("id", "txid", "fund", "period", "book"), name="funds_entry_stamp"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="entry",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("lines__gte", 2)), name="funds_entry_two_lines"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="entry",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            (
                                "book__in",
                                [
                                    joinedup.engines.ledger.Book["ACTUAL"],
                                    joinedup.engines.ledger.Book["BUDGET"],
                                    joinedup.engines.ledger.Book["COMMITMENT"],
                                    joinedup.engines.ledger.Book["MEMORANDUM"],
                                ],
                            )
                        ),
                        name="funds_entry_book",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="entry",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    joinedup.engines.ledger.EntryKind["ORDINARY"],
                                    joinedup.engines.ledger.EntryKind["REVERSAL"],
                                    joinedup.engines.ledger.EntryKind["ACCRUAL"],
                                    joinedup.engines.ledger.EntryKind["CLOSING"],
                                    joinedup.engines.ledger.EntryKind["OPENING"],
                                ],
                            )
                        ),
                        name="funds_entry_kind",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="entry",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind", joinedup.engines.ledger.EntryKind["REVERSAL"]), ("reverses__isnull", False)
                            ),
                            models.Q(
                                models.Q(("kind", joinedup.engines.ledger.EntryKind["REVERSAL"]), _negated=True),
                                ("reverses__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="funds_entry_reversal",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="entry",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("key", ""), _negated=True), name="funds_entry_key"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="balance",
                    constraint=models.UniqueConstraint(
                        fields=("period", "book", "is_closing", "account", "line", "scheme", "partner", "stream"),
                        name="funds_balance_once",
                        nulls_distinct=False,
                    ),
                ),
                migrations.AddIndex(
                    model_name="posting",
                    index=models.Index(fields=["account", "book", "-id"], name="funds_posting_account"),
                ),
                migrations.AddIndex(
                    model_name="posting",
                    index=models.Index(
                        condition=models.Q(("line__isnull", False)), fields=["line", "-id"], name="funds_posting_line"
                    ),
                ),
                migrations.AddIndex(
                    model_name="posting",
                    index=models.Index(
                        condition=models.Q(("partner__isnull", False)),
                        fields=["partner", "-id"],
                        name="funds_posting_partner",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="posting",
                    constraint=models.UniqueConstraint(fields=("entry", "place"), name="funds_posting_place"),
                ),
                migrations.AddConstraint(
                    model_name="posting",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("pence", 0), _negated=True), name="funds_posting_not_nought"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="entryseal",
                    constraint=models.UniqueConstraint(fields=("fund", "number"), name="funds_seal_number"),
                ),
            ]
        ),
        migrations.RunSQL(_FUNCTIONS, _FUNCTIONS_AWAY),
        *seal_table("funds_account"),
        *seal_table("funds_periodclosing"),
        *seal_table("funds_entry"),
        *seal_table("funds_posting"),
        *seal_table("funds_entryseal"),
        migrations.RunSQL(_TRIGGERS, migrations.RunSQL.noop),
    ]
