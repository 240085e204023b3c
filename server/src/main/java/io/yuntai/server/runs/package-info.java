/**
 * Answers that go on without their client: a run works on a thread of its own and writes what it
 * says into a log in memory, from which any number of clients read, each from where it likes.
 *
 * <p>Invariants: a run's events never change and never move, so whoever reads from event n on gets
 * what everybody gets; bytes are bounded by run, by tenant and in all; a run that has ended is
 * forgotten after a stated time, and one that nobody has read for a stated time is ended. A
 * tenant's runs are nobody else's business: for others they don't exist. Runs do not survive the
 * process.
 *
 * <p>Knows neither HTTP nor any API's JSON.
 */
@org.jspecify.annotations.NullMarked
package io.yuntai.server.runs;
