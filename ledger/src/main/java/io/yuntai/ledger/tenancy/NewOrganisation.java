package io.yuntai.ledger.tenancy;

/**
 * An organisation to be made.
 *
 * @param name see {@link Texts#handle}
 * @param title for people; may be empty
 * @param currency three letters of ISO 4217
 * @param billing whether it pays before or after
 * @param timeZone where its days begin
 */
public record NewOrganisation(
    String name, String title, String currency, Organisation.Billing billing, String timeZone) {}
