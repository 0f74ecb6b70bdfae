/**
 * The step between source and sinks: {@link io.slsdispatch.job.dispatch.LaneKeySelector} chooses the subtask that gets a
 * group, {@link io.slsdispatch.job.dispatch.DispatchOperator} asks the {@link io.slsdispatch.job.rules.RuleMatcher} and hands
 * the group to the side outputs of its targets. {@link io.slsdispatch.job.dispatch.RulesCoordinator} brings it new rules
 * while the job runs.
 */
@NullMarked
package io.slsdispatch.job.dispatch;

import org.jspecify.annotations.NullMarked;
