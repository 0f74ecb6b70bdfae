package io.slsdispatch.connector.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.aliyun.openservices.log.common.Logs;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class LogGroupScannerTest {

    private final LogGroupScanner scanner = new LogGroupScanner();

    @Property
    void findsTheLastTopicWhateverStandsAroundIt(
            @ForAll("otherFields") List<WireBytes> before,
            @ForAll("otherFields") List<WireBytes> after,
            @ForAll String earlierTopic,
            @ForAll String topic)
            throws Exception {
        WireBytes group = WireBytes.message();
        before.forEach(field -> append(group, field));
        group.text(LogGroupFields.TOPIC, earlierTopic);
        group.text(LogGroupFields.TOPIC, topic);
        after.forEach(field -> append(group, field));

        byte[] bytes = group.toBytes();
        assertThat(scanner.topic(bytes, 0, bytes.length))
                .isEqualTo(new String(topic.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
    }

    @Property
    void saysTheSameAsTheOfficialSchema(@ForAll("topics") String topic, @ForAll("topics") String source)
            throws Exception {
        byte[] bytes = Logs.LogGroup.newBuilder()
                .setTopic(topic)
                .setSource(source)
                .addLogs(Logs.Log.newBuilder()
                        .setTime(1)
                        .addContents(Logs.Log.Content.newBuilder().setKey("k").setValue(source)))
                .addLogTags(Logs.LogTag.newBuilder().setKey("topic").setValue("not this"))
                .build()
                .toByteArray();

        assertThat(scanner.topic(bytes, 0, bytes.length)).isEqualTo(topic);
    }

    @Property
    void aGroupCutShortIsRefusedOrEndsBetweenTwoFields(
            @ForAll("otherFields") List<WireBytes> fields, @ForAll("topics") String topic, @ForAll Random random) {
        WireBytes group = WireBytes.message();
        fields.forEach(field -> append(group, field));
        group.text(LogGroupFields.TOPIC, topic).text(LogGroupFields.SOURCE, "192.0.2.1");
        byte[] whole = group.toBytes();
        int cut = whole.length - 1 - random.nextInt("192.0.2.1".length() + 1);

        assertThatThrownBy(() -> scanner.topic(whole, 0, cut))
                .isInstanceOf(MalformedLogGroupException.class)
                .hasMessageContaining("malformed log group")
                .hasMessageContaining("at byte");
    }

    @Test
    void noTopicIsTheEmptyTopic() throws Exception {
        byte[] bytes = WireBytes.message()
                .text(LogGroupFields.LOGS, "x")
                .text(LogGroupFields.SOURCE, "s")
                .toBytes();

        assertThat(scanner.topic(bytes, 0, bytes.length)).isEmpty();
        assertThat(scanner.topic(new byte[0], 0, 0)).isEmpty();
    }

    @Test
    void anEmptyTopicAfterAnotherOneCounts() throws Exception {
        byte[] bytes = WireBytes.message()
                .text(LogGroupFields.TOPIC, "a")
                .text(LogGroupFields.TOPIC, "")
                .toBytes();

        assertThat(scanner.topic(bytes, 0, bytes.length)).isEmpty();
    }

    @Test
    void aTopicNumberWithAnotherWireTypeIsAnUnknownField() throws Exception {
        byte[] bytes = WireBytes.message()
                .text(LogGroupFields.TOPIC, "a")
                .number(LogGroupFields.TOPIC, 7)
                .toBytes();

        assertThat(scanner.topic(bytes, 0, bytes.length)).isEqualTo("a");
    }

    @Test
    void readsVarintsThatAreLongerThanTheyNeedToBe() throws Exception {
        byte[] bytes = WireBytes.message()
                .longVarint((LogGroupFields.TOPIC << 3) | 2, 5)
                .longVarint(1, 10)
                .raw('t')
                .toBytes();

        assertThat(scanner.topic(bytes, 0, bytes.length)).isEqualTo("t");
    }

    @Test
    void topicsOfDifferentBytesStayDifferentAlsoWhenTheyAreNotUtf8() throws Exception {
        String first = topicOf(0xff, 'a');
        String second = topicOf(0xfe, 'a');
        String replacement = topicOf(0xef, 0xbf, 0xbd, 'a');

        assertThat(first).isNotEqualTo(second).isNotEqualTo(replacement).isEqualTo(topicOf(0xff, 'a'));
        assertThat(EscapedUtf8.encode(first)).containsExactly(0xff, 'a');
    }

    @Test
    void aTopicOf64KilobytesIsReadWhole() throws Exception {
        String topic = "t".repeat(64 * 1024);
        byte[] bytes = WireBytes.message().text(LogGroupFields.TOPIC, topic).toBytes();

        assertThat(scanner.topic(bytes, 0, bytes.length)).isEqualTo(topic);
    }

    @Test
    void refusesWhatIsNoProtobuf() {
        assertMalformed("field number 0", 0x00, 0x01);
        assertMalformed("wire type 7", 0x0f);
        assertMalformed("wire type 4", 0x0c);
        assertMalformed("longer than the remaining bytes", 0x1a, 0x05, 'a');
        assertMalformed("longer than the remaining bytes", 0x1a, 0xff, 0xff, 0xff, 0xff, 0x0f);
        assertMalformed("inside a varint", 0x08, 0x80);
        assertMalformed("more than 10 bytes", 0x08, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1);
        assertMalformed("end of group 3 in group 2", 0x13, 0x1c);
        assertMalformed("longer than the remaining bytes", 0x0d, 1, 2, 3);
        assertMalformed("longer than the remaining bytes", 0x09, 1, 2, 3, 4, 5, 6, 7);
    }

    @Test
    void refusesGroupsNestedWithoutEnd() {
        int[] bytes = new int[1000];
        java.util.Arrays.fill(bytes, 0x13);
        assertMalformed("nested deeper", bytes);
    }

    private void assertMalformed(String what, int... values) {
        byte[] bytes = WireBytes.message().raw(values).toBytes();
        assertThatThrownBy(() -> scanner.topic(bytes, 0, bytes.length))
                .isInstanceOf(MalformedLogGroupException.class)
                .hasMessageContaining(what);
    }

    private String topicOf(int... values) throws Exception {
        byte[] bytes = WireBytes.message()
                .bytes(LogGroupFields.TOPIC, WireBytes.message().raw(values).toBytes())
                .toBytes();
        return scanner.topic(bytes, 0, bytes.length);
    }

    private static void append(WireBytes group, WireBytes field) {
        for (byte b : field.toBytes()) {
            group.raw(b);
        }
    }

    @Provide
    Arbitrary<String> topics() {
        return Arbitraries.strings()
                .withCharRange('a', 'z')
                .withChars("日本ßé/-_ 🙂")
                .ofMaxLength(40)
                .map(s -> new String(s.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
    }

    @Provide
    Arbitrary<List<WireBytes>> otherFields() {
        Arbitrary<Integer> number = Arbitraries.integers().between(1, 1 << 20).filter(n -> n != LogGroupFields.TOPIC);
        Arbitrary<byte[]> value = Arbitraries.bytes().array(byte[].class).ofMaxSize(300);
        return Arbitraries.oneOf(
                        Combinators.combine(number, value)
                                .as((n, v) -> WireBytes.message().bytes(n, v)),
                        Combinators.combine(number, Arbitraries.longs())
                                .as((n, v) -> WireBytes.message().number(n, v)),
                        number.map(n -> WireBytes.message().fixed32(n)),
                        number.map(n -> WireBytes.message().fixed64(n)),
                        Combinators.combine(number, value).as((n, v) -> WireBytes.message()
                                .group(
                                        n,
                                        WireBytes.message()
                                                .bytes(LogGroupFields.TOPIC, v)
                                                .group(n, WireBytes.message().number(1, 1)))))
                .list()
                .ofMaxSize(8);
    }
}
