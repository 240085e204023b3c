/**
 * What people talk with models about: threads, their messages as trees, and the text of files that
 * were attached.
 *
 * <p>A thread is one person's within one organisation; every look names both, and PostgreSQL keeps
 * organisations apart besides. A message's text is changed only while its answer runs. Knows
 * nothing of models, prompts or pages: parameters are JSON that nobody reads here.
 */
@org.jspecify.annotations.NullMarked
package io.yuntai.ledger.threads;
