/** The sls-dispatch application: reads a configuration and runs the Flink job that it describes. */
@NullMarked
package io.slsdispatch.job;

import org.jspecify.annotations.NullMarked;
