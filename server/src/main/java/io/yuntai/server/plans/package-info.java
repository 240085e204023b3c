/**
 * Capital plans on the server: solved one after the other in the background, kept in the database,
 * written out as files. The arithmetic is the planner's; this knows threads, the database and
 * forms.
 */
@NullMarked
package io.yuntai.server.plans;

import org.jspecify.annotations.NullMarked;
