package io.slsdispatch.job.savepoint;

import io.slsdispatch.connector.source.enumerator.EnumeratorState;
import io.slsdispatch.connector.source.enumerator.EnumeratorStateSerializer;
import io.slsdispatch.connector.source.split.ShardSplit;
import io.slsdispatch.connector.source.split.ShardSplitSerializer;
import io.slsdispatch.job.config.ConfigFingerprint;
import io.slsdispatch.job.rules.RuleSet;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.state.CompletedCheckpointStorageLocation;
import org.apache.flink.runtime.state.OperatorStateHandle;
import org.apache.flink.runtime.state.filesystem.AbstractFsCheckpointStorageAccess;
import org.apache.flink.runtime.state.memory.ByteStreamStateHandle;
import org.jspecify.annotations.Nullable;

/**
 * Reader of savepoints and checkpoints of this job that uses Flink's own classes. The formats inside are those of
 * Flink's source operator: the state of a coordinator is a version, the version of the enumerator state, its length and
 * its bytes; the state of a reader is a list of splits, each as length, version, length, bytes.
 */
public final class FlinkSavepointReader implements SavepointReader {

    private static final String READER_STATE = "SourceReaderState";

    @Override
    public Content read(String path, Collection<String> targets) throws IOException {
        CheckpointMetadata metadata = metadata(path);
        @Nullable EnumeratorState enumerator = null;
        List<ShardAt> shards = new ArrayList<>();
        Optional<String> rules = Optional.empty();
        Optional<ConfigFingerprint> configuration = Optional.empty();
        List<Operator> operators = new ArrayList<>();
        Map<String, String> ids = OperatorIds.byHash(targets);
        for (OperatorState state : metadata.getOperatorStates()) {
            String uid = uid(state, ids);
            operators.add(new Operator(uid, state.getParallelism(), state.getMaxParallelism(), state.getStateSize()));
            if (uid.equals(OperatorIds.SOURCE)) {
                enumerator = enumerator(state.getCoordinatorState());
                for (byte[] split : elements(state, READER_STATE)) {
                    shards.add(shard(split));
                }
            } else if (uid.equals(OperatorIds.DISPATCH)) {
                rules = rules(broadcast(state, OperatorIds.RULES_STATE));
                configuration = fingerprint(broadcast(state, OperatorIds.CONFIGURATION_STATE));
            }
        }
        if (enumerator == null) {
            throw new IOException("not a savepoint of sls-dispatch: it has no operator '" + OperatorIds.SOURCE + "'");
        }
        addUnread(enumerator, shards);
        return new Content(
                metadata.getCheckpointId(),
                enumerator.logstore().toString(),
                shards,
                enumerator.finishedCount(),
                rules,
                configuration,
                operators);
    }

    /** Adds the shards that no reader has yet, and sorts all. */
    private static void addUnread(EnumeratorState enumerator, List<ShardAt> shards) {
        enumerator.waiting().forEach(split -> shards.add(shard(split, WAITS)));
        enumerator
                .withoutStart()
                .forEach(shard -> shards.add(new ShardAt(shard, "", 0, Optional.empty(), WAITS_FOR_PARENTS)));
        shards.sort(Comparator.comparingInt(ShardAt::shard));
    }

    private static String uid(OperatorState state, Map<String, String> ids) {
        String hash = state.getOperatorID().toHexString();
        return Optional.ofNullable(ids.get(hash)).or(() -> storedUid(state)).orElse(hash);
    }

    private static CheckpointMetadata metadata(String path) throws IOException {
        CompletedCheckpointStorageLocation location = location(path);
        try (DataInputStream in =
                new DataInputStream(location.getMetadataHandle().openInputStream())) {
            return Checkpoints.loadCheckpointMetadata(
                    in, FlinkSavepointReader.class.getClassLoader(), location.getExternalPointer());
        }
    }

    private static CompletedCheckpointStorageLocation location(String path) throws IOException {
        try {
            return AbstractFsCheckpointStorageAccess.resolveCheckpointPointer(path);
        } catch (IllegalArgumentException e) {
            throw new IOException("invalid path: " + e.getMessage(), e);
        }
    }

    /** The uid that Flink writes since 2.1; Flink 1.20 has neither the uid nor the method. */
    private static Optional<String> storedUid(OperatorState state) {
        try {
            Object uid = OperatorState.class.getMethod("getOperatorUid").invoke(state);
            return uid instanceof Optional<?> stored ? stored.map(String::valueOf) : Optional.empty();
        } catch (ReflectiveOperationException flinkThatHasNone) {
            return Optional.empty();
        }
    }

    private static EnumeratorState enumerator(@Nullable ByteStreamStateHandle coordinator) throws IOException {
        if (coordinator == null) {
            throw new IOException("the state of the shard enumerator is missing");
        }
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(coordinator.getData()))) {
            in.readInt();
            int version = in.readInt();
            return new EnumeratorStateSerializer().deserialize(version, bytes(in));
        }
    }

    private static ShardAt shard(byte[] element) throws IOException {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(element))) {
            int version = in.readInt();
            ShardSplit split = new ShardSplitSerializer().deserialize(version, bytes(in));
            return shard(split, split.finished() ? FINISHED : READ);
        }
    }

    private static ShardAt shard(ShardSplit split, String state) {
        return new ShardAt(
                split.shard(),
                split.position().cursor().text(),
                split.position().emitted(),
                split.receivedAtSeconds() > 0
                        ? Optional.of(Instant.ofEpochSecond(split.receivedAtSeconds()))
                        : Optional.empty(),
                state);
    }

    /** The elements of a list state of byte arrays, from all subtasks. */
    private static List<byte[]> elements(OperatorState operator, String name) throws IOException {
        List<byte[]> elements = new ArrayList<>();
        for (OperatorSubtaskState subtask : operator.getStates()) {
            for (OperatorStateHandle handle : subtask.getManagedOperatorState()) {
                for (long offset : offsets(handle, name)) {
                    try (FSDataInputStream stream = handle.openInputStream()) {
                        stream.seek(offset);
                        elements.add(bytes(new DataInputStream(stream)));
                    }
                }
            }
        }
        return elements;
    }

    private static Optional<String> rules(Optional<byte[]> stored) throws IOException {
        return stored.isEmpty()
                ? Optional.empty()
                : Optional.of(RuleSet.fromBytes(stored.get()).toString());
    }

    private static Optional<ConfigFingerprint> fingerprint(Optional<byte[]> text) throws IOException {
        // Empty for a job that was not created by the main program of sls-dispatch.
        if (text.isEmpty() || text.get().length == 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(ConfigFingerprint.parse(new String(text.get(), StandardCharsets.UTF_8)));
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** The value of a state that is the same in every subtask. */
    private static Optional<byte[]> broadcast(OperatorState operator, String name) throws IOException {
        for (OperatorSubtaskState subtask : operator.getStates()) {
            for (OperatorStateHandle handle : subtask.getManagedOperatorState()) {
                for (long offset : offsets(handle, name)) {
                    try (FSDataInputStream stream = handle.openInputStream()) {
                        stream.seek(offset);
                        DataInputStream in = new DataInputStream(stream);
                        if (in.readInt() > 0) {
                            in.readInt();
                            return Optional.of(bytes(in));
                        }
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static long[] offsets(OperatorStateHandle handle, String name) {
        Map<String, OperatorStateHandle.StateMetaInfo> states = handle.getStateNameToPartitionOffsets();
        return states.containsKey(name)
                ? Objects.requireNonNull(states.get(name)).getOffsets()
                : new long[0];
    }

    private static byte[] bytes(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0) {
            throw new IOException("a state in the savepoint has the invalid length " + length
                    + "; compressed state ('execution.checkpointing.snapshot-compression') is not supported");
        }
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new IOException("a state in the savepoint is truncated; compressed state"
                    + " ('execution.checkpointing.snapshot-compression') is not supported");
        }
        return bytes;
    }
}
