/**
 * The step between source and sinks: {@link io.slsdispatch.job.dispatch.LaneKeySelector} chooses the subtask that gets a
 * group, {@link io.slsdispatch.job.dispatch.TopicDispatcher} asks the {@link io.slsdispatch.job.routing.Router} and hands
 * the group to the side outputs of its targets.
 */
@NullMarked
package io.slsdispatch.job.dispatch;

import org.jspecify.annotations.NullMarked;
