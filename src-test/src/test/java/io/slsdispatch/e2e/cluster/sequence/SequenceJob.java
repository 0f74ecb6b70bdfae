package io.slsdispatch.e2e.cluster.sequence;

import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/**
 * Counts numbers for ever, in as many ranges beside each other as it is told, and fails when a number is missing or
 * comes again in the keyed state of its range: a run without failure shows that each restore gave back the positions of
 * the source and the state, of the same moment.
 *
 * <p>Arguments: number of ranges, which must be the parallelism of the first start (a later one may be lower, not
 * higher: a source subtask without a range ends); numbers per second in all; the value that the environment variable
 * {@link #VARIABLE} must have, both here and in the TaskManagers.
 */
public final class SequenceJob {

    /** The environment variable that is checked. */
    public static final String VARIABLE = "SEQUENCE_SECRET";

    static final long NUMBERS_IN_RANGE = 1_000_000_000;

    private SequenceJob() {}

    /** What its jar must hold. */
    public static Class<?>[] classes() {
        return new Class<?>[] {SequenceJob.class, GapFinder.class};
    }

    public static void main(String[] args) throws Exception {
        int ranges = Integer.parseInt(args[0]);
        double perSecond = Double.parseDouble(args[1]);
        String secret = args[2];
        if (!secret.equals(System.getenv(VARIABLE))) {
            throw new IllegalStateException(VARIABLE + " is not set to the expected value where main runs");
        }
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        // The source splits its numbers evenly into one split for each subtask of its first start.
        DataGeneratorSource<Long> numbers = new DataGeneratorSource<>(
                number -> number, ranges * NUMBERS_IN_RANGE, RateLimiterStrategy.perSecond(perSecond), Types.LONG);
        env.fromSource(numbers, WatermarkStrategy.noWatermarks(), "numbers")
                .uid("numbers")
                .keyBy(number -> number / NUMBERS_IN_RANGE)
                .process(new GapFinder(secret))
                .name("find gaps")
                .uid("gaps")
                .sinkTo(new DiscardingSink<>())
                .name("discard")
                .uid("discard");
        env.execute("sequence");
    }
}
