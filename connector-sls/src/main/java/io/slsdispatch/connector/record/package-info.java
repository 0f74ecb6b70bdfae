/**
 * Type information and versioned serializer of log groups, for transfer between Flink operators. The binary form is a
 * public contract, because checkpoints can contain it (in-flight data of unaligned checkpoints).
 */
@NullMarked
package io.slsdispatch.connector.record;

import org.jspecify.annotations.NullMarked;
