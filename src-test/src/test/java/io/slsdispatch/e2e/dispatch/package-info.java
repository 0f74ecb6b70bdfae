/**
 * The job as it is built from a configuration, in a small Flink cluster inside the test, between logstores of SLS Local
 * that it reaches over HTTP. {@link io.slsdispatch.e2e.dispatch.Rig} is where to start reading.
 */
@NullMarked
package io.slsdispatch.e2e.dispatch;

import org.jspecify.annotations.NullMarked;
