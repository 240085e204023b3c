package io.yuntai.server.testing;

import io.yuntai.ledger.responses.ResponseStore;
import io.yuntai.ledger.responses.StoredResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Responses in memory, for tests that need no database. */
public final class MemoryResponses implements ResponseStore {
  private final Map<String, StoredResponse> responses = new ConcurrentHashMap<>();

  @Override
  public void save(StoredResponse response) {
    responses.put(response.id(), response);
  }

  @Override
  public Optional<StoredResponse> find(String tenant, String id) {
    return Optional.ofNullable(responses.get(id)).filter(r -> r.tenant().equals(tenant));
  }

  @Override
  public List<StoredResponse> conversation(String tenant, String id) {
    List<StoredResponse> turns = new ArrayList<>();
    Optional<StoredResponse> turn = find(tenant, id);
    while (turn.isPresent()) {
      turns.add(turn.get());
      turn = turn.get().previousId().flatMap(previous -> find(tenant, previous));
    }
    Collections.reverse(turns);
    return turns;
  }

  @Override
  public boolean delete(String tenant, String id) {
    return find(tenant, id).isPresent() && responses.remove(id) != null;
  }
}
