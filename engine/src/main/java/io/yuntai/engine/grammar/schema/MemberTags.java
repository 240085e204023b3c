package io.yuntai.engine.grammar.schema;

/**
 * How members of an object stand between tags, as some models write the arguments of calls.
 *
 * @param beforeName what a member begins with
 * @param afterName what stands between its name and its value
 * @param beforeEnd a line break or the like between value and {@code end}, which is no part of the
 *     value
 * @param end the tag that ends a value; no string that is written holds it
 * @param between what stands between a member and whatever follows it
 * @param close what follows the last member
 */
public record MemberTags(
    String beforeName,
    String afterName,
    String beforeEnd,
    String end,
    String between,
    String close) {}
