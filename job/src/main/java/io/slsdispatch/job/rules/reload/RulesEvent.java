package io.slsdispatch.job.rules.reload;

import org.apache.flink.runtime.operators.coordination.OperatorEvent;

/** What the coordinator of the rules and the subtasks of the dispatcher tell each other. On the wire only, never in state. */
public sealed interface RulesEvent extends OperatorEvent {

    /**
     * To a subtask: store these rules at the barrier of this checkpoint, and go by them once it is complete.
     *
     * @param rules in their binary form
     */
    record Proposed(long checkpointId, byte[] rules) implements RulesEvent {
        @Override
        public String toString() {
            return "rules proposed for checkpoint " + checkpointId;
        }
    }

    /** To the coordinator: the proposal for this checkpoint is here. */
    record Received(long checkpointId) implements RulesEvent {}

    /**
     * To the coordinator: groups go by these rules.
     *
     * @param sinceStart whether they are those that the subtask began with
     */
    record Active(long version, String fingerprint, boolean sinceStart) implements RulesEvent {}

    /** To the coordinator: the subtask will not get any more groups. */
    record InputEnded() implements RulesEvent {}
}
