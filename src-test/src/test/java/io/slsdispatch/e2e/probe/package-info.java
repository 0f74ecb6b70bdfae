/** The command {@code probe} against SLS Local, whose switches have the names of the assumptions. */
@NullMarked
package io.slsdispatch.e2e.probe;

import org.jspecify.annotations.NullMarked;
