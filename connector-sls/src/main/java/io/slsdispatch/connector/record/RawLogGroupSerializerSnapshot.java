package io.slsdispatch.connector.record;

import io.slsdispatch.connector.model.RawLogGroup;
import java.io.IOException;
import org.apache.flink.annotation.Internal;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Snapshot of {@link RawLogGroupSerializer} in savepoints; it contains the version only. Flink creates it by the public
 * constructor.
 */
@Internal
public final class RawLogGroupSerializerSnapshot implements TypeSerializerSnapshot<RawLogGroup> {

    private static final int VERSION = 4;

    /** Version 1 had no packed groups, 2 no marks of groups, 3 no zstd; data of all of them is read as it is. */
    private static final int OLDEST = 1;

    @Override
    public int getCurrentVersion() {
        return VERSION;
    }

    @Override
    public void writeSnapshot(DataOutputView out) {
        // The only content is the version, which Flink writes.
    }

    @Override
    public void readSnapshot(int readVersion, DataInputView in, ClassLoader userCodeClassLoader) throws IOException {
        if (readVersion < OLDEST || readVersion > VERSION) {
            throw new IOException("The serializer of raw log groups has version " + readVersion
                    + " in this savepoint; this build reads versions " + OLDEST + " to " + VERSION
                    + ". It was written by a newer build: restore it with that build or a later one.");
        }
    }

    @Override
    public TypeSerializer<RawLogGroup> restoreSerializer() {
        return new RawLogGroupSerializer();
    }

    @Override
    public TypeSerializerSchemaCompatibility<RawLogGroup> resolveSchemaCompatibility(
            TypeSerializerSnapshot<RawLogGroup> oldSnapshot) {
        return oldSnapshot instanceof RawLogGroupSerializerSnapshot
                ? TypeSerializerSchemaCompatibility.compatibleAsIs()
                : TypeSerializerSchemaCompatibility.incompatible();
    }
}
