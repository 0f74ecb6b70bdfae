package io.slsdispatch.job.rules.reload;

import org.apache.flink.runtime.operators.coordination.OperatorEvent;

/**
 * Event between the rules coordinator and the subtasks of the dispatcher. Sent over the network only, never in state.
 */
public sealed interface RulesEvent extends OperatorEvent {

    /**
     * To a subtask: store these rules at the barrier of this checkpoint, and apply them once it is complete.
     *
     * @param rules in their binary form
     */
    record Proposed(long checkpointId, byte[] rules) implements RulesEvent {
        @Override
        public String toString() {
            return "rules proposed for checkpoint " + checkpointId;
        }
    }

    /** To the coordinator: the subtask has received the proposal for this checkpoint. */
    record Received(long checkpointId) implements RulesEvent {}

    /**
     * To the coordinator: the subtask dispatches by these rules.
     *
     * @param sinceStart whether the subtask started with these rules
     */
    record Active(long version, String fingerprint, boolean sinceStart) implements RulesEvent {}

    /** To the coordinator: the subtask gets no more groups. */
    record InputEnded() implements RulesEvent {}
}
