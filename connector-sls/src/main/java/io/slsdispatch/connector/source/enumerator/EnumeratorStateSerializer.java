package io.slsdispatch.connector.source.enumerator;

import io.slsdispatch.connector.config.StoppingPosition;
import io.slsdispatch.connector.model.KeyRange;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.Position;
import io.slsdispatch.connector.model.Shard;
import io.slsdispatch.connector.source.split.StateFields;
import java.io.EOFException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/** The binary form of {@link EnumeratorState}. */
public final class EnumeratorStateSerializer implements SimpleVersionedSerializer<EnumeratorState> {

    /**
     * Version 1: logstore, stop, whether the initial discovery is done, unfinished shards, bits of finished ones. Version 2:
     * what the start became, and which shards belong to a run that stops now.
     */
    static final int VERSION = 2;

    private static final String WHAT = "The state of the shard enumerator";

    private static final int STOP_NEVER = 0;
    private static final int STOP_NOW = 1;
    private static final int STOP_AT = 2;

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
        ResolvedStartFields.write(out, state.start());
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
                withStart ? ResolvedStartFields.read(in) : null,
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
}
