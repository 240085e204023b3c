/** How the console looks for each tenant: name, logo, and an accent that stays readable. */
@NullMarked
package io.yuntai.console.branding;

import org.jspecify.annotations.NullMarked;
