/** Names of the connector's metrics, and the few classes that hold what gauges show. Depends on Flink's metrics only. */
@NullMarked
package io.slsdispatch.connector.metrics;

import org.jspecify.annotations.NullMarked;
