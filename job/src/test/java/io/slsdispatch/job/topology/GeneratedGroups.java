package io.slsdispatch.job.topology;

import io.slsdispatch.connector.model.RawLogGroup;
import java.io.Serializable;
import java.util.Collection;
import java.util.function.LongFunction;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.connector.source.lib.NumberSequenceSource;
import org.apache.flink.api.connector.source.lib.NumberSequenceSource.NumberSequenceSplit;
import org.apache.flink.api.connector.source.lib.util.IteratorSourceReaderBase;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.util.NumberSequenceIterator;

/** A source that makes the log groups of a sequence of numbers and ends. */
class GeneratedGroups implements Source<RawLogGroup, NumberSequenceSplit, Collection<NumberSequenceSplit>> {

    private static final long serialVersionUID = 1L;

    /** Makes the group of a number. */
    interface Maker extends LongFunction<RawLogGroup>, Serializable {}

    private final NumberSequenceSource numbers;
    private final Maker maker;

    /** Makes the groups of 0 to {@code count}, exclusive. */
    GeneratedGroups(long count, Maker maker) {
        this.numbers = new NumberSequenceSource(0, count - 1);
        this.maker = maker;
    }

    @Override
    public Boundedness getBoundedness() {
        return Boundedness.BOUNDED;
    }

    @Override
    public SourceReader<RawLogGroup, NumberSequenceSplit> createReader(SourceReaderContext context) {
        return new Reader(context, maker);
    }

    @Override
    public SplitEnumerator<NumberSequenceSplit, Collection<NumberSequenceSplit>> createEnumerator(
            SplitEnumeratorContext<NumberSequenceSplit> context) {
        return numbers.createEnumerator(context);
    }

    @Override
    public SplitEnumerator<NumberSequenceSplit, Collection<NumberSequenceSplit>> restoreEnumerator(
            SplitEnumeratorContext<NumberSequenceSplit> context, Collection<NumberSequenceSplit> splits) {
        return numbers.restoreEnumerator(context, splits);
    }

    @Override
    public SimpleVersionedSerializer<NumberSequenceSplit> getSplitSerializer() {
        return numbers.getSplitSerializer();
    }

    @Override
    public SimpleVersionedSerializer<Collection<NumberSequenceSplit>> getEnumeratorCheckpointSerializer() {
        return numbers.getEnumeratorCheckpointSerializer();
    }

    private static final class Reader
            extends IteratorSourceReaderBase<Long, RawLogGroup, NumberSequenceIterator, NumberSequenceSplit> {

        private final Maker maker;

        Reader(SourceReaderContext context, Maker maker) {
            super(context);
            this.maker = maker;
        }

        @Override
        protected RawLogGroup convert(Long number) {
            return maker.apply(number);
        }

        @Override
        public void close() {}
    }
}
