/**
 * {@code yuntai connect}: the settings of clients that people use already, and a call that proves
 * them.
 *
 * <p>A {@link io.yuntai.cli.connect.Client} is data: what it is, which API it speaks, and from an
 * {@link io.yuntai.cli.connect.Endpoint} the {@link io.yuntai.cli.connect.Setting}s that point it
 * there. {@link io.yuntai.cli.connect.SettingsWriter} puts them where the client looks, beside what
 * stands there already. {@link io.yuntai.cli.connect.ProvingCall} asks as the client would.
 */
@NullMarked
package io.yuntai.cli.connect;

import org.jspecify.annotations.NullMarked;
