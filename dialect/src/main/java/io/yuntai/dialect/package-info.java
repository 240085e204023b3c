/**
 * The canonical request, answer, usage and error that every API dialect is translated to and from.
 *
 * <p>Values only, checked when they are made: no sockets, no engine, no JSON. Defaults are filled
 * in here, so that nobody further down asks what an absent field means.
 */
@org.jspecify.annotations.NullMarked
package io.yuntai.dialect;
