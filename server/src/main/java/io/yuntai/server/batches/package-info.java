/**
 * Batches: files of requests, answered when there is room for them.
 *
 * <p>{@link io.yuntai.server.batches.BatchRunner} owns all batches. Each is a folder of {@code
 * batches} in the home: {@code batch.json}, replaced in one step at every change of its status, and
 * the output so far, of which every line is on disk before it counts. A server that was killed goes
 * on behind the last whole line: each request has one line in the end, and only those that were
 * being computed are computed again.
 */
@NullMarked
package io.yuntai.server.batches;

import org.jspecify.annotations.NullMarked;
