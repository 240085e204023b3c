package io.yuntai.console.models;

import io.yuntai.ledger.requests.RequestTimes;
import io.yuntai.server.shelf.ShelfModel;
import java.util.Optional;

/**
 * A model with what it costs and how fast it was.
 *
 * @param measured how fast it wrote in the last day, where it did
 * @param inputPrice of a million tokens, with its currency; empty where it has no price
 * @param outputPrice the same of what it writes
 */
public record ModelRow(
    ShelfModel model,
    Optional<RequestTimes.Speed> measured,
    String inputPrice,
    String outputPrice) {}
