/**
 * Speculative decoding: guesses at the tokens that follow, so that one pass over the weights can
 * confirm several.
 *
 * <p>A {@link io.yuntai.engine.speculation.Drafter} proposes, {@link
 * io.yuntai.engine.speculation.DraftLengths} says how many proposals pay, from what {@link
 * io.yuntai.engine.speculation.StepCosts} has seen of the decoder's speed. Whether a proposal is
 * right is not decided here: the serving step samples every position as it always does and keeps
 * proposals only as far as they are what was sampled. So a draft can cost time, never change an
 * answer.
 *
 * <p>Knows nothing of scheduling, sampling or text; for the step thread alone.
 */
@org.jspecify.annotations.NullMarked
package io.yuntai.engine.speculation;
