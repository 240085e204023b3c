/**
 * Many generations at once: a pure {@link io.yuntai.engine.serving.Scheduler}, the KV blocks and
 * the prefix tree that shares them, and the one thread that steps the decoder.
 *
 * <p>The way of a generation: {@link io.yuntai.engine.serving.StepLoop} takes it in and owns the
 * thread; {@link io.yuntai.engine.serving.Stepper} owns everything that the thread alone may touch
 * and makes one step at a time, on a {@link io.yuntai.engine.serving.Roster} of places, queues and
 * KV blocks; {@link io.yuntai.engine.serving.Mailbox} carries events back.
 *
 * <p>Invariants: a KV block is free, one sequence's own, or full and shared, and only its owner
 * writes it; a running sequence is senior to every preempted one, and nobody is admitted past a
 * preempted one; the step thread never waits for a reader. Knows nothing of HTTP, tenants (a
 * namespace is a text) or model architectures.
 */
@org.jspecify.annotations.NullMarked
package io.yuntai.engine.serving;
