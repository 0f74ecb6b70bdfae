/** Passing of work to other threads and timers, so that no failure is lost. */
@NullMarked
package io.slsdispatch.connector.task;

import org.jspecify.annotations.NullMarked;
