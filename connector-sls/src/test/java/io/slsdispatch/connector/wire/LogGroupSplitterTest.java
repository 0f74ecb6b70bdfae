package io.slsdispatch.connector.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class LogGroupSplitterTest {

    @Property
    void partsHaveAllLogsOnceInOrderAndAllElseEachTime(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 400) int partBytes) throws Exception {
        Random random = new Random(seed);
        List<byte[]> fields = new ArrayList<>();
        for (int i = random.nextInt(60); i > 0; i--) {
            fields.add(field(random));
        }
        byte[] group = joined(fields);
        List<byte[]> logs = fields.stream().filter(LogGroupSplitterTest::isLog).toList();
        List<byte[]> others = fields.stream().filter(field -> !isLog(field)).toList();

        LogGroupSplitter splitter = new LogGroupSplitter(group, 0, group.length, partBytes);
        List<byte[]> parts = new ArrayList<>();
        splitter.forEachRemaining(parts::add);

        assertThat(splitter.logs()).isEqualTo(logs.size());
        assertThat(splitter.frameBytes()).isEqualTo(joined(others).length);
        List<byte[]> logsOfParts = new ArrayList<>();
        for (byte[] part : parts) {
            List<byte[]> fieldsOfPart = fields(part);
            List<byte[]> logsOfPart =
                    fieldsOfPart.stream().filter(LogGroupSplitterTest::isLog).toList();
            assertThat(fieldsOfPart.stream().filter(field -> !isLog(field)).toList())
                    .usingElementComparator(Arrays::compare)
                    .isEqualTo(others);
            assertThat(logsOfPart).isNotEmpty();
            assertThat(part.length <= partBytes || logsOfPart.size() == 1).isTrue();
            logsOfParts.addAll(logsOfPart);
        }
        assertThat(logsOfParts).usingElementComparator(Arrays::compare).isEqualTo(logs);
    }

    @Property(tries = 100)
    void repetitionMakesTheSameParts(@ForAll long seed, @ForAll @IntRange(min = 1, max = 400) int partBytes)
            throws Exception {
        Random random = new Random(seed);
        List<byte[]> fields = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            fields.add(field(random));
        }
        byte[] group = joined(fields);
        byte[] elsewhere = joined(List.of(new byte[7], group, new byte[3]));

        List<byte[]> parts = new ArrayList<>();
        new LogGroupSplitter(group, 0, group.length, partBytes).forEachRemaining(parts::add);
        List<byte[]> again = new ArrayList<>();
        new LogGroupSplitter(elsewhere, 7, group.length, partBytes).forEachRemaining(again::add);

        assertThat(again).usingElementComparator(Arrays::compare).isEqualTo(parts);
    }

    @Test
    void fieldsBetweenLogsKeepTheirPlace() throws Exception {
        byte[] group = WireBytes.message()
                .text(3, "topic")
                .text(1, "log 1")
                .text(6, "tag")
                .text(1, "log 2")
                .text(99, "unknown")
                .toBytes();

        List<byte[]> parts = new ArrayList<>();
        new LogGroupSplitter(group, 0, group.length, 1).forEachRemaining(parts::add);

        assertThat(parts)
                .usingElementComparator(Arrays::compare)
                .containsExactly(
                        WireBytes.message()
                                .text(3, "topic")
                                .text(1, "log 1")
                                .text(6, "tag")
                                .text(99, "unknown")
                                .toBytes(),
                        WireBytes.message()
                                .text(3, "topic")
                                .text(6, "tag")
                                .text(1, "log 2")
                                .text(99, "unknown")
                                .toBytes());
    }

    @Test
    void groupWithoutLogsHasNoParts() throws Exception {
        byte[] group = WireBytes.message().text(3, "topic").toBytes();

        assertThat(new LogGroupSplitter(group, 0, group.length, 1).hasNext()).isFalse();
    }

    @Test
    void refusesWhatIsNoMessage() {
        assertThatThrownBy(() -> new LogGroupSplitter(new byte[] {0x0a, 100, 1}, 0, 3, 1))
                .isInstanceOf(MalformedLogGroupException.class);
    }

    /** A log, one of the fields that the schema knows, or one that it does not; of any wire type. */
    private static byte[] field(Random random) {
        WireBytes field = WireBytes.message();
        byte[] value = new byte[random.nextInt(60)];
        random.nextBytes(value);
        return switch (random.nextInt(8)) {
            case 0 -> field.bytes(3, value).toBytes();
            case 1 -> field.bytes(6, value).toBytes();
            case 2 -> field.number(70, random.nextLong()).toBytes();
            case 3 -> field.fixed32(9).toBytes();
            // Not a log, although it has the number of one.
            case 4 -> field.number(1, random.nextInt()).toBytes();
            case 5 -> field.group(8, WireBytes.message().bytes(1, value)).toBytes();
            default -> field.bytes(1, value).toBytes();
        };
    }

    private static boolean isLog(byte[] field) {
        return field[0] == 0x0a;
    }

    private static List<byte[]> fields(byte[] group) throws MalformedLogGroupException {
        List<byte[]> found = new ArrayList<>();
        FieldCursor cursor = new FieldCursor();
        cursor.reset(group, 0, group.length);
        while (cursor.next()) {
            found.add(Arrays.copyOfRange(group, cursor.fieldStart(), cursor.fieldEnd()));
        }
        return found;
    }

    private static byte[] joined(List<byte[]> parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        parts.forEach(all::writeBytes);
        return all.toByteArray();
    }
}
