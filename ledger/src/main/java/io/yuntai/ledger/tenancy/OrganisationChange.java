package io.yuntai.ledger.tenancy;

import org.jspecify.annotations.Nullable;

/**
 * What is to be changed of an organisation; null for what stays.
 *
 * @param suspended whether its keys are refused
 */
public record OrganisationChange(
    @Nullable String title,
    Organisation.@Nullable Billing billing,
    @Nullable String timeZone,
    @Nullable Boolean failOpen,
    @Nullable Boolean answersGoOn,
    @Nullable Boolean suspended) {
  /** Whether its keys are refused, and nothing else. */
  public static OrganisationChange suspended(boolean suspended) {
    return new OrganisationChange(null, null, null, null, null, suspended);
  }
}
