@NullMarked
package io.yuntai.server.standing;

import org.jspecify.annotations.NullMarked;
