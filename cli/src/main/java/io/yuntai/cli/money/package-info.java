/**
 * Commands about money: {@code prices} and {@code invoices}. They work on this machine's database,
 * whether its server runs or not; what they decide is decided in {@code ledger}.
 */
@NullMarked
package io.yuntai.cli.money;

import org.jspecify.annotations.NullMarked;
