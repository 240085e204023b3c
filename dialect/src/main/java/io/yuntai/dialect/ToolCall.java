package io.yuntai.dialect;

/**
 * A model's wish that a tool be called.
 *
 * @param id by which the tool's answer refers to it
 * @param name the tool
 * @param arguments JSON text: an object, unless the model broke off or the client says otherwise
 */
public record ToolCall(String id, String name, String arguments) {}
