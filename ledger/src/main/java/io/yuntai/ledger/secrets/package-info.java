/**
 * Files in the home that hold secrets: made once, whole or not at all, readable by their owner
 * only. This package knows no database and nothing of what a secret is for.
 */
@NullMarked
package io.yuntai.ledger.secrets;

import org.jspecify.annotations.NullMarked;
