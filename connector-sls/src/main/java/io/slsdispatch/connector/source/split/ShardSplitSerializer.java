package io.slsdispatch.connector.source.split;

import java.io.IOException;
import org.apache.flink.annotation.Internal;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/** Serializer of {@link ShardSplit}, for checkpoints and for assignments to readers. */
@Internal
public final class ShardSplitSerializer implements SimpleVersionedSerializer<ShardSplit> {

    /**
     * Version 1: logstore, shard, range, creation time, position, stop cursor if any, finished. Version 2 adds the
     * receive time of the group before the position.
     */
    static final int VERSION = 2;

    private static final String WHAT = "The state of a shard";

    @Override
    public int getVersion() {
        return VERSION;
    }

    @Override
    public byte[] serialize(ShardSplit split) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(192);
        StateFields.writeLogstore(out, split.logstore());
        out.writeInt(split.shard());
        StateFields.writeRange(out, split.range());
        out.writeLong(split.createdAtSeconds());
        StateFields.writePosition(out, split.position());
        out.writeLong(split.receivedAtSeconds());
        StateFields.writeOptional(out, split.stopCursor());
        out.writeBoolean(split.finished());
        return out.getCopyOfBuffer();
    }

    @Override
    public ShardSplit deserialize(int version, byte[] bytes) throws IOException {
        return switch (version) {
            case 1 -> StateFields.readAll(WHAT, bytes, in -> read(in, false));
            case 2 -> StateFields.readAll(WHAT, bytes, in -> read(in, true));
            default -> throw StateFields.unknownVersion(WHAT, version, VERSION);
        };
    }

    private static ShardSplit read(DataInputDeserializer in, boolean timed) throws IOException {
        return new ShardSplit(
                StateFields.readLogstore(in),
                in.readInt(),
                StateFields.readRange(in),
                in.readLong(),
                StateFields.readPosition(in),
                timed ? in.readLong() : 0,
                StateFields.readOptional(in),
                in.readBoolean());
    }
}
