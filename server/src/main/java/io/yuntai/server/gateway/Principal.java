package io.yuntai.server.gateway;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.ledger.budgets.Payer;
import io.yuntai.ledger.keys.ApiKey;
import io.yuntai.ledger.keys.ModelPattern;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Who asks.
 *
 * @param id what belongs together on this server: the id of the key, or of the first of the keys
 *     that were rotated into it; never the key
 * @param name the key's name, for people
 * @param residency where this request demands that its data stays, any one of them; empty for no
 *     demand
 * @param key the key that was presented; empty where none is asked for, and of a person
 * @param person who is signed in, where a page of ours asks; empty of keys
 */
public record Principal(
    String id,
    String name,
    Set<String> residency,
    Optional<ApiKey> key,
    Optional<Payer.Person> person) {
  /** Somebody, where no keys are asked for. */
  public static final Principal ANYONE = new Principal("anyone", "anyone");

  /** Commands on this machine, of the user whose server it is. */
  public static final Principal OPERATOR = new Principal("operator", "commands on this machine");

  private static final int MAX_ECHO_CHARS = 100;

  /** Whether it may change what is served. */
  public boolean operates() {
    return id.equals(OPERATOR.id) || id.equals(ANYONE.id);
  }

  /** Copies the set. */
  public Principal {
    residency = Set.copyOf(residency);
  }

  /** Somebody without a key who demands nothing. */
  public Principal(String id, String name) {
    this(id, name, Set.of(), Optional.empty(), Optional.empty());
  }

  /** Who presents a key. */
  public static Principal of(ApiKey key) {
    return new Principal(key.rootId(), key.name(), Set.of(), Optional.of(key), Optional.empty());
  }

  /** Somebody who is signed in; the name is for people. */
  public static Principal of(Payer.Person person, String name) {
    // No key's id has a colon.
    String id = "person:" + person.orgId() + ":" + person.userId();
    return new Principal(id, name, Set.of(), Optional.empty(), Optional.of(person));
  }

  /** Whose budgets its requests draw from. */
  public Payer payer() {
    return person.<Payer>map(who -> who).orElseGet(() -> new Payer.Key(id));
  }

  /** The same, for a request whose data must stay in one of these places. */
  public Principal demanding(Set<String> places) {
    return new Principal(id, name, places, key, person);
  }

  /** Whether its answers go on when it leaves, unless it says otherwise: as its tenant wants it. */
  public boolean answersGoOn() {
    return key.isPresent() && key.get().owner().answersGoOn();
  }

  /** Whether it may use a model. */
  public boolean mayUse(String model) {
    return key.isEmpty() || key.get().limits().allowsModel(model);
  }

  /**
   * Lets requests for a model through.
   *
   * @throws ApiException 403 where the key is for other models
   */
  public void requireModel(String model) throws ApiException {
    if (!mayUse(model)) {
      throw new ApiException(
          ApiError.invalidRequest(
              403,
              "model_not_allowed",
              "This key may not use the model `%s`; it is for: %s."
                  .formatted(
                      model.length() <= MAX_ECHO_CHARS ? model : model.substring(0, MAX_ECHO_CHARS),
                      key.orElseThrow().limits().models().stream()
                          .map(ModelPattern::text)
                          .limit(10)
                          .collect(Collectors.joining(", ")))));
    }
  }
}
