package io.slsdispatch.connector.source.enumerator;

import io.slsdispatch.connector.config.StartingPosition;
import io.slsdispatch.connector.config.StoppingPosition;
import io.slsdispatch.connector.model.KeyRange;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.Position;
import io.slsdispatch.connector.model.Shard;
import io.slsdispatch.connector.source.enumerator.EnumeratorState.StopNowCutoff;
import io.slsdispatch.connector.source.split.StateFields;
import java.io.EOFException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.annotation.Internal;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.jspecify.annotations.Nullable;

/** Serializer of {@link EnumeratorState}. */
@Internal
public final class EnumeratorStateSerializer implements SimpleVersionedSerializer<EnumeratorState> {

    /**
     * Version 1: logstore, stop, whether the initial discovery is done, unfinished shards, bits of finished ones.
     * Version 2 adds the resolved start, and the cutoff of a run that stops "now".
     */
    static final int VERSION = 2;

    private static final String WHAT = "The state of the shard enumerator";

    private static final int STOP_NEVER = 0;
    private static final int STOP_NOW = 1;
    private static final int STOP_AT = 2;

    private static final int START_BEGIN = 0;
    private static final int START_AT = 1;
    private static final int START_SUBMISSION = 2;
    private static final int START_GROUP = 3;

    @Override
    public int getVersion() {
        return VERSION;
    }

    @Override
    public byte[] serialize(EnumeratorState state) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(256);
        StateFields.writeLogstore(out, state.logstore());
        writeStop(out, state.stop());
        out.writeBoolean(state.initialDiscoveryDone());
        out.writeInt(state.unfinished().size());
        for (TrackedShard shard : state.unfinished()) {
            writeShard(out, shard);
        }
        byte[] finished = state.finished().bits();
        out.writeInt(finished.length);
        out.write(finished);
        out.writeLong(state.finished().newestCreation());
        writeStart(out, state.start());
        out.writeLong(state.stopNow().newestCreation());
        out.writeBoolean(state.stopNow().complete());
        return out.getCopyOfBuffer();
    }

    private static void writeStop(DataOutputSerializer out, StoppingPosition stop) throws IOException {
        if (stop instanceof StoppingPosition.At at) {
            out.writeByte(STOP_AT);
            out.writeLong(at.receiveTime().getEpochSecond());
        } else {
            out.writeByte(stop instanceof StoppingPosition.Now ? STOP_NOW : STOP_NEVER);
        }
    }

    private static void writeShard(DataOutputSerializer out, TrackedShard tracked) throws IOException {
        Shard shard = tracked.shard();
        out.writeInt(shard.id());
        StateFields.writeRange(out, shard.range());
        out.writeBoolean(shard.writable());
        out.writeLong(shard.createdAtSeconds());
        out.writeBoolean(tracked.initial());
        Position position = tracked.position();
        out.writeBoolean(position != null);
        if (position != null) {
            StateFields.writePosition(out, position);
        }
        StateFields.writeOptional(out, tracked.stopCursor());
        out.writeBoolean(tracked.assigned());
    }

    @Override
    public EnumeratorState deserialize(int version, byte[] bytes) throws IOException {
        return switch (version) {
            case 1 -> StateFields.readAll(WHAT, bytes, in -> read(in, false));
            case 2 -> StateFields.readAll(WHAT, bytes, in -> read(in, true));
            default -> throw StateFields.unknownVersion(WHAT, version, VERSION);
        };
    }

    private static EnumeratorState read(DataInputDeserializer in, boolean withStart) throws IOException {
        LogstoreId logstore = StateFields.readLogstore(in);
        StoppingPosition stop = readStop(in);
        boolean initialDiscoveryDone = in.readBoolean();
        int count = in.readInt();
        List<TrackedShard> unfinished = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            unfinished.add(readShard(in));
        }
        int length = in.readInt();
        if (length < 0 || length > in.available()) {
            throw new EOFException();
        }
        byte[] finished = new byte[length];
        in.readFully(finished);
        FinishedShards finishedShards = FinishedShards.of(finished, in.readLong());
        return new EnumeratorState(
                logstore,
                stop,
                initialDiscoveryDone,
                unfinished,
                finishedShards,
                withStart ? readStart(in) : null,
                withStart ? new StopNowCutoff(in.readLong(), in.readBoolean()) : StopNowCutoff.OF_VERSION_1);
    }

    private static StoppingPosition readStop(DataInputDeserializer in) throws IOException {
        int kind = in.readByte();
        return switch (kind) {
            case STOP_NEVER -> new StoppingPosition.Never();
            case STOP_NOW -> new StoppingPosition.Now();
            case STOP_AT -> new StoppingPosition.At(Instant.ofEpochSecond(in.readLong()));
            default -> throw new IllegalArgumentException("unknown kind of stop " + kind);
        };
    }

    private static TrackedShard readShard(DataInputDeserializer in) throws IOException {
        int id = in.readInt();
        KeyRange range = StateFields.readRange(in);
        Shard shard = new Shard(id, range, in.readBoolean(), in.readLong());
        return new TrackedShard(
                shard,
                in.readBoolean(),
                in.readBoolean() ? StateFields.readPosition(in) : null,
                StateFields.readOptional(in),
                in.readBoolean());
    }

    private static void writeStart(DataOutputSerializer out, @Nullable ResolvedStart start) throws IOException {
        out.writeBoolean(start != null);
        if (start == null) {
            return;
        }
        writeStartingPosition(out, start.position());
        Map<Integer, String> cursors = start.groupCursors();
        out.writeBoolean(cursors != null);
        if (cursors != null) {
            out.writeInt(cursors.size());
            // Sorted, so that equal states have equal bytes.
            for (Map.Entry<Integer, String> cursor : new TreeMap<>(cursors).entrySet()) {
                out.writeInt(cursor.getKey());
                out.writeUTF(cursor.getValue());
            }
        }
    }

    private static void writeStartingPosition(DataOutputSerializer out, StartingPosition position) throws IOException {
        if (position instanceof StartingPosition.Begin) {
            out.writeByte(START_BEGIN);
        } else if (position instanceof StartingPosition.At at) {
            out.writeByte(START_AT);
            out.writeLong(at.receiveTime().getEpochSecond());
        } else if (position instanceof StartingPosition.Submission submission) {
            out.writeByte(START_SUBMISSION);
            out.writeLong(submission.submitted().getEpochSecond());
        } else if (position instanceof StartingPosition.Committed group) {
            out.writeByte(START_GROUP);
            out.writeUTF(group.consumerGroup());
            writeStartingPosition(out, group.otherwise());
        } else {
            throw new IllegalArgumentException("the start is not resolved: " + position);
        }
    }

    private static @Nullable ResolvedStart readStart(DataInputDeserializer in) throws IOException {
        if (!in.readBoolean()) {
            return null;
        }
        StartingPosition position = readStartingPosition(in);
        if (!in.readBoolean()) {
            return new ResolvedStart(position, null);
        }
        int count = in.readInt();
        Map<Integer, String> cursors = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            cursors.put(in.readInt(), in.readUTF());
        }
        return new ResolvedStart(position, cursors);
    }

    private static StartingPosition readStartingPosition(DataInputDeserializer in) throws IOException {
        int kind = in.readByte();
        return switch (kind) {
            case START_BEGIN -> new StartingPosition.Begin();
            case START_AT -> new StartingPosition.At(Instant.ofEpochSecond(in.readLong()));
            case START_SUBMISSION -> new StartingPosition.Submission(Instant.ofEpochSecond(in.readLong()));
            case START_GROUP -> new StartingPosition.Committed(in.readUTF(), readStartingPosition(in));
            default -> throw new IllegalArgumentException("unknown kind of start " + kind);
        };
    }
}
