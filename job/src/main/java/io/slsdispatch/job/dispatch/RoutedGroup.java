package io.slsdispatch.job.dispatch;

import io.slsdispatch.connector.model.RawLogGroup;

/**
 * A log group on its way from the dispatcher to the {@link TargetBlockOperator block} of its target.
 *
 * @param target the name of the target
 */
public record RoutedGroup(String target, RawLogGroup group) {}
