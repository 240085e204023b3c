/** The pages of work on a real server: Now, Models, Money, Develop, Requests. */
@NullMarked
package io.yuntai.console.work;

import org.jspecify.annotations.NullMarked;
