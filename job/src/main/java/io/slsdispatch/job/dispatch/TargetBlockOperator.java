package io.slsdispatch.job.dispatch;

import io.slsdispatch.connector.model.RawLogGroup;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;

/** Operator that emits groups to the side outputs of the targets of one {@link TargetBlocks block}. It has no state. */
final class TargetBlockOperator extends AbstractStreamOperator<Void>
        implements OneInputStreamOperator<RoutedGroup, Void> {

    private static final long serialVersionUID = 1L;

    private final transient Map<String, OutputTag<RawLogGroup>> tags = new HashMap<>();

    TargetBlockOperator(List<String> targets, StreamOperatorParameters<Void> parameters) {
        targets.forEach(target -> tags.put(target, TargetOutput.tagOf(target)));
        setProcessingTimeService(parameters.getProcessingTimeService());
        setup(parameters.getContainingTask(), parameters.getStreamConfig(), parameters.getOutput());
    }

    @Override
    public void processElement(StreamRecord<RoutedGroup> element) {
        RoutedGroup routed = element.getValue();
        OutputTag<RawLogGroup> tag = tags.get(routed.target());
        if (tag == null) {
            throw new IllegalStateException("Group " + routed.group() + " is for target '" + routed.target()
                    + "', but this block has only " + tags.keySet() + ". Please report this bug.");
        }
        output.collect(tag, element.<RawLogGroup>replace(routed.group()));
    }

    /** Factory of the operator of one block. */
    static final class Factory extends AbstractStreamOperatorFactory<Void>
            implements OneInputStreamOperatorFactory<RoutedGroup, Void> {

        private static final long serialVersionUID = 1L;

        private final List<String> targets;

        Factory(List<String> targets) {
            this.targets = targets;
        }

        @Override
        @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // required by the interface
        public <T extends StreamOperator<Void>> T createStreamOperator(StreamOperatorParameters<Void> parameters) {
            return (T) new TargetBlockOperator(targets, parameters);
        }

        @Override
        @SuppressWarnings("rawtypes")
        public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader classLoader) {
            return TargetBlockOperator.class;
        }
    }
}
