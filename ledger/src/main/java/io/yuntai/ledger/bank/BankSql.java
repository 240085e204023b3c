package io.yuntai.ledger.bank;

/**
 * The statements on which exactness rests, in one value so that tests can put a wrong one in its
 * place and see that it is caught.
 *
 * <p>Locks are taken in one order by all of them: counters by id over the whole batch, then chain
 * heads by organisation, then credit. Leases are changed only under their counter's lock. So
 * nothing can deadlock, and READ COMMITTED is enough: every rule is a CHECK on one locked row.
 */
record BankSql(
    String fence,
    String lockCounters,
    String grant,
    String recall,
    String lockLeasedCounters,
    String leases,
    String lockHeads,
    String insertUsage,
    String settleLeases,
    String close,
    String shrink,
    String renew) {

  static final BankSql STANDARD =
      new BankSql(
          "select 1 from node where id = ? and epoch = ? for share",
          "select 1 from counter where id = any(?::bigint[]) order by id for update",
          """
          with w as (select * from unnest(?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[]) as t(id, wanted, least, needed)),
          t as materialized (select clock_timestamp() as now),
          a as materialized (
            select greatest(count(*), 1) as nodes from node, t where seen_at > t.now - ? * interval '1 microsecond'),
          g as materialized (
            select k.id, k.org_id, upper(k.win) as win_end, k.wanted_limit, k.limit_amt - k.settled - k.leased as free,
              case when o.fail_mode = 'open' then interval '1 hour' else interval '0' end as at_least,
              least(k.limit_amt - k.settled - k.leased, greatest(w.needed,
                least(w.wanted, (k.limit_amt - k.settled - k.leased) / (2 * a.nodes)),
                case when o.fail_mode = 'open' then least(k.limit_amt / 10, (k.limit_amt - k.settled - k.leased) / (2 * a.nodes)) end)) as amount
            from counter k join w on w.id = k.id join org o on o.id = k.org_id cross join t cross join a
            where coalesce(lower(k.win), '-infinity') <= t.now
              and coalesce(upper(k.win), 'infinity') > t.now - interval '1 hour'
              and k.limit_amt - k.settled - k.leased >= w.least),
          u as (update counter k set leased = k.leased + g.amount from g where k.id = g.id),
          l as (insert into lease (org_id, counter_id, node_id, epoch, granted, expires_at)
          select org_id, id, ?, ?, amount, least(t.now + greatest(? * interval '1 microsecond', g.at_least),
            case when win_end > t.now then win_end end) from g, t
          returning id, counter_id, granted, expires_at)
          select l.id, l.counter_id, l.granted, (extract(epoch from l.expires_at - clock_timestamp()) * 1000000)::bigint,
            g.wanted_limit, g.free - g.amount from l join g on g.id = l.counter_id\
          """,
          """
          update lease set recalled = true
          where counter_id = any(?::bigint[]) and not closed and not recalled and node_id <> ?\
          """,
          """
          select id, org_id, unit, is_wallet from counter
          where id in (select counter_id from lease where id = any(?::bigint[])) order by id for update\
          """,
          """
          select id, org_id, counter_id, granted - settled - returned from lease where id = any(?::bigint[])\
          """,
          """
          select h.org_id, h.seq, h.hash, greatest(h.at, clock_timestamp()), o.currency, o.billing
          from chain_head h join org o on o.id = h.org_id
          where h.org_id = any(?::bigint[]) order by h.org_id for update of h\
          """,
          """
          insert into usage_rec (request_id, org_id, project_id, user_id, key_id, seq, at, card_id, amount_nano, model_id,
            input, cache_hit, cache_write, output, reasoning, residue_pico, class, status)
          select r, o, p, u, k, s, timestamptz 'epoch' + a * interval '1 microsecond', c, n, m, i, ch, cw, ou, re, x, cl, st
          from unnest(?::uuid[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[],
            ?::bigint[], ?::int[], ?::int[], ?::int[], ?::int[], ?::int[], ?::int[], ?::smallint[], ?::smallint[],
            ?::smallint[]) as t(r, o, p, u, k, s, a, c, n, m, i, ch, cw, ou, re, x, cl, st)
          on conflict (request_id) do nothing returning request_id\
          """,
          """
          with x as (
            update lease z set settled = z.settled + d.amount
            from unnest(?::bigint[], ?::bigint[]) as d(id, amount) where z.id = d.id
            returning z.counter_id, d.amount)
          update counter k set settled = k.settled + s.amount, leased = k.leased - s.amount
          from (select counter_id, sum(amount)::bigint as amount from x group by counter_id) s where k.id = s.counter_id\
          """,
          """
          with c as (
            select id, counter_id, granted - settled - returned as back from lease
            where id = any(?::bigint[]) and not closed),
          x as (
            update lease z set returned = z.granted - z.settled, closed = true from c where z.id = c.id)
          update counter k set leased = k.leased - s.amount,
            limit_amt = greatest(k.wanted_limit, k.settled + k.leased - s.amount)
          from (select counter_id, sum(back)::bigint as amount from c group by counter_id) s where k.id = s.counter_id\
          """,
          """
          with c as (
            select z.id, z.counter_id, z.granted - d.kept - z.returned as back
            from lease z join unnest(?::bigint[], ?::bigint[]) as d(id, kept) on z.id = d.id
            where not z.closed and z.node_id = ? and d.kept >= z.settled and z.granted - d.kept > z.returned),
          x as (
            update lease z set returned = z.returned + c.back from c where z.id = c.id)
          update counter k set leased = k.leased - s.amount,
            limit_amt = greatest(k.wanted_limit, k.settled + k.leased - s.amount)
          from (select counter_id, sum(back)::bigint as amount from c group by counter_id) s where k.id = s.counter_id\
          """,
          """
          update lease set expires_at = greatest(expires_at, clock_timestamp() + ? * interval '1 microsecond')
          where id = any(?::bigint[]) and not closed and node_id = ? returning id\
          """);
}
