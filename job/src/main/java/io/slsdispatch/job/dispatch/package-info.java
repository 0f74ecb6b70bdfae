/**
 * The step between source and sinks: {@link io.slsdispatch.job.dispatch.SaltedTopicKeySelector} chooses the subtask
 * that gets a group, {@link io.slsdispatch.job.dispatch.DispatchOperator} asks the
 * {@link io.slsdispatch.job.rules.RuleMatcher} and emits the group to the side outputs of its targets. New rules come
 * from {@code job.rules.reload}. Uses the rules, but not the configuration that contains them.
 */
@NullMarked
package io.slsdispatch.job.dispatch;

import org.jspecify.annotations.NullMarked;
