package io.yuntai.console.page;

/**
 * A page's place in the navigation.
 *
 * @param key of its text
 * @param position smaller ones come first: Now 10, Chat 20, Models 30, Money 40, Develop 50,
 *     Requests 60, Tenants 70, Settings 90
 * @param icon name of a symbol in {@code icons.svg}
 */
public record NavigationEntry(String key, int position, String icon) {}
