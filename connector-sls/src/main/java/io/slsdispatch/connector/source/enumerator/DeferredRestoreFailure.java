package io.slsdispatch.connector.source.enumerator;

import io.slsdispatch.connector.config.SourceConfig;
import io.slsdispatch.connector.config.StoppingPosition;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.source.enumerator.EnumeratorState.StopNowCutoff;
import io.slsdispatch.connector.source.split.ShardSplit;
import java.io.IOException;
import java.util.List;
import org.apache.flink.annotation.Internal;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.jspecify.annotations.Nullable;

/**
 * Defers a failure to restore the enumerator until the enumerator is started, and fails the job then. Flink 2.3 loses
 * an earlier failure, while it creates the job from a savepoint: the job would run without an enumerator, and no
 * message would explain why checkpoints do not complete.
 */
@Internal
public final class DeferredRestoreFailure {

    private DeferredRestoreFailure() {}

    /** Serializer for Flink, around {@link EnumeratorStateSerializer}: invalid bytes become an unreadable state. */
    public static final class StateSerializer implements SimpleVersionedSerializer<EnumeratorState> {

        private final EnumeratorStateSerializer serializer = new EnumeratorStateSerializer();

        @Override
        public int getVersion() {
            return serializer.getVersion();
        }

        @Override
        public byte[] serialize(EnumeratorState state) throws IOException {
            return serializer.serialize(state);
        }

        @Override
        public EnumeratorState deserialize(int version, byte[] bytes) {
            try {
                return serializer.deserialize(version, bytes);
            } catch (IOException e) {
                return new UnreadableState(e);
            }
        }
    }

    /** Placeholder for a state that cannot be read, until an enumerator is created from it; fits no configuration. */
    private static final class UnreadableState extends EnumeratorState {

        private final IOException reason;

        UnreadableState(IOException reason) {
            super(
                    new LogstoreId("unreadable", "unreadable"),
                    new StoppingPosition.Never(),
                    false,
                    List.of(),
                    new FinishedShards(),
                    null,
                    StopNowCutoff.NONE);
            this.reason = reason;
        }

        @Override
        void checkFits(SourceConfig config) {
            throw new IllegalStateException(reason.getMessage(), reason);
        }
    }

    /** Placeholder for an enumerator that cannot be restored; fails the job when it is started. */
    static final class FailingEnumerator implements SplitEnumerator<ShardSplit, EnumeratorState> {

        private final RuntimeException reason;

        FailingEnumerator(RuntimeException reason) {
            this.reason = reason;
        }

        @Override
        public void start() {
            throw reason;
        }

        @Override
        public void handleSplitRequest(int subtask, @Nullable String hostname) {}

        @Override
        public void addSplitsBack(List<ShardSplit> splits, int subtask) {}

        @Override
        public void addReader(int subtask) {}

        @Override
        public EnumeratorState snapshotState(long checkpointId) {
            throw reason;
        }

        @Override
        public void close() {}
    }
}
