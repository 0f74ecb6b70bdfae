/**
 * The Flink sink that writes log groups to many logstores of one project, and creates them if configured. {@link
 * io.slsdispatch.connector.sink.dynamic.DynamicSlsSink} is the public class that a job uses.
 */
@NullMarked
package io.slsdispatch.connector.sink.dynamic;

import org.jspecify.annotations.NullMarked;
