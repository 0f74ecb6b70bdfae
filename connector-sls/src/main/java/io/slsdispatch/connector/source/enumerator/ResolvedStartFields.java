package io.slsdispatch.connector.source.enumerator;

import io.slsdispatch.connector.config.StartingPosition;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.jspecify.annotations.Nullable;

/** How a {@link ResolvedStart} stands in state of version 2. */
final class ResolvedStartFields {

    private static final int BEGIN = 0;
    private static final int AT = 1;
    private static final int SUBMISSION = 2;
    private static final int GROUP = 3;

    private ResolvedStartFields() {}

    static void write(DataOutputSerializer out, @Nullable ResolvedStart start) throws IOException {
        out.writeBoolean(start != null);
        if (start == null) {
            return;
        }
        writePosition(out, start.position());
        Map<Integer, String> cursors = start.groupCursors();
        out.writeBoolean(cursors != null);
        if (cursors != null) {
            out.writeInt(cursors.size());
            // In one order, so that equal states have equal bytes.
            for (Map.Entry<Integer, String> cursor : new TreeMap<>(cursors).entrySet()) {
                out.writeInt(cursor.getKey());
                out.writeUTF(cursor.getValue());
            }
        }
    }

    private static void writePosition(DataOutputSerializer out, StartingPosition position) throws IOException {
        if (position instanceof StartingPosition.Begin) {
            out.writeByte(BEGIN);
        } else if (position instanceof StartingPosition.At at) {
            out.writeByte(AT);
            out.writeLong(at.receiveTime().getEpochSecond());
        } else if (position instanceof StartingPosition.Submission submission) {
            out.writeByte(SUBMISSION);
            out.writeLong(submission.submitted().getEpochSecond());
        } else if (position instanceof StartingPosition.Committed group) {
            out.writeByte(GROUP);
            out.writeUTF(group.consumerGroup());
            writePosition(out, group.otherwise());
        } else {
            throw new IllegalArgumentException("a start that is not resolved: " + position);
        }
    }

    static @Nullable ResolvedStart read(DataInputDeserializer in) throws IOException {
        if (!in.readBoolean()) {
            return null;
        }
        StartingPosition position = readPosition(in);
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

    private static StartingPosition readPosition(DataInputDeserializer in) throws IOException {
        int kind = in.readByte();
        return switch (kind) {
            case BEGIN -> new StartingPosition.Begin();
            case AT -> new StartingPosition.At(Instant.ofEpochSecond(in.readLong()));
            case SUBMISSION -> new StartingPosition.Submission(Instant.ofEpochSecond(in.readLong()));
            case GROUP -> new StartingPosition.Committed(in.readUTF(), readPosition(in));
            default -> throw new IllegalArgumentException("unknown kind of start " + kind);
        };
    }
}
