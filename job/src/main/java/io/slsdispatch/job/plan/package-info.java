/**
 * What changes when a job continues with another configuration: settings, targets, rules and the destinations of topics,
 * and which of these changes can lose, repeat or delay data. {@link io.slsdispatch.job.plan.ChangePlan} compares two
 * configurations. Uses configuration, rules and {@code job.savepoint}; only the commands use it. Does not use Flink and
 * sends no requests.
 */
@NullMarked
package io.slsdispatch.job.plan;

import org.jspecify.annotations.NullMarked;
