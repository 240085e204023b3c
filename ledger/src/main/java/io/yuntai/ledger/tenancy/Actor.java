package io.yuntai.ledger.tenancy;

/**
 * Who makes a change, for the audit log.
 *
 * @param name such as {@code operator}, {@code key:4f9a...} or {@code cli:root}
 * @param origin where from: an IP address, or {@code local}
 */
public record Actor(String name, String origin) {}
