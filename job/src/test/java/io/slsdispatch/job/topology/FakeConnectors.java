package io.slsdispatch.job.topology;

import io.slsdispatch.connector.config.ShardOrder;
import io.slsdispatch.connector.model.AddressedLogGroup;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.job.config.JobConfig;
import io.slsdispatch.job.rules.reload.ReplayProgress;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.api.connector.source.Source;
import org.jspecify.annotations.Nullable;

/** Generated groups at one end, lists in this process at the other. */
final class FakeConnectors implements Connectors {

    /** A group that arrived. */
    record Arrival(String topic, int shard, int index, int subtask) {}

    // Sinks travel through serialization, so that the lists cannot be a part of them.
    private static final Map<String, List<Arrival>> ARRIVALS = new ConcurrentHashMap<>();

    private static final Map<String, List<String>> ADDRESSES = new ConcurrentHashMap<>();

    private final String run = UUID.randomUUID().toString();
    private final GeneratedGroups groups;
    private @Nullable ShardOrder sourceOrder;
    private @Nullable String consumerGroup;

    FakeConnectors(GeneratedGroups groups) {
        this.groups = groups;
    }

    @Override
    public Source<RawLogGroup, ?, ?> source(JobConfig.Source source) {
        sourceOrder = source.config().order();
        consumerGroup = source.config().consumerGroup();
        return groups;
    }

    /** Where the source shows its progress; null for nowhere. */
    @Nullable
    String consumerGroup() {
        return consumerGroup;
    }

    /** What new shards of the source wait for. */
    @Nullable
    ShardOrder sourceOrder() {
        return sourceOrder;
    }

    @Override
    public ReplayProgress progress(JobConfig.Source source) {
        throw new UnsupportedOperationException("rules are not reloaded here");
    }

    @Override
    public Sink<RawLogGroup> sink(JobConfig.Target target) {
        return new Collecting(run + target.name());
    }

    @Override
    public Sink<AddressedLogGroup> sink(JobConfig.Template target) {
        return new Addressed(run + target.name());
    }

    /** What arrived at a target by template, as {@code topic -> logstore}, or the problem in brackets. */
    List<String> addresses(String target) {
        return List.copyOf(ADDRESSES.getOrDefault(run + target, List.of()));
    }

    private record Addressed(String key) implements Sink<AddressedLogGroup>, Serializable {

        @Override
        public SinkWriter<AddressedLogGroup> createWriter(WriterInitContext context) {
            List<String> addresses = ADDRESSES.computeIfAbsent(key, any -> new CopyOnWriteArrayList<>());
            return new SinkWriter<>() {
                @Override
                public void write(AddressedLogGroup group, Context context) {
                    String to = group.logstore() == null ? "(" + group.problem() + ")" : group.logstore();
                    addresses.add(group.group().topic() + " -> " + to);
                }

                @Override
                public void flush(boolean endOfInput) {}

                @Override
                public void close() {}
            };
        }
    }

    /** What arrived at a target; in the order of arrival for each subtask. */
    List<Arrival> arrivals(String target) {
        return List.copyOf(ARRIVALS.getOrDefault(run + target, List.of()));
    }

    private record Collecting(String key) implements Sink<RawLogGroup>, Serializable {

        @Override
        public SinkWriter<RawLogGroup> createWriter(WriterInitContext context) {
            int subtask = context.getTaskInfo().getIndexOfThisSubtask();
            List<Arrival> arrivals = ARRIVALS.computeIfAbsent(key, any -> new CopyOnWriteArrayList<>());
            return new SinkWriter<>() {
                @Override
                public void write(RawLogGroup group, Context context) {
                    arrivals.add(new Arrival(group.topic(), group.shard(), group.index(), subtask));
                }

                @Override
                public void flush(boolean endOfInput) {}

                @Override
                public void close() {}
            };
        }
    }
}
