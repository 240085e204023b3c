package io.yuntai.planner.files;

/**
 * What others spend, for comparison; no plan depends on it.
 *
 * @param name whose
 * @param year of the calendar
 * @param amount in millions of the plan's currency
 * @param text as the file says it
 * @param source who says so
 */
public record ContextLine(String name, int year, double amount, String text, String source) {}
