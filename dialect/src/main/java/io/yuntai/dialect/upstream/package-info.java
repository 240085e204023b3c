/**
 * Asking other servers in their own dialects: what to send for a request in canonical terms, and
 * what came back as canonical events. Pure: no sockets, no clocks.
 *
 * <p>Each dialect's package holds its own {@link io.yuntai.dialect.upstream.UpstreamCodec}. What an
 * upstream says is read as strictly as what a client says: it may be damaged, endless or hostile.
 */
@org.jspecify.annotations.NullMarked
package io.yuntai.dialect.upstream;
