package io.slsdispatch.connector.record;

import io.slsdispatch.connector.model.AddressedLogGroup;
import io.slsdispatch.connector.model.RawLogGroup;
import java.io.IOException;
import org.apache.flink.annotation.Internal;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Snapshot of {@link AddressedLogGroupSerializer} in savepoints: its version, and the snapshot of the serializer of the
 * group, so that each of them may change on its own. Flink creates it by the public constructor.
 */
@Internal
public final class AddressedLogGroupSerializerSnapshot implements TypeSerializerSnapshot<AddressedLogGroup> {

    private static final int VERSION = 1;

    private TypeSerializerSnapshot<RawLogGroup> group;

    /** Called by Flink, which reads the content afterwards. */
    public AddressedLogGroupSerializerSnapshot() {
        this(new RawLogGroupSerializer());
    }

    AddressedLogGroupSerializerSnapshot(TypeSerializer<RawLogGroup> groups) {
        this.group = groups.snapshotConfiguration();
    }

    @Override
    public int getCurrentVersion() {
        return VERSION;
    }

    @Override
    public void writeSnapshot(DataOutputView out) throws IOException {
        TypeSerializerSnapshot.writeVersionedSnapshot(out, group);
    }

    @Override
    public void readSnapshot(int readVersion, DataInputView in, ClassLoader userCodeClassLoader) throws IOException {
        if (readVersion != VERSION) {
            throw new IOException("The serializer of addressed log groups has version " + readVersion
                    + " in this savepoint; this build reads version " + VERSION
                    + ". It was written by a newer build: restore it with that build or a later one.");
        }
        group = TypeSerializerSnapshot.readVersionedSnapshot(in, userCodeClassLoader);
    }

    @Override
    public TypeSerializer<AddressedLogGroup> restoreSerializer() {
        return new AddressedLogGroupSerializer(group.restoreSerializer());
    }

    @Override
    public TypeSerializerSchemaCompatibility<AddressedLogGroup> resolveSchemaCompatibility(
            TypeSerializerSnapshot<AddressedLogGroup> oldSnapshot) {
        if (!(oldSnapshot instanceof AddressedLogGroupSerializerSnapshot old)) {
            return TypeSerializerSchemaCompatibility.incompatible();
        }
        return group.resolveSchemaCompatibility(old.group).isCompatibleAsIs()
                ? TypeSerializerSchemaCompatibility.compatibleAsIs()
                : TypeSerializerSchemaCompatibility.incompatible();
    }
}
