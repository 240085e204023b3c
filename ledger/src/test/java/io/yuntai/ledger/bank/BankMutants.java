package io.yuntai.ledger.bank;

import java.util.LinkedHashMap;
import java.util.Map;

/** Banks with one wrong statement each, by what is wrong. A test that misses one misses a bug. */
final class BankMutants {
  private final Map<String, BankSql> all = new LinkedHashMap<>();

  private BankMutants() {}

  static Map<String, BankSql> all() {
    BankMutants mutants = new BankMutants();
    mutants.grants(BankSql.STANDARD.grant());
    mutants.recalls(BankSql.STANDARD.recall());
    mutants.settlement(BankSql.STANDARD);
    mutants.returns(BankSql.STANDARD.close(), BankSql.STANDARD.shrink());
    mutants.chains(BankSql.STANDARD.lockHeads());
    mutants.add("the epoch is not asked for", BankSql.STANDARD.fence(), "epoch = ?", "epoch >= ?");
    return mutants.all;
  }

  private void grants(String grant) {
    add("grants ignore the limit", grant, "k.limit_amt - k.settled - k.leased", "w.wanted * 4");
    add("grants ignore what is leased", grant, " - k.leased", "");
    add("grants ignore what is settled", grant, " - k.settled", "");
    add("a grant takes all that is left", grant, "/ (2 * a.nodes)", "");
    add("a grant ignores other nodes", grant, "2 * a.nodes", "2");
    add("a grant is less than is needed", grant, "greatest(w.needed,", "greatest(1,");
    add("a grant is never more than its least", grant, "least(w.wanted,", "least(w.least,");
    add("grants need not be possible", grant, "k.leased >= w.least", "k.leased >= 1");
    add("grants are not counted", grant, "k.leased + g.amount", "k.leased");
    add("grants replace what is leased", grant, "= k.leased + g.amount", "= g.amount");
    add("dead nodes have a share", grant, "> t.now - ", "> timestamptz 'epoch' - ");
    add("leases are over at once", grant, "least(t.now +", "least(timestamptz 'epoch' +");
    add(
        "leases are of another epoch",
        grant,
        "org_id, id, ?, ?, amount",
        "org_id, id, ?, ? + 99, amount");
  }

  private void recalls(String recall) {
    add("nobody is recalled", recall, "not recalled", "recalled");
    add("the asker is recalled", recall, "node_id <> ?", "node_id = ?");
    add("closed leases are recalled only", recall, "not closed", "closed");
  }

  private void settlement(BankSql s) {
    String once = "on conflict (request_id) do nothing";
    add(
        "duplicates are charged",
        s.insertUsage(),
        once,
        "on conflict (request_id) do update set status = excluded.status");
    add("duplicates are an error", s.insertUsage(), once, "");
    add("tokens are swapped", s.insertUsage(), "ou, re, x, cl, st\n", "re, ou, x, cl, st\n");
    add(
        "times are cut",
        s.insertUsage(),
        "a * interval '1 microsecond'",
        "a / 1000 * interval '1 millisecond'");
    add(
        "users and keys are swapped",
        s.insertUsage(),
        "p, u, k, s, timestamptz",
        "p, k, u, s, timestamptz");
    add(
        "usage belongs to the next entry",
        s.insertUsage(),
        "u, k, s, timestamptz",
        "u, k, s + 1, timestamptz");
    add(
        "usage costs nothing",
        s.insertUsage(),
        "c, n, m, i, ch, cw, ou, re, x, cl, st\n",
        "c, 0, m, i, ch, cw, ou, re, x, cl, st\n");
    add("closed leases settle", s.leases(), "granted - settled - returned", "granted - settled");
    add("leases settle twice", s.leases(), "granted - settled - returned", "granted - returned");
    add("leases stay as they are", s.settleLeases(), "z.settled + d.amount", "z.settled");
    add("counters stay leased", s.settleLeases(), ", leased = k.leased - s.amount", "");
    add(
        "counters settle nothing",
        s.settleLeases(),
        "settled = k.settled + s.amount, leased",
        "leased");
    add("only the largest draw counts", s.settleLeases(), "sum(amount)", "max(amount)");
    add(
        "draws are counted once more",
        s.settleLeases(),
        "k.settled + s.amount",
        "k.settled + 2 * s.amount");
    add("leases are of any counter", s.leases(), "org_id, counter_id", "org_id, counter_id + 1");
  }

  private void returns(String close, String shrink) {
    String back = "granted - settled - returned as back";
    add("closing returns all that was granted", close, back, "granted as back");
    add("closing returns what was settled", close, back, "granted - returned as back");
    add("closing returns what was returned", close, back, "granted - settled as back");
    add(
        "closing returns nothing",
        close,
        "set leased = k.leased - s.amount",
        "set leased = k.leased");
    add("closing leaves leases open", close, ", closed = true", "");
    String limit = "greatest(k.wanted_limit, k.settled + k.leased - s.amount)";
    add("limits never sink", close, limit, "k.limit_amt");
    add("limits sink at once", close, limit, "k.wanted_limit");
    String kept = "z.granted - d.kept - z.returned as back";
    add("shrinking forgets what was returned", shrink, kept, "z.granted - d.kept as back");
    add("shrinking gives back what was used", shrink, "and d.kept >= z.settled", "");
    add("any node shrinks a lease", shrink, "z.node_id = ?", "z.node_id <> -?");
    add("shrinking keeps the limit", shrink, limit, "k.limit_amt");
  }

  private void chains(String heads) {
    add("the chain stays where it is", heads, "h.seq,", "0 * h.seq,");
    add("the chain forgets its end", heads, "h.hash,", "decode(repeat('11', 32), 'hex'),");
    add("everybody is prepaid", heads, "o.billing", "'prepaid'");
    add("nobody is prepaid", heads, "o.billing", "'postpaid'");
  }

  private void add(String name, String right, String from, String to) {
    String wrong = right.replace(from, to);
    if (wrong.equals(right)) {
      throw new IllegalStateException("'" + name + "' changes nothing");
    }
    BankSql s = BankSql.STANDARD;
    all.put(
        name,
        new BankSql(
            pick(s.fence(), right, wrong),
            pick(s.lockCounters(), right, wrong),
            pick(s.grant(), right, wrong),
            pick(s.recall(), right, wrong),
            pick(s.lockLeasedCounters(), right, wrong),
            pick(s.leases(), right, wrong),
            pick(s.lockHeads(), right, wrong),
            pick(s.insertUsage(), right, wrong),
            pick(s.settleLeases(), right, wrong),
            pick(s.close(), right, wrong),
            pick(s.shrink(), right, wrong),
            pick(s.renew(), right, wrong)));
  }

  private static String pick(String statement, String right, String wrong) {
    return statement.equals(right) ? wrong : statement;
  }
}
