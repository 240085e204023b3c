package io.yuntai.engine.template;

/**
 * A string variable that counts as written by the template itself, so that control tokens which it
 * spells are control tokens: the model's own {@code bos_token}, for one.
 *
 * @param value the string
 */
public record TemplateText(String value) {}
