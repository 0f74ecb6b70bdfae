/**
 * Names of the connector's metrics, and the classes that hold the values of gauges. Depends on Flink's metrics only.
 */
@NullMarked
package io.slsdispatch.connector.metrics;

import org.jspecify.annotations.NullMarked;
