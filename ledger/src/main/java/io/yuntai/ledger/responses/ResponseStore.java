package io.yuntai.ledger.responses;

import java.util.List;
import java.util.Optional;

/** Where responses are kept. Implementations are safe for use by many threads. */
public interface ResponseStore {
  /** Most responses that a conversation goes back. */
  int MAX_TURNS = 1000;

  /** Keeps a response, in place of what had its name. */
  void save(StoredResponse response);

  /** A tenant's response. */
  Optional<StoredResponse> find(String tenant, String id);

  /**
   * A tenant's conversation up to a response, the oldest first; empty where there is no such
   * response. It ends where an earlier one is kept no longer, and after {@link #MAX_TURNS}.
   */
  List<StoredResponse> conversation(String tenant, String id);

  /** Forgets a tenant's response; false where there was none. */
  boolean delete(String tenant, String id);
}
