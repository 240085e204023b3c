package io.yuntai.dialect.dashscope;

/**
 * How a client of DashScope wants its answer.
 *
 * @param messages as messages of choices, or as one text
 * @param incremental whether a piece of a stream holds what is new, or all so far
 * @param parts whether a message's content is a list of parts, as models of several media answer
 */
public record DashScopeFormat(boolean messages, boolean incremental, boolean parts) {}
