package io.slsdispatch.connector.sink;

import static io.slsdispatch.connector.sink.WriterRig.config;
import static io.slsdispatch.connector.sink.WriterRig.delivery;
import static io.slsdispatch.connector.sink.WriterRig.withDeadLetters;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.config.SinkConfig.OnReject;
import io.slsdispatch.connector.deadletter.DeadLetter;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.put.GroupSplitter;
import io.slsdispatch.connector.wire.FieldCursor;
import io.slsdispatch.connector.wire.WireBytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scenario E9: groups and logs around and above what the service takes. */
class OversizedGroupTest {

    private static final long PLENTY = 1 << 30;
    private static final int LIMIT = 10 * 1024 * 1024;
    private static final byte[] FRAME = WireBytes.message()
            .text(3, "topic")
            .text(4, "10.0.0.1")
            .message(6, WireBytes.message().text(1, "__path__").text(2, "/var/log/a"))
            .fixed64(77)
            .toBytes();

    @ParameterizedTest
    @ValueSource(ints = {99, 101})
    void groupsOf9900And10100KilobytesAreWithinTheLimitAndWrittenAsTheyAre(int logCount) throws Exception {
        WriterRig rig = new WriterRig(config().build());
        rig.target.acceptingAll();
        byte[] group = group(logs(logCount, 100_000));

        rig.write(raw(group));
        rig.flush();

        assertThat(rig.target.storedGroups()).hasSize(1);
        assertThat(bytes(rig.target.storedGroups().get(0))).isEqualTo(group);
        assertThat(rig.metrics.counted("sls.splitGroups")).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {106, 600})
    void groupsOf10600KilobytesAndOf60MegabytesAreSplitByTheirLogs(int logCount) throws Exception {
        WriterRig rig = new WriterRig(config().build());
        rig.target.acceptingAll();
        List<byte[]> logs = logs(logCount, 100_000);

        rig.write(raw(group(logs)));
        rig.flush();

        List<byte[]> stored = new ArrayList<>();
        for (RawLogGroup part : rig.target.storedGroups()) {
            assertThat(part.length()).isLessThanOrEqualTo(GroupSplitter.PART_BYTES);
            assertThat(part.topic()).isEqualTo("topic");
            assertThat(part.index()).isEqualTo(7);
            assertThat(frame(part)).isEqualTo(FRAME);
            stored.addAll(logsOf(part));
        }
        assertThat(stored).usingElementComparator(Arrays::compare).isEqualTo(logs);
        assertThat(rig.metrics.counted("sls.splitGroups")).isEqualTo(1);
        assertThat(rig.metrics.counted("sls.splitParts"))
                .isEqualTo(rig.target.storedGroups().size());
        assertThat(rig.metrics.counted("numRecordsSend"))
                .isEqualTo(rig.target.storedGroups().size());
        assertThat(rig.metrics.shown("sls.inFlightBytes")).isZero();
    }

    @Test
    void logOf12MegabytesIsADeadLetterAndTheOthersOfItsGroupArrive() throws Exception {
        WriterRig rig = new WriterRig(withDeadLetters().build());
        rig.target.acceptingAll();
        byte[] first = log(1, 1_000);
        byte[] large = log(2, 12_000_000);
        byte[] last = log(3, 1_000);

        rig.write(raw(group(List.of(first, large, last))));
        rig.flush();

        List<byte[]> arrived = new ArrayList<>();
        for (RawLogGroup part : rig.storedInTarget()) {
            arrived.addAll(logsOf(part));
        }
        assertThat(arrived).usingElementComparator(Arrays::compare).containsExactly(first, last);
        assertThat(rig.deadLetters()).singleElement().satisfies(letter -> {
            assertThat(letter.reason().cause()).isEqualTo(DeadLetter.Cause.REJECTED);
            assertThat(letter.reason().errorCode()).isEqualTo("PostBodyTooLarge");
            assertThat(letter.group().index()).isEqualTo(7);
            assertThat(bytes(letter.group())).isEqualTo(group(List.of(large)));
        });
        assertThat(rig.metrics.counted("sls.deadLettered")).isEqualTo(1);
    }

    /** Else who sends them again would take all but one for repeats. */
    @Test
    void deadLettersOfEqualPartsHaveIdsOfTheirOwn() throws Exception {
        WriterRig rig = new WriterRig(withDeadLetters().build());
        rig.target.answeringAtOnce(
                request -> request.logstore().logstore().equals("target") ? ErrorKind.INVALID_REQUEST : null);
        byte[] log = log(1, 1_000_000);

        rig.write(raw(group(Collections.nCopies(12, log))));
        rig.flush();

        assertThat(rig.deadLetters())
                .hasSizeGreaterThan(1)
                .extracting(DeadLetter::id)
                .doesNotHaveDuplicates();
        assertThat(rig.deadLetters())
                .extracting(letter -> letter.group().part())
                .containsExactly("0", "1", "2");
        assertThat(logsOf(rig.deadLetters().get(0).group()).size()).isEqualTo(5);
    }

    @Test
    void logThatIsTooLargeFailsTheJobUnlessToldOtherwise() {
        WriterRig rig = new WriterRig(config().build());
        rig.target.acceptingAll();

        assertThatThrownBy(() -> rig.write(raw(group(List.of(log(1, 12_000_000))))))
                .hasMessageContaining("permanently rejected")
                .hasMessageContaining("cannot be split");
    }

    @Test
    void groupWhoseTagsAloneAreTooLargeIsRejectedAsAWhole() throws Exception {
        WriterRig rig = new WriterRig(config().onReject(OnReject.DROP).build());
        rig.target.acceptingAll();
        WireBytes group = WireBytes.message().bytes(6, new byte[9_000_000]);
        for (byte[] log : logs(30, 100_000)) {
            group.bytes(1, log);
        }

        rig.write(raw(group.toBytes()));
        rig.flush();

        assertThat(rig.target.storedGroups()).isEmpty();
        assertThat(rig.metrics.counted("sls.dropped")).isEqualTo(1);
    }

    @Test
    void groupThatTheServiceFindsTooLargeIsSplitUntilItTakesTheParts() throws Exception {
        WriterRig rig = new WriterRig(
                config().delivery(delivery(true, false, 8, PLENTY)).build());
        rig.target.answeringAtOnce(request -> request.rawBytes() > 300_000 ? ErrorKind.TOO_LARGE : null);
        List<byte[]> logs = logs(20, 50_000);

        rig.write(raw(group(logs)));
        rig.flush();

        List<byte[]> stored = new ArrayList<>();
        for (RawLogGroup part : rig.target.storedGroups()) {
            assertThat(frame(part)).isEqualTo(FRAME);
            stored.addAll(logsOf(part));
        }
        assertThat(stored).usingElementComparator(Arrays::compare).isEqualTo(logs);
        assertThat(rig.metrics.counted("sls.splitGroups")).isPositive();
        assertThat(rig.metrics.shown("sls.inFlightBytes")).isZero();
    }

    @Test
    void singleLogThatTheServiceFindsTooLargeIsRejected() throws Exception {
        WriterRig rig = new WriterRig(config().onReject(OnReject.DROP).build());
        rig.target.answeringAtOnce(request -> request.rawBytes() > 60_000 ? ErrorKind.TOO_LARGE : null);

        rig.write(raw(group(List.of(log(1, 50_000), log(2, 70_000), log(3, 50_000)))));
        rig.flush();

        assertThat(rig.target.storedGroups()).hasSize(2);
        assertThat(rig.metrics.counted("sls.dropped")).isEqualTo(1);
    }

    @Test
    void groupWithoutLogsIsWrittenAsItIs() throws Exception {
        WriterRig rig = new WriterRig(config().build());
        rig.target.acceptingAll();

        rig.write(raw(FRAME));
        rig.write(raw(new byte[0]));
        rig.flush();

        assertThat(rig.target.storedGroups().stream().map(RawLogGroup::length)).containsExactly(FRAME.length, 0);
    }

    @Test
    void groupAtTheLimitIsNotSplit() throws Exception {
        WriterRig rig = new WriterRig(config().build());
        rig.target.acceptingAll();

        rig.write(0, "topic", LIMIT);
        rig.flush();

        assertThat(rig.target.requests()).hasSize(1);
    }

    private static List<byte[]> logs(int count, int bytes) {
        List<byte[]> logs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            logs.add(log(i, bytes));
        }
        return logs;
    }

    private static byte[] log(int number, int bytes) {
        byte[] value = new byte[bytes - 40];
        Arrays.fill(value, (byte) ('a' + number % 26));
        return WireBytes.message()
                .number(1, 1_700_000_000 + number)
                .message(2, WireBytes.message().text(1, "k").bytes(2, value))
                .toBytes();
    }

    private static byte[] group(List<byte[]> logs) {
        WireBytes group = WireBytes.message();
        logs.forEach(log -> group.bytes(1, log));
        byte[] bytes = group.toBytes();
        byte[] whole = Arrays.copyOf(FRAME, FRAME.length + bytes.length);
        System.arraycopy(bytes, 0, whole, FRAME.length, bytes.length);
        return whole;
    }

    private static RawLogGroup raw(byte[] group) {
        return new RawLogGroup(group, 0, group.length, "topic", 3, "cursor", 7);
    }

    private static byte[] bytes(RawLogGroup group) {
        return group.bytes().toArray();
    }

    private static byte[] frame(RawLogGroup part) {
        return Arrays.copyOf(part.bytes().array(), FRAME.length);
    }

    private static List<byte[]> logsOf(RawLogGroup part) throws Exception {
        List<byte[]> logs = new ArrayList<>();
        FieldCursor fields = new FieldCursor();
        fields.reset(part.bytes().array(), part.bytes().offset(), part.length());
        while (fields.next()) {
            if (fields.isBytes(1)) {
                logs.add(Arrays.copyOfRange(
                        part.bytes().array(), fields.valueOffset(), fields.valueOffset() + fields.valueLength()));
            }
        }
        return logs;
    }
}
