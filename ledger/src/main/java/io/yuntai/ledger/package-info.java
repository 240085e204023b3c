/** Placeholder. */
@org.jspecify.annotations.NullMarked
package io.yuntai.ledger;
