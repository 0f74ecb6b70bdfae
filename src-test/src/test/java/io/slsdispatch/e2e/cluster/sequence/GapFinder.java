package io.slsdispatch.e2e.cluster.sequence;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/** Fails unless the numbers of each range come one after the other, from the first. */
final class GapFinder extends KeyedProcessFunction<Long, Long, Long> {

    private static final long serialVersionUID = 1L;

    private final String secret;
    private transient @Nullable ValueState<Long> next;

    /** @param secret the value that {@link SequenceJob#VARIABLE} must have in the TaskManager */
    GapFinder(String secret) {
        this.secret = secret;
    }

    @Override
    public void open(OpenContext context) {
        if (!secret.equals(System.getenv(SequenceJob.VARIABLE))) {
            throw new IllegalStateException(
                    SequenceJob.VARIABLE + " is not set to the expected value in the TaskManager");
        }
        next = getRuntimeContext().getState(new ValueStateDescriptor<>("next", Types.LONG));
    }

    @Override
    public void processElement(Long number, Context context, Collector<Long> out) throws Exception {
        Long known = next.value();
        long expected = known == null ? context.getCurrentKey() * SequenceJob.NUMBERS_IN_RANGE : known;
        if (number != expected) {
            throw new IllegalStateException("Sequence broken: expected " + expected + ", got " + number);
        }
        next.update(number + 1);
        out.collect(number);
    }
}
