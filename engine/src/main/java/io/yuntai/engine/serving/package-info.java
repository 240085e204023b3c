/**
 * Many generations at once: a pure {@link io.yuntai.engine.serving.Scheduler}, the pool of KV
 * blocks, and the one thread that steps the decoder.
 *
 * <p>The way of a generation: {@link io.yuntai.engine.serving.StepLoop} takes it in and owns the
 * thread; {@link io.yuntai.engine.serving.Stepper} owns everything that the thread alone may touch
 * and makes one step at a time; {@link io.yuntai.engine.serving.Mailbox} carries events back.
 *
 * <p>Invariants: a KV block is free or belongs to exactly one sequence; a running sequence is older
 * than every waiting one; the step thread never waits for a reader. Knows nothing of HTTP, tenants
 * or model architectures.
 */
@org.jspecify.annotations.NullMarked
package io.yuntai.engine.serving;
