package io.yuntai.ledger.responses;

import java.time.Instant;
import java.util.Optional;

/**
 * A response that is kept.
 *
 * @param id its name
 * @param tenant whose it is
 * @param previousId the response that it goes on from
 * @param created when the request came
 * @param items what the request itself said: a JSON array
 * @param output what was answered: a JSON array
 * @param body the response object: JSON
 */
public record StoredResponse(
    String id,
    String tenant,
    Optional<String> previousId,
    Instant created,
    String items,
    String output,
    String body) {}
