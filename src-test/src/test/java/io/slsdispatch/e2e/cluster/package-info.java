/**
 * A real Flink cluster for tests: a JobManager and TaskManagers as processes of their own, started from the jars that
 * Maven has resolved, on 127.0.0.1 only. What a test in one process cannot show is shown here: jars and class loaders,
 * killed and frozen processes, savepoints restored by another process.
 *
 * <p>{@link io.slsdispatch.e2e.cluster.FlinkCluster} is where to start reading. Nothing here knows the product; its jar
 * is submitted like any other.
 */
@NullMarked
package io.slsdispatch.e2e.cluster;

import org.jspecify.annotations.NullMarked;
