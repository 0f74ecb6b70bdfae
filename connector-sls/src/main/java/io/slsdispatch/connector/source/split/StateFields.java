package io.slsdispatch.connector.source.split;

import io.slsdispatch.connector.model.KeyRange;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.Position;
import java.io.EOFException;
import java.io.IOException;
import java.time.DateTimeException;
import org.apache.flink.annotation.Internal;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.jspecify.annotations.Nullable;

/** Serialization of fields that several states share, and deserialization of a complete state from its bytes. */
@Internal
public final class StateFields {

    private StateFields() {}

    /** Reads one state from its bytes. */
    @FunctionalInterface
    public interface Reader<T> {
        T read(DataInputDeserializer in) throws IOException;
    }

    /**
     * Reads a complete state.
     *
     * @param what the name of the state, for messages
     * @throws IOException if the bytes end early, are not fully consumed, or contain invalid values
     */
    public static <T> T readAll(String what, byte[] bytes, Reader<T> reader) throws IOException {
        DataInputDeserializer in = new DataInputDeserializer(bytes);
        T state;
        try {
            state = reader.read(in);
        } catch (EOFException e) {
            throw new IOException(what + " is truncated: it ends after " + bytes.length + " bytes", e);
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new IOException(what + " is damaged: " + e.getMessage(), e);
        }
        if (in.available() > 0) {
            throw new IOException(
                    what + " is damaged: " + in.available() + " of its " + bytes.length + " bytes are unused");
        }
        return state;
    }

    /** Returns the exception for a state version that this build does not support. */
    public static IOException unknownVersion(String what, int version, int newest) {
        return new IOException(what + " has version " + version + "; this build reads 1 to " + newest
                + ". It was written by a newer build: restore it with that build.");
    }

    public static void writeLogstore(DataOutputSerializer out, LogstoreId logstore) throws IOException {
        out.writeUTF(logstore.project());
        out.writeUTF(logstore.logstore());
    }

    public static LogstoreId readLogstore(DataInputDeserializer in) throws IOException {
        return new LogstoreId(in.readUTF(), in.readUTF());
    }

    public static void writeRange(DataOutputSerializer out, KeyRange range) throws IOException {
        out.writeUTF(range.beginHex());
        out.writeUTF(range.endHex());
    }

    public static KeyRange readRange(DataInputDeserializer in) throws IOException {
        return KeyRange.ofHex(in.readUTF(), in.readUTF());
    }

    public static void writePosition(DataOutputSerializer out, Position position) throws IOException {
        out.writeUTF(position.cursor().text());
        out.writeInt(position.emitted());
    }

    public static Position readPosition(DataInputDeserializer in) throws IOException {
        return new Position(in.readUTF(), in.readInt());
    }

    public static void writeOptional(DataOutputSerializer out, @Nullable String text) throws IOException {
        out.writeBoolean(text != null);
        if (text != null) {
            out.writeUTF(text);
        }
    }

    public static @Nullable String readOptional(DataInputDeserializer in) throws IOException {
        return in.readBoolean() ? in.readUTF() : null;
    }
}
