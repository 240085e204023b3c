package io.yuntai.ledger.bank;

import io.yuntai.ledger.chain.Leaf;
import io.yuntai.ledger.chain.Merkle;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An entry of the ledger before it has a number.
 *
 * @param kind what it is, such as {@code usage}
 * @param reference what it is for; no second entry of this kind of the organisation has it
 * @param usage leaves of its usage records in the order of their ids
 * @param counters by counter id
 * @param credits by grant id
 */
record EntryDraft(
    long orgId,
    String kind,
    @Nullable String reference,
    List<byte[]> usage,
    List<Transfer> transfers,
    List<CounterEntry> counters,
    List<CreditEntry> credits) {
  static final String USAGE = "usage";

  /** The Merkle root over all that it says. */
  byte[] bodySha(String currency) {
    Merkle tree = new Merkle();
    usage.forEach(tree::add);
    for (int i = 0; i < transfers.size(); i++) {
      tree.add(transfers.get(i).leaf(i + 1, currency));
    }
    counters.forEach(counter -> tree.add(counter.leaf()));
    credits.forEach(credit -> tree.add(credit.leaf()));
    if (reference != null) {
      tree.add(referenceLeaf(reference));
    }
    return tree.root();
  }

  static byte[] referenceLeaf(String reference) {
    return new Leaf('R').put(reference.getBytes(StandardCharsets.UTF_8)).bytes();
  }
}
