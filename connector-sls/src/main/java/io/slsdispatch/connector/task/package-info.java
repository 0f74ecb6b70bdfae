/** How work is given to other threads and to timers, so that no failure of it is lost. */
@NullMarked
package io.slsdispatch.connector.task;

import org.jspecify.annotations.NullMarked;
