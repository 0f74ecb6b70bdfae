/**
 * Reloads the rules of a running job: {@link io.slsdispatch.job.rules.reload.RulesPoller} polls them,
 * {@link io.slsdispatch.job.rules.reload.RulesCoordinator} proposes them to all subtasks of the dispatcher for one
 * checkpoint, and {@link io.slsdispatch.job.rules.reload.RuleSwitch} activates them when that checkpoint is complete.
 * Uses Flink's coordinators and {@code job.rules}; the dispatcher uses it.
 */
@NullMarked
package io.slsdispatch.job.rules.reload;

import org.jspecify.annotations.NullMarked;
