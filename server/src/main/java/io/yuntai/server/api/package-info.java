/**
 * The APIs over HTTP: one small class for each says which paths and methods it serves, how it tells
 * who asks, which codec reads requests and writes answers, and how its errors look.
 *
 * <p>What all APIs do alike stands once: {@link io.yuntai.server.api.Answers} runs a canonical
 * request and writes what comes back in the API's {@link io.yuntai.server.api.AnswerFormat}. A
 * further API is one class here and one line in {@link io.yuntai.server.api.Apis}. No Jetty, no
 * engine.
 */
@org.jspecify.annotations.NullMarked
package io.yuntai.server.api;
