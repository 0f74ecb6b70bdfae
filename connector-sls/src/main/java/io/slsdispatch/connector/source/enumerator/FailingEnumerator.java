package io.slsdispatch.connector.source.enumerator;

import io.slsdispatch.connector.source.split.ShardSplit;
import java.util.List;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.jspecify.annotations.Nullable;

/**
 * Stands for an enumerator that cannot be restored, and fails the job when it is started. Flink 2.3 loses a failure that
 * comes before, while it makes the job from a savepoint: the job would run without an enumerator, and never say why no
 * checkpoint completes.
 */
final class FailingEnumerator implements SplitEnumerator<ShardSplit, EnumeratorState> {

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
