/**
 * DashScope's native dialect, which is Alibaba Cloud Model Studio's: text generation, embeddings
 * and rerank to and from the canonical types, as pure functions, for servers and for clients.
 *
 * <p>Shapes follow Model Studio's API reference and what its SDKs send and read. Of {@code
 * parameters}, a name that nobody here knows is ignored, as the service does; what is known and
 * would change the answer, but is not supported, is refused by name.
 */
@org.jspecify.annotations.NullMarked
package io.yuntai.dialect.dashscope;
