/**
 * Many generations at once: a pure {@link io.yuntai.engine.serving.Scheduler}, the pool of KV
 * blocks, and the one thread that steps the decoder.
 */
@org.jspecify.annotations.NullMarked
package io.yuntai.engine.serving;
