/**
 * The chat: a person's threads with models.
 *
 * <p>Answers are runs of this server: {@link io.yuntai.console.chat.Answering} starts them by the
 * gateway, as any other request, and keeps what they say in the thread while they grow; browsers
 * only read a run's events, from where they like. The HTML of a message is the server's, rendered
 * once for all readers. Invariant: a message that is not running is what it will be, and its page
 * is made from the database alone.
 */
@NullMarked
package io.yuntai.console.chat;

import org.jspecify.annotations.NullMarked;
