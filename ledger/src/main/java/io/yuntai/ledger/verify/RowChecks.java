package io.yuntai.ledger.verify;

import java.util.List;

/** All rules that queries judge. Numbers in the comments are those of the ledger's invariants. */
final class RowChecks {
  static final List<RowCheck> ALL =
      List.of(
          // I1
          new RowCheck(
              "counters-within-limits",
              "What is settled and leased of a counter never exceeds its limit.",
              "select count(*) from counter",
              """
              select format('counter %s: settled %s + leased %s, limit %s', id, settled, leased, limit_amt) from counter
              where settled < 0 or leased < 0 or settled::numeric + leased > limit_amt or limit_amt < wanted_limit order by id\
              """),
          // I2
          new RowCheck(
              "leases-add-up",
              "A counter's leased amount is what its open leases have left.",
              "select count(*) from lease",
              """
              select format('counter %s: leased %s, its open leases have %s left', k.id, k.leased, coalesce(l.open, 0))
              from counter k left join (
                select counter_id, sum(granted - settled - returned) as open from lease where not closed group by counter_id
              ) l on l.counter_id = k.id
              where k.leased <> coalesce(l.open, 0) order by k.id\
              """),
          new RowCheck(
              "leases-within-grants",
              "A lease settles and returns no more than was granted, and all of it when it is closed.",
              "select count(*) from lease",
              """
              select format('lease %s: granted %s, settled %s, returned %s', id, granted, settled, returned) from lease
              where settled < 0 or returned < 0 or settled::numeric + returned > granted
                or (closed and settled::numeric + returned <> granted) order by id\
              """),
          new RowCheck(
              "counters-as-booked",
              "What a counter has settled is the sum of what entries of the ledger took from it.",
              "select count(*) from counter_entry",
              """
              select format('counter %s: settled %s, entries say %s', k.id, k.settled, coalesce(e.amount, 0))
              from counter k left join (
                select counter_id, sum(amount) as amount from counter_entry group by counter_id) e on e.counter_id = k.id
              where k.settled <> coalesce(e.amount, 0) order by k.id\
              """),
          // I5
          new RowCheck(
              "requests-once",
              "A request has one usage row, on the day of its id.",
              "select count(*) from usage_rec",
              """
              select format('request %s: %s rows', request_id, count(*)) from usage_rec
              group by request_id having count(*) > 1 order by request_id\
              """),
          // I8
          new RowCheck(
              "accounts-balance",
              "The balances of an organisation's accounts sum to zero in each currency.",
              "select count(*) from transfer",
              """
              select format('organisation %s: %s %s', org_id, sum(amount), currency) from (
                select org_id, currency, amount_nano::numeric as amount from transfer t
                  where exists (select from account a where a.org_id = t.org_id and a.currency = t.currency and a.kind = t.debit)
                union all
                select org_id, currency, -amount_nano::numeric from transfer t
                  where exists (select from account a where a.org_id = t.org_id and a.currency = t.currency and a.kind = t.credit)
              ) s group by org_id, currency having sum(amount) <> 0 order by 1\
              """),
          new RowCheck(
              "transfers-move-money",
              "A transfer moves a positive amount between two accounts.",
              "select count(*) from transfer",
              """
              select format('transfer %s of entry %s of organisation %s: %s', line, seq, org_id, amount_nano) from transfer
              where amount_nano <= 0 or debit = credit order by org_id, seq, line\
              """),
          // I9; the other half, that the body is their Merkle root, is the chains' check.
          new RowCheck(
              "usage-as-booked",
              "An entry's usage rows cost what its transfers book as revenue.",
              "select count(*) from ledger_tx where kind = 'usage'",
              """
              select format('entry %s of organisation %s: usage %s, booked %s', seq, org_id, used, booked) from (
                select org_id, seq, sum(used) as used, sum(booked) as booked from (
                  select org_id, seq, sum(amount_nano) as used, 0::numeric as booked from usage_rec group by org_id, seq
                  union all
                  select org_id, seq, amount_nano, 0 from seal_entry
                  union all
                  select t.org_id, t.seq, 0, t.amount_nano from transfer t join ledger_tx x using (org_id, seq)
                    where t.credit = 'revenue' and x.kind = 'usage'
                ) a group by org_id, seq) s
              where used <> booked order by org_id, seq\
              """),
          // I16
          new RowCheck(
              "credit-as-booked",
              "What a grant of credit has paid is the sum of its entries, and no more than the grant.",
              "select count(*) from credit_used",
              """
              select format('credit %s: %s of %s used, entries say %s', u.grant_id, u.used_nano, u.amount_nano, coalesce(e.amount, 0))
              from credit_used u left join (
                select grant_id, sum(amount_nano) as amount from credit_entry group by grant_id) e on e.grant_id = u.grant_id
              where u.used_nano <> coalesce(e.amount, 0) or u.used_nano < 0 or u.used_nano > u.amount_nano order by u.grant_id\
              """),
          new RowCheck(
              "prepaid-is-owed",
              "What an organisation has paid for and not got is its paid credit that is left.",
              "select count(*) from credit_used",
              """
              select format('organisation %s: prepaid %s, paid credit left %s', o.id, coalesce(t.owed, 0), coalesce(u.unspent, 0))
              from org o left join (
                select org_id, sum(case 'prepaid' when credit then amount_nano when debit then -amount_nano else 0 end) as owed
                from transfer group by org_id) t on t.org_id = o.id
              left join (
                select u.org_id, sum(u.amount_nano - u.used_nano) as unspent
                from credit_used u join credit_grant g on g.id = u.grant_id where g.kind in ('plan', 'paid') group by u.org_id
              ) u on u.org_id = o.id
              where coalesce(t.owed, 0) <> coalesce(u.unspent, 0) order by o.id\
              """),
          // I17
          new RowCheck(
              "epochs-were-given",
              "A lease was granted to an epoch that its node has had.",
              "select count(*) from lease",
              """
              select format('lease %s: epoch %s of node %s, which is at %s', l.id, l.epoch, n.id, n.epoch)
              from lease l left join node n on n.id = l.node_id where n.id is null or l.epoch > n.epoch or l.epoch < 1 order by l.id\
              """),
          // I21
          new RowCheck(
              "usage-within-organisations",
              "A usage row's project and key are its organisation's.",
              "select count(*) from usage_rec",
              """
              select format('project %s or key %s in %s rows of organisation %s', project_id, key_id, rows, org_id) from (
                select org_id, project_id, key_id, count(*) as rows from usage_rec group by org_id, project_id, key_id) u
              where (project_id <> 0 and not exists (select from project p where p.org_id = u.org_id and p.id = u.project_id))
                or (key_id <> 0 and not exists (select from api_key k where k.org_id = u.org_id and k.id = u.key_id))
              order by org_id, project_id, key_id\
              """),
          new RowCheck(
              "counters-within-organisations",
              "Leases and entries are on counters of their own organisation.",
              "select (select count(*) from lease) + (select count(*) from counter_entry)",
              """
              select what from (
                select format('lease %s of organisation %s on counter %s of %s', l.id, l.org_id, k.id, k.org_id) as what
                from lease l join counter k on k.id = l.counter_id where l.org_id <> k.org_id
                union all
                select format('entry %s of organisation %s on counter %s of %s', e.seq, e.org_id, k.id, k.org_id)
                from counter_entry e join counter k on k.id = e.counter_id where e.org_id <> k.org_id) s order by what\
              """));

  private RowChecks() {}
}
