package io.yuntai.server.routes;

import java.util.List;

/**
 * A route in use.
 *
 * @param states of its targets, in their order
 * @param createdEpochSeconds since when it leads where it leads
 */
record LiveRoute(
    Route route, List<TargetState> states, RetryBudget budget, long createdEpochSeconds) {}
