package io.yuntai.engine;

import java.util.List;
import java.util.Map;

/**
 * A conversation as a chat template sees it.
 *
 * @param messages parsed JSON objects with at least {@code role} and {@code content}
 * @param tools parsed JSON objects; empty for none
 * @param addGenerationPrompt whether the assistant's turn is opened at the end
 * @param variables further template variables, such as {@code enable_thinking}
 */
public record ChatPrompt(
    List<Map<String, Object>> messages,
    List<Map<String, Object>> tools,
    boolean addGenerationPrompt,
    Map<String, Object> variables) {}
