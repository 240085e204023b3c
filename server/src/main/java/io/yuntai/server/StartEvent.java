package io.yuntai.server;

import io.yuntai.ledger.keys.CreatedKey;
import io.yuntai.models.pull.PullEvent;
import java.time.Duration;

/** What happens while a server starts, in an order that depends on what is ready first. */
public sealed interface StartEvent {
  /** The database accepts statements and has its schema. */
  record DatabaseReady(String description, Duration took) implements StartEvent {}

  /** A model that is not here is being fetched. */
  record Pulling(String model, PullEvent event) implements StartEvent {}

  /**
   * A model can generate.
   *
   * @param model what requests call it
   * @param parameters number of weights
   * @param contextTokens most tokens of prompt and answer
   * @param kernel the kernel in use
   */
  record ModelReady(String model, long parameters, int contextTokens, String kernel, Duration took)
      implements StartEvent {}

  /** A model runs, but not as one would wish; {@code sentence} says why and what to expect. */
  record ModelWarning(String model, String sentence) implements StartEvent {}

  /**
   * An adapter answers.
   *
   * @param model what requests call it
   */
  record AdapterReady(String model) implements StartEvent {}

  /** There was no key at all, so this one was made; its text is told only here. */
  record FirstKey(CreatedKey key) implements StartEvent {}

  /**
   * Nobody owned this server, so this address was made, which lets its first owner in once; it is
   * told only here.
   */
  record FirstOwner(String url) implements StartEvent {}

  /** Requests are taken. */
  record Ready(ServerState state) implements StartEvent {}
}
