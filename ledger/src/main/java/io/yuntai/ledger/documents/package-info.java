/**
 * Documents as bytes that are always the same for the same contents: JSON, comma-separated values
 * and PDF, whatever the machine, its locale and the versions of libraries ({@code
 * docs/decisions/028}). The package knows nothing of what the documents say.
 */
@NullMarked
package io.yuntai.ledger.documents;

import org.jspecify.annotations.NullMarked;
