"""The ledger's seal works set by set, and entries come in by one call (docs/adr/0018, docs/adr/0021).

What is checked and what is hashed stays as it was. The entry's trigger finds the first fault and the digests of all entries
by one statement, and one statement writes their seals; `funds_post` takes headings by their codes and days as they are, so
that an entry costs one way there and back.
"""

import django.db.models.deletion
from django.db import migrations, models

_FUNCTIONS = r"""
-- Whether a statement runs with the rights of the table's owner: within the seal's own function, and no other. Asked by
-- what only an owner may do, and by the schema's name: pg_temp comes first otherwise, and a session could bring a catalogue
-- of its own.
CREATE OR REPLACE FUNCTION funds_is_owner(relation oid) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT pg_catalog.has_table_privilege(relation, 'TRUNCATE')
$$;

CREATE OR REPLACE FUNCTION funds_posting_added() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = public, pg_temp SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
  SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  is_stamped boolean;
  late text;
BEGIN
  IF TG_RELID <> 'public.funds_posting'::regclass THEN
    PERFORM funds_refuse('FU-209', 'the seal of the ledger serves no other table');
  END IF;
  SELECT bool_and(added.txid = txid_current()), min(entry.key) INTO is_stamped, late
    FROM added LEFT JOIN funds_entry AS entry ON entry.id = added.entry_id;
  IF NOT is_stamped THEN
    PERFORM funds_refuse('FU-207', 'a line carries the stamp of another transaction');
  END IF;
  IF late IS NOT NULL THEN
    PERFORM funds_refuse('FU-207', format('entry %s is posted already, and a posted entry gets no more lines', late));
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION funds_entry_added() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = public, pg_temp SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
  SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  fund uuid;
  funds uuid[];
  last_number bigint;
  last_digest text;
  ids uuid[];
  contents text[];
  digests text[];
  each text;
  fault text;
  reverses boolean;
  reversal record;
BEGIN
  IF TG_RELID <> 'public.funds_entry'::regclass THEN
    PERFORM funds_refuse('FU-209', 'the seal of the ledger serves no other table');
  END IF;
  -- One fund after another, always in the same order; whoever posts to a fund waits here for whoever posts before.
  SELECT array_agg(DISTINCT added.fund_id ORDER BY added.fund_id) INTO funds FROM added;
  FOREACH fund IN ARRAY coalesce(funds, '{}') LOOP
    SELECT head.number, head.digest INTO last_number, last_digest FROM funds_ledgerhead AS head WHERE head.fund_id = fund FOR UPDATE;
    IF NOT FOUND THEN
      INSERT INTO funds_ledgerhead (fund_id, number, digest) VALUES (fund, 0, repeat('0', 64)) ON CONFLICT DO NOTHING;
      SELECT head.number, head.digest INTO last_number, last_digest FROM funds_ledgerhead AS head WHERE head.fund_id = fund FOR UPDATE;
    END IF;
    -- FOR SHARE and not FOR KEY SHARE: it must stop the closing of the period, which is an UPDATE.
    PERFORM 1 FROM funds_period WHERE id IN (SELECT period_id FROM added WHERE fund_id = fund) ORDER BY id FOR SHARE;
    SELECT array_agg(seen.id ORDER BY seen.id), array_agg(seen.content ORDER BY seen.id),
        (array_agg(seen.fault ORDER BY seen.id) FILTER (WHERE seen.fault IS NOT NULL))[1], bool_or(seen.reverses)
      INTO ids, contents, fault, reverses
      FROM (
        SELECT entry.id, entry.reverses_id IS NOT NULL AS reverses,
          CASE
            WHEN entry.txid <> txid_current() THEN 'FU-207: entry ' || entry.key || ' carries the stamp of another transaction'
            WHEN period.id IS NULL OR period.fund_id <> entry.fund_id
                OR NOT entry.dated_on BETWEEN period.starts_on AND period.ends_on
              THEN 'FU-205: the day of entry ' || entry.key || ' lies outside its period, or the period is another fund''s'
            WHEN period.state <> 'open' THEN 'FU-206: the period of entry ' || entry.key || ' is closed'
            WHEN found.counted < 2 OR found.counted <> entry.lines
              THEN format('FU-201: entry %s has %s lines and says %s', entry.key, found.counted, entry.lines)
            WHEN NOT found.is_of_entry
              THEN 'FU-213: the lines of entry ' || entry.key || ' are not all in its fund, period, book and transaction'
            WHEN NOT found.is_under_headings THEN 'FU-204: a heading of entry ' || entry.key || ' belongs to another fund'
            WHEN NOT found.is_of_fund
              THEN 'FU-214: a line, scheme or partner of entry ' || entry.key || ' belongs to another fund'
            WHEN found.total <> 0 OR found.debits <> entry.pence
              THEN format('FU-202: the lines of entry %s come to %s pence and its debits to %s', entry.key, found.total, found.debits)
            WHEN found.is_interfund AND entry.pair IS NULL
              THEN 'FU-218: entry ' || entry.key || ' goes to another fund without its counterpart'
          END AS fault,
          encode(sha256(convert_to(json_build_array(
            1, entry.id, entry.fund_id, entry.key, entry.book, entry.kind, entry.period_id,
            to_char(entry.dated_on, 'YYYY-MM-DD'), entry.memo, entry.source_kind, entry.source_id, entry.reverses_id,
            entry.pair, entry.posted_by, entry.approved_by, (extract(epoch FROM entry.posted_at) * 1000000)::bigint,
            found.content)::text, 'UTF8')), 'hex') AS content
        FROM added AS entry
        LEFT JOIN funds_fund AS owner ON owner.id = entry.fund_id
        LEFT JOIN funds_period AS period ON period.id = entry.period_id
        CROSS JOIN LATERAL (
          SELECT count(*) AS counted, coalesce(sum(p.pence), 0) AS total,
            coalesce(sum(p.pence) FILTER (WHERE p.pence > 0), 0) AS debits,
            bool_and(p.txid = entry.txid AND p.fund_id = entry.fund_id AND p.period_id = entry.period_id
              AND p.book = entry.book) AS is_of_entry,
            bool_and(account.fund_id IS NOT DISTINCT FROM entry.fund_id) AS is_under_headings,
            bool_and(coalesce((p.line_id IS NULL OR line.fund_id = entry.fund_id)
              AND (p.scheme_id IS NULL OR scheme.fund_id = entry.fund_id)
              AND (p.partner_id IS NULL OR partner.agreement_id = owner.agreement_id), false)) AS is_of_fund,
            coalesce(bool_or(account.control = 'interfund'), false) AS is_interfund,
            json_agg(json_build_array(p.place, p.account_id, p.line_id, p.scheme_id, p.partner_id, p.stream_id, p.tier,
              p.vat_code, p.pence, p.memo) ORDER BY p.place) AS content
          FROM funds_posting AS p
          LEFT JOIN funds_account AS account ON account.id = p.account_id
          LEFT JOIN funds_budgetline AS line ON line.id = p.line_id
          LEFT JOIN funds_scheme AS scheme ON scheme.id = p.scheme_id
          LEFT JOIN funds_agreementpartner AS partner ON partner.id = p.partner_id
          WHERE p.entry_id = entry.id
        ) AS found
        WHERE entry.fund_id = fund
      ) AS seen;
    IF fault IS NOT NULL THEN
      RAISE EXCEPTION USING MESSAGE = fault, ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF reverses THEN
      FOR reversal IN SELECT id, key, reverses_id FROM added WHERE fund_id = fund AND reverses_id IS NOT NULL ORDER BY id LOOP
        PERFORM funds_check_reversal(reversal.id, reversal.key, reversal.reverses_id);
      END LOOP;
    END IF;
    -- The chain, and then the totals.
    digests := '{}';
    FOREACH each IN ARRAY contents LOOP
      last_digest := encode(sha256(convert_to(last_digest || each, 'UTF8')), 'hex');
      digests := array_append(digests, last_digest);
    END LOOP;
    INSERT INTO funds_entryseal (entry_id, fund_id, number, content, digest)
      SELECT s.id, fund, last_number + s.place, s.content, s.digest
      FROM unnest(ids, contents, digests) WITH ORDINALITY AS s (id, content, digest, place);
    UPDATE funds_ledgerhead SET number = last_number + cardinality(ids), digest = last_digest WHERE fund_id = fund;
    INSERT INTO funds_balance AS total (fund_id, period_id, book, is_closing, account_id, line_id, scheme_id, partner_id,
        stream_id, debit, credit, postings)
      SELECT fund, p.period_id, p.book, entry.kind = 'closing', p.account_id, p.line_id, p.scheme_id, p.partner_id, p.stream_id,
        coalesce(sum(p.pence) FILTER (WHERE p.pence > 0), 0), coalesce(-sum(p.pence) FILTER (WHERE p.pence < 0), 0), count(*)
      FROM added AS entry JOIN funds_posting AS p ON p.entry_id = entry.id
      WHERE entry.fund_id = fund GROUP BY 2, 3, 4, 5, 6, 7, 8, 9
      ON CONFLICT (period_id, book, is_closing, account_id, line_id, scheme_id, partner_id, stream_id)
        DO UPDATE SET debit = total.debit + excluded.debit, credit = total.credit + excluded.credit,
          postings = total.postings + excluded.postings;
    -- The end of the chain.
  END LOOP;
  RETURN NULL;
END $$;

DROP FUNCTION funds_check_entry(record), funds_fired_by(oid, text);

-- Entries of one fund with their lines, all or none, by headings' codes and days; with the rights of whoever calls it.
-- `entries` and `lines` are arrays of objects; a line names its entry, with its book and day. What the database refused comes back as
-- text, with nothing written, so that a caller need not set a savepoint.
CREATE FUNCTION funds_post(of_fund uuid, entries json, lines json, OUT refused text, OUT number bigint, OUT digest text)
  LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  INSERT INTO funds_posting (entry_id, place, fund_id, period_id, book, account_id, scheme_id, line_id, partner_id, stream_id,
      tier, vat_code, pence, memo)
    SELECT l.e, l.n, of_fund, period.id, l.b, account.id, l.s, l.l, l.w, l.f, coalesce(l.t, ''), coalesce(l.v, ''), l.p,
      coalesce(l.m, '')
    FROM json_to_recordset(lines) AS l (e uuid, n int, b text, d date, a text, p bigint, l uuid, s uuid, w uuid, f uuid, t text,
      v text, m text)
    LEFT JOIN funds_account AS account ON account.fund_id = of_fund AND account.code = l.a
    LEFT JOIN funds_period AS period ON period.fund_id = of_fund AND l.d BETWEEN period.starts_on AND period.ends_on
    ORDER BY l.e, l.n;
  -- By key, so that two who post the same wait for each other and never in a ring.
  INSERT INTO funds_entry (id, fund_id, period_id, book, key, kind, dated_on, lines, pence, memo, source_kind, source_id,
      reverses_id, pair, posted_by, approved_by, posted_at)
    SELECT e.id, of_fund, period.id, e.book, e.key, e.kind, e.dated_on, e.lines, e.pence, coalesce(e.memo, ''),
      coalesce(e.source_kind, ''), coalesce(e.source_id, ''), e.reverses, e.pair, e.posted_by, e.approved_by, e.posted_at
    FROM json_to_recordset(entries) AS e (id uuid, book text, key text, kind text, dated_on date, lines int, pence bigint,
      memo text, source_kind text, source_id text, reverses uuid, pair uuid, posted_by uuid, approved_by uuid,
      posted_at timestamptz)
    LEFT JOIN funds_period AS period ON period.fund_id = of_fund AND e.dated_on BETWEEN period.starts_on AND period.ends_on
    ORDER BY e.key COLLATE "C";
  SELECT head.number, head.digest INTO number, digest FROM funds_ledgerhead AS head WHERE head.fund_id = of_fund;
EXCEPTION WHEN integrity_constraint_violation THEN
  refused := SQLERRM;
END $$;

CREATE OR REPLACE FUNCTION funds_period_closing() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = public, pg_temp AS $$
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
  IF (NEW.closed_at AT TIME ZONE 'Europe/London')::date <= closes.ends_on THEN
    PERFORM funds_refuse('FU-232', format('the period ends on %s and closes after it', closes.ends_on));
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
"""


class Migration(migrations.Migration):
    dependencies = [("funds", "0006_invoices_disputes_leaving")]

    # Headings, months and entries are never removed, and the head of its ledger keeps a fund: what the entry's trigger
    # has looked at need not be looked at again row by row.
    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE funds_posting DROP CONSTRAINT funds_posting_of_account;
            ALTER TABLE funds_entryseal DROP CONSTRAINT funds_seal_of_entry;
            """,
            migrations.RunSQL.noop,
        ),
        migrations.AlterField(
            model_name="entry",
            name="period",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="entries",
                to="funds.period",
            ),
        ),
        migrations.AlterField(
            model_name="entry",
            name="fund",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="entries",
                to="funds.fund",
            ),
        ),
        migrations.RunSQL(_FUNCTIONS, migrations.RunSQL.noop),
    ]
