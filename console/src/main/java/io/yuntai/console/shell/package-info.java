/**
 * What belongs to no page: preferences, the manifest, the service worker, what is shown offline.
 */
@NullMarked
package io.yuntai.console.shell;

import org.jspecify.annotations.NullMarked;
