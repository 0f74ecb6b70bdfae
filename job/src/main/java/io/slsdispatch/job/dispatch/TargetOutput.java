package io.slsdispatch.job.dispatch;

import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.record.RawLogGroupTypeInfo;
import org.apache.flink.streaming.api.operators.Output;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;

/** The side output of the dispatcher that leads to a target. */
sealed interface TargetOutput {

    /** The side output with the groups of a target. Its id is the name, never the index of the target. */
    static OutputTag<RawLogGroup> tagOf(String target) {
        return new OutputTag<>(target, RawLogGroupTypeInfo.INSTANCE);
    }

    /**
     * Emits a group for the target.
     *
     * @param element the record of the group; it does not change
     */
    void emit(StreamRecord<RawLogGroup> element, Output<?> output);

    /** The output of the target itself. */
    record OfTarget(OutputTag<RawLogGroup> tag) implements TargetOutput {

        @Override
        public void emit(StreamRecord<RawLogGroup> element, Output<?> output) {
            output.collect(tag, element);
        }
    }

    /** The output of the target's block, which emits the group to the target. */
    record OfBlock(String target, OutputTag<RoutedGroup> tag) implements TargetOutput {

        @Override
        public void emit(StreamRecord<RawLogGroup> element, Output<?> output) {
            // A record of its own, because the block replaces its value.
            StreamRecord<RoutedGroup> routed = new StreamRecord<>(new RoutedGroup(target, element.getValue()));
            if (element.hasTimestamp()) {
                routed.setTimestamp(element.getTimestamp());
            }
            output.collect(tag, routed);
        }
    }
}
