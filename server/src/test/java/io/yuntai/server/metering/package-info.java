/** What budgets do to requests, over HTTP. */
@NullMarked
package io.yuntai.server.metering;

import org.jspecify.annotations.NullMarked;
