package io.yuntai.ledger.bank;

/** A record that can't be recorded, and why. */
record Refusal(UsageRecord record, String reason) {}
