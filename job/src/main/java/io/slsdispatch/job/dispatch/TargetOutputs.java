package io.slsdispatch.job.dispatch;

import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.record.RawLogGroupTypeInfo;
import org.apache.flink.util.OutputTag;

/** The side output of each target. Its id is the target's name, never its place in a list. */
public final class TargetOutputs {

    private TargetOutputs() {}

    /** The side output of the target with this name. */
    public static OutputTag<RawLogGroup> of(String target) {
        return new OutputTag<>(target, RawLogGroupTypeInfo.INSTANCE);
    }
}
