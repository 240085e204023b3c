/**
 * {@code yuntai connect}: settings of clients that people use already, and a call that proves them.
 *
 * <p>What the clients are and read is data of {@link io.yuntai.server.clients.Clients}. {@link
 * io.yuntai.cli.connect.SettingsFiles} puts it where the client looks, beside what stands there
 * already. {@link io.yuntai.cli.connect.ProvingCall} asks as the client would.
 */
@NullMarked
package io.yuntai.cli.connect;

import org.jspecify.annotations.NullMarked;
