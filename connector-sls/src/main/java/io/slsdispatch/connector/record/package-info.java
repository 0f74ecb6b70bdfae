/**
 * How a log group travels between Flink's operators: its type information and its versioned serializer. The binary form
 * is a public contract, since it can stand in checkpoints (in-flight data of unaligned ones).
 */
@NullMarked
package io.slsdispatch.connector.record;

import org.jspecify.annotations.NullMarked;
