package io.slsdispatch.connector.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slsdispatch.connector.model.AddressedLogGroup;
import io.slsdispatch.connector.model.RawLogGroup;
import java.io.IOException;
import java.util.HexFormat;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

class AddressedLogGroupSerializerTest {

    private static final RawLogGroup GROUP = new RawLogGroup(new byte[] {1, 2, 3}, 0, 3, "t", 7, "MQ==", 5);

    private static byte[] written(AddressedLogGroup group) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(64);
        new AddressedLogGroupSerializer().serialize(group, out);
        return out.getCopyOfBuffer();
    }

    @Test
    void aGroupOfALogstoreComesBack() throws IOException {
        AddressedLogGroup read = new AddressedLogGroupSerializer()
                .deserialize(new DataInputDeserializer(written(AddressedLogGroup.to("app-a", GROUP))));

        assertThat(read.logstore()).isEqualTo("app-a");
        assertThat(read.problem()).isNull();
        assertThat(read.group().bytes().toArray()).containsExactly(1, 2, 3);
        assertThat(read.group().topic()).isEqualTo("t");
        assertThat(read.group().cursor()).isEqualTo("MQ==");
    }

    @Test
    void aProblemComesBack() throws IOException {
        AddressedLogGroup read = new AddressedLogGroupSerializer()
                .deserialize(
                        new DataInputDeserializer(written(AddressedLogGroup.withProblem("kein Name: \u00e4", GROUP))));

        assertThat(read.logstore()).isNull();
        assertThat(read.problem()).isEqualTo("kein Name: \u00e4");
    }

    /** Unaligned checkpoints contain it: later builds must read it. */
    @Test
    void theFormOfVersion1IsFixed() throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(64);
        new RawLogGroupSerializer().serialize(GROUP, out);
        String group = HexFormat.of().formatHex(out.getCopyOfBuffer());

        assertThat(HexFormat.of().formatHex(written(AddressedLogGroup.to("app-a", GROUP))))
                .isEqualTo("00000005" + "6170702d61" + group);
        assertThat(HexFormat.of().formatHex(written(AddressedLogGroup.withProblem("no", GROUP))))
                .isEqualTo("fffffffd" + "6e6f" + group);
    }

    @Test
    void itsSnapshotRestoresIt() throws IOException {
        TypeSerializer<AddressedLogGroup> serializer =
                AddressedLogGroupTypeInfo.INSTANCE.createSerializer(new SerializerConfigImpl());
        DataOutputSerializer out = new DataOutputSerializer(64);
        TypeSerializerSnapshot.writeVersionedSnapshot(out, serializer.snapshotConfiguration());

        TypeSerializerSnapshot<AddressedLogGroup> read = TypeSerializerSnapshot.readVersionedSnapshot(
                new DataInputDeserializer(out.getCopyOfBuffer()), getClass().getClassLoader());

        assertThat(read.restoreSerializer()).isEqualTo(serializer);
        assertThat(serializer
                        .snapshotConfiguration()
                        .resolveSchemaCompatibility(read)
                        .isCompatibleAsIs())
                .isTrue();
        assertThatThrownBy(() -> new AddressedLogGroupSerializerSnapshot()
                        .readSnapshot(2, new DataInputDeserializer(), getClass().getClassLoader()))
                .hasMessageContaining("newer build");
    }

    @Test
    void aGroupHasEitherALogstoreOrAProblem() {
        assertThatThrownBy(() -> new AddressedLogGroup(null, null, GROUP)).hasMessageContaining("neither");
        assertThatThrownBy(() -> new AddressedLogGroup("a", "b", GROUP)).hasMessageContaining("both");
    }
}
