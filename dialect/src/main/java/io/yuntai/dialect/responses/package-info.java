/**
 * OpenAI's Responses API: bodies to requests, answers to response objects and their events, and the
 * items of conversations that are kept, as pure functions.
 *
 * <p>Function tools and free-form ("custom") tools work; tools that OpenAI runs itself don't exist
 * here. Those that coding agents always send along are left out, all others are refused by name.
 */
@org.jspecify.annotations.NullMarked
package io.yuntai.dialect.responses;
