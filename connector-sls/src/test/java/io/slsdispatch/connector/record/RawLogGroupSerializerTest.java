package io.slsdispatch.connector.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slsdispatch.connector.model.ByteSlice;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.wire.Codec;
import io.slsdispatch.connector.wire.Codecs;
import io.slsdispatch.connector.wire.Compression;
import io.slsdispatch.connector.wire.EscapedUtf8;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RawLogGroupSerializerTest {

    /** Version 1 as first released. Never to be changed: bytes like these stand in users' checkpoints. */
    private static final String GOLDEN_V1 =
            "00000007" + "00000003" + "00000004" + "4d54593d" + "00000002" + "74ff" + "00000005" + "1a0374ff21";

    /** What version 2 has more: a group of 40 equal bytes that is packed. */
    private static final String GOLDEN_V2 = "00000007" + "00000003" + "00000004" + "4d54593d" + "00000002" + "74ff"
            + "ffffffd7" + "0000000b" + "1f6101000f506161616161";

    /** What version 3 has more: a numbered group, and a malformed one without a topic, packed. */
    private static final String GOLDEN_V3 =
            "00000007" + "fffffffc" + "00000004" + "4d54593d" + "00000002" + "74ff" + "00000005" + "1a0374ff21";

    private static final String GOLDEN_V3_MALFORMED = "00000007" + "fffffffc" + "00000004" + "4d54593d" + "ffffffff"
            + "ffffffd7" + "0000000b" + "1f6101000f506161616161";

    /** What version 4 has more: a group that is packed as a frame of zstd. Here its content is one raw block. */
    private static final String GOLDEN_V4 = "00000007" + "00000003" + "00000004" + "4d54593d" + "00000002" + "74ff"
            + "fffffffa" + "fffffff1" + "28b52ffd" + "2005" + "290000" + "1a0374ff21";

    private final TypeSerializer<RawLogGroup> serializer = new RawLogGroupSerializer();

    @Property
    void aGroupSurvivesTheWayThroughTheSerializer(
            @ForAll byte[] before,
            @ForAll byte[] group,
            @ForAll byte[] topic,
            @ForAll @IntRange(min = 0) int shard,
            @ForAll @IntRange(min = 0) int index,
            @ForAll boolean numbered,
            @ForAll boolean malformed)
            throws IOException {
        byte[] array = Arrays.copyOf(before, before.length + group.length);
        System.arraycopy(group, 0, array, before.length, group.length);
        RawLogGroup plain = new RawLogGroup(
                array,
                before.length,
                group.length,
                EscapedUtf8.decode(topic, 0, topic.length),
                shard,
                "c" + index,
                index);
        RawLogGroup marked = malformed ? plain.asMalformed() : plain;
        RawLogGroup written = numbered ? marked.numbered() : marked;

        assertSame(read(write(written)), written);
        assertSame(read(copied(write(written))), written);
    }

    @Test
    void bytesOfVersion1AreReadAndWritten() throws IOException {
        byte[] golden = HexFormat.of().parseHex(GOLDEN_V1);
        RawLogGroup group = read(golden);

        assertThat(group.shard()).isEqualTo(7);
        assertThat(group.index()).isEqualTo(3);
        assertThat(group.cursor()).isEqualTo("MTY=");
        assertThat(EscapedUtf8.encode(group.topic())).containsExactly('t', 0xff);
        assertThat(bytes(group)).containsExactly(0x1a, 3, 't', 0xff, '!');
        assertThat(write(group)).isEqualTo(golden);
    }

    @Test
    void bytesOfVersion2AreReadAndWritten() throws IOException {
        byte[] golden = HexFormat.of().parseHex(GOLDEN_V2);
        RawLogGroup group = read(golden);

        assertThat(group.shard()).isEqualTo(7);
        assertThat(group.length()).isEqualTo(40);
        assertThat(group.block()).isNotNull();
        assertThat(bytes(group)).isEqualTo("a".repeat(40).getBytes(StandardCharsets.US_ASCII));
        assertThat(write(group)).isEqualTo(golden);
        assertThat(copied(golden)).isEqualTo(golden);
    }

    @Test
    void bytesOfVersion3AreReadAndWritten() throws IOException {
        RawLogGroup numbered = read(HexFormat.of().parseHex(GOLDEN_V3));
        RawLogGroup malformed = read(HexFormat.of().parseHex(GOLDEN_V3_MALFORMED));

        assertThat(numbered.index()).isEqualTo(3);
        assertThat(numbered.number()).hasValue(16 + 3);
        assertThat(numbered.isMalformed()).isFalse();
        assertThat(HexFormat.of().formatHex(write(numbered))).isEqualTo(GOLDEN_V3);
        assertThat(malformed.number()).hasValue(16 + 3);
        assertThat(malformed.isMalformed()).isTrue();
        assertThat(malformed.topic()).isEmpty();
        assertThat(bytes(malformed)).isEqualTo("a".repeat(40).getBytes(StandardCharsets.US_ASCII));
        assertThat(HexFormat.of().formatHex(write(malformed))).isEqualTo(GOLDEN_V3_MALFORMED);
        assertThat(HexFormat.of().formatHex(copied(write(malformed)))).isEqualTo(GOLDEN_V3_MALFORMED);
    }

    @Test
    void bytesOfVersion4AreReadAndWritten() throws IOException {
        byte[] golden = HexFormat.of().parseHex(GOLDEN_V4);
        RawLogGroup group = read(golden);

        assertThat(group.packing()).isEqualTo(Compression.ZSTD);
        assertThat(group.length()).isEqualTo(5);
        assertThat(bytes(group)).containsExactly(0x1a, 3, 't', 0xff, '!');
        assertThat(HexFormat.of().formatHex(write(group))).isEqualTo(GOLDEN_V4);
        assertThat(HexFormat.of().formatHex(copied(golden))).isEqualTo(GOLDEN_V4);
    }

    @Property
    void aPackedGroupSurvivesTheWayThroughTheSerializer(
            @ForAll byte[] content, @ForAll Compression packing, @ForAll boolean numbered, @ForAll boolean malformed)
            throws IOException {
        byte[] block = new byte[packing.maxLength(content.length)];
        int length;
        try (Codec codec = Codecs.borrow()) {
            length = codec.compress(packing, 1, content, 0, content.length, block, 0);
        }
        RawLogGroup plain = RawLogGroup.packed(
                packing, new ByteSlice(block, 0, length), content.length, "topic", 1, "cursor", 2, numbered);
        RawLogGroup written = malformed ? plain.asMalformed() : plain;

        assertSame(read(write(written)), written);
        assertSame(read(copied(write(written))), written);
        assertThat(read(write(written)).packing()).isEqualTo(packing);
    }

    @ParameterizedTest
    @ValueSource(strings = {GOLDEN_V1, GOLDEN_V2})
    void groupsOfOlderVersionsHaveNoNumberAndAreWellFormed(String version) throws IOException {
        RawLogGroup group = read(HexFormat.of().parseHex(version));

        assertThat(group.number()).isEmpty();
        assertThat(group.isMalformed()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {GOLDEN_V1, GOLDEN_V2, GOLDEN_V3, GOLDEN_V3_MALFORMED, GOLDEN_V4})
    void bytesCutShortAreRefused(String version) {
        byte[] golden = HexFormat.of().parseHex(version);
        for (int length = 0; length < golden.length; length++) {
            byte[] cut = Arrays.copyOf(golden, length);
            assertThatThrownBy(() -> read(cut)).isInstanceOf(EOFException.class);
        }
    }

    @Test
    void aNewerVersionIsRefusedWithWhatToDo() {
        assertThatThrownBy(() -> new RawLogGroupSerializerSnapshot()
                        .readSnapshot(
                                5,
                                new DataInputDeserializer(new byte[0]),
                                getClass().getClassLoader()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("version 5")
                .hasMessageContaining("newer build");
    }

    @Test
    void theSnapshotRestoresASerializerThatIsCompatible() {
        var snapshot = serializer.snapshotConfiguration();

        assertThat(snapshot.restoreSerializer()).isEqualTo(serializer);
        assertThat(serializer
                        .snapshotConfiguration()
                        .resolveSchemaCompatibility(snapshot)
                        .isCompatibleAsIs())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void whatAnOlderVersionWroteIsReadAsItIs(int version) throws IOException {
        RawLogGroupSerializerSnapshot older = new RawLogGroupSerializerSnapshot();
        older.readSnapshot(
                version, new DataInputDeserializer(new byte[0]), getClass().getClassLoader());

        assertThat(serializer
                        .snapshotConfiguration()
                        .resolveSchemaCompatibility(older)
                        .isCompatibleAsIs())
                .isTrue();
    }

    private byte[] write(RawLogGroup group) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(64);
        serializer.serialize(group, out);
        return out.getCopyOfBuffer();
    }

    private byte[] copied(byte[] bytes) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(64);
        serializer.copy(new DataInputDeserializer(bytes), out);
        return out.getCopyOfBuffer();
    }

    private RawLogGroup read(byte[] bytes) throws IOException {
        return serializer.duplicate().deserialize(new DataInputDeserializer(bytes));
    }

    private static byte[] bytes(RawLogGroup group) {
        return group.bytes().toArray();
    }

    private static void assertSame(RawLogGroup actual, RawLogGroup expected) {
        assertThat(bytes(actual)).isEqualTo(bytes(expected));
        assertThat(actual).usingRecursiveComparison().ignoringFields("stored").isEqualTo(expected);
    }
}
