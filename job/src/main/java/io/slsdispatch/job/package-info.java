/** The product: from a configuration to a running Flink job. */
@NullMarked
package io.slsdispatch.job;

import org.jspecify.annotations.NullMarked;
