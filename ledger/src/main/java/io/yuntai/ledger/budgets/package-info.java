/**
 * What a tenant may spend: budgets of organisations, projects, users and keys over windows of time,
 * in money, tokens, requests or requests at once.
 *
 * <p>A budget says how much each of its windows may hold. A window's rows are a counter of {@code
 * ledger.bank}, which alone holds what is used; here is only decided which counters a request draws
 * from. Windows of a budget tile time: each instant is in exactly one of them, also where clocks
 * change. This package knows no gateway and no price.
 */
@NullMarked
package io.yuntai.ledger.budgets;

import org.jspecify.annotations.NullMarked;
