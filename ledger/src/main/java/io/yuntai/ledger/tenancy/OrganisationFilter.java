package io.yuntai.ledger.tenancy;

import io.yuntai.ledger.tenancy.Organisation.Billing;
import io.yuntai.ledger.tenancy.Organisation.Status;
import java.util.Optional;

/**
 * Which organisations are listed; never those that are deleted.
 *
 * @param text part of its name or title, in capitals or not; empty for any
 * @param status how it stands
 * @param billing how it pays
 */
public record OrganisationFilter(String text, Optional<Status> status, Optional<Billing> billing) {}
