package io.slsdispatch.connector.deadletter;

import static io.slsdispatch.testing.LogGroupBuilder.logGroup;
import static org.assertj.core.api.Assertions.assertThat;

import com.aliyun.openservices.log.common.Logs;
import io.slsdispatch.connector.deadletter.DeadLetter.Cause;
import io.slsdispatch.connector.deadletter.DeadLetter.Reason;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.wire.WireBytes;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** What the encoder writes, and that the decoder gives it back. */
class DeadLetterTest {

    private static final LogstoreId TARGET = new LogstoreId("my-project", "nginx-logs");
    private static final Instant TIME = Instant.parse("2026-05-04T03:02:01.123Z");
    private static final Reason REASON =
            new Reason(Cause.REJECTED, "InvalidTimestamp", 400, "5B0D3F4E", "a log's time is out of range");

    private final DeadLetterDecoder decoder = new DeadLetterDecoder();

    @Property(tries = 200)
    void givesBackWhatWasNotTakenByteForByte(
            @ForAll byte[] bytes, @ForAll String message, @ForAll int shard, @ForAll boolean outage) {
        Reason reason =
                new Reason(outage ? Cause.OUTAGE : Cause.REJECTED, "Code", -1, "", withoutLoneSurrogates(message));
        byte[] array = new byte[bytes.length + 9];
        System.arraycopy(bytes, 0, array, 4, bytes.length);
        RawLogGroup group = new RawLogGroup(array, 4, bytes.length, "topic", shard, "MTIz", 17);

        DeadLetter read = onlyLetter(new DeadLetter(group, "nginx", TARGET, reason, TIME));

        assertThat(bytes(read.group())).isEqualTo(bytes);
        assertThat(read.group().shard()).isEqualTo(shard);
        assertThat(read.group().cursor()).isEqualTo("MTIz");
        assertThat(read.group().index()).isEqualTo(17);
        assertThat(read.target()).isEqualTo("nginx");
        assertThat(read.logstore()).isEqualTo(TARGET);
        assertThat(read.time()).isEqualTo(TIME);
        assertThat(read.reason().cause()).isEqualTo(reason.cause());
    }

    private static String withoutLoneSurrogates(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    @Property(tries = 20)
    void chunksOfLargeLettersComeInAnyOrderAndFromRepeatedAttempts(
            @ForAll long seed, @ForAll @IntRange(min = 1_000_000, max = 5_000_000) int size) {
        Random random = new Random(seed);
        byte[] noise = new byte[size];
        random.nextBytes(noise);
        DeadLetter letter = letter(noise);
        DeadLetterEncoder encoder = new DeadLetterEncoder(random);
        List<byte[]> groups = new ArrayList<>();
        for (int attempt = 0; attempt < 2; attempt++) {
            DeadLetterEncoder.Encoded encoded = encoder.encode(letter);
            for (int chunk = 0; chunk < encoded.chunks(); chunk++) {
                byte[] log = encoded.log(chunk);
                assertThat(log.length).isLessThan(1_000_000);
                groups.add(DeadLetterEncoder.group(List.of(log)));
            }
        }
        // Of the first attempt one chunk never got there.
        groups.remove(random.nextInt(groups.size() / 2));
        Collections.shuffle(groups, random);

        List<DeadLetter> read = new ArrayList<>();
        for (byte[] group : groups) {
            DeadLetterDecoder.Reading reading = decoder.read(group, 0, group.length);
            assertThat(reading.problems()).isEmpty();
            read.addAll(reading.letters());
        }

        assertThat(read).singleElement().satisfies(one -> {
            assertThat(bytes(one.group())).isEqualTo(noise);
            assertThat(one.id()).isEqualTo(letter.id());
        });
        assertThat(decoder.incomplete()).isEmpty();
    }

    @Test
    void lettersOfWhichAPartIsMissingAreNamed() {
        byte[] noise = new byte[2_000_000];
        new Random(1).nextBytes(noise);
        DeadLetter letter = letter(noise);
        byte[] group = DeadLetterEncoder.group(
                List.of(new DeadLetterEncoder(new Random(2)).encode(letter).log(1)));

        DeadLetterDecoder.Reading reading = decoder.read(group, 0, group.length);

        assertThat(reading.letters()).isEmpty();
        assertThat(decoder.incomplete())
                .containsExactly(
                        new DeadLetterDecoder.IncompleteDeadLetter(letter.id(), "nginx", Cause.REJECTED, TIME, 1, 3));
    }

    @Test
    void keepsNoMoreOfLettersThatAreNotWholeThanItMayAndNamesThoseItLetGo() {
        DeadLetterDecoder small = new DeadLetterDecoder(2L * DeadLetterEncoder.CHUNK_BYTES);
        DeadLetterEncoder encoder = new DeadLetterEncoder(new Random(1));
        List<DeadLetter> letters = new ArrayList<>();
        List<DeadLetterEncoder.Encoded> encoded = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            byte[] noise = new byte[1_000_000];
            new Random(i).nextBytes(noise);
            letters.add(letter(noise));
            encoded.add(encoder.encode(letters.get(i)));
        }
        for (DeadLetterEncoder.Encoded each : encoded) {
            byte[] first = DeadLetterEncoder.group(List.of(each.log(0)));
            assertThat(small.read(first, 0, first.length).letters()).isEmpty();
        }

        List<String> whole = new ArrayList<>();
        for (DeadLetterEncoder.Encoded each : encoded) {
            byte[] second = DeadLetterEncoder.group(List.of(each.log(1)));
            small.read(second, 0, second.length).letters().forEach(letter -> whole.add(letter.id()));
        }

        assertThat(whole)
                .isNotEmpty()
                .doesNotContain(letters.get(0).id())
                .contains(letters.get(2).id());
        assertThat(small.incomplete().stream().map(DeadLetterDecoder.IncompleteDeadLetter::id))
                .contains(letters.get(0).id())
                .doesNotContainAnyElementsOf(whole);
    }

    @Test
    void smallChunksOfManyLettersCountForMoreThanTheirBodies() {
        DeadLetterDecoder small = new DeadLetterDecoder(100_000);
        DeadLetterEncoder encoder = new DeadLetterEncoder(new Random(1));

        List<DeadLetterEncoder.Encoded> encoded = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            encoded.add(encoder.encode(letterOfTwoLogs(i)));
            read(small, encoded.get(i), 1);
        }

        assertThat(small.incomplete()).hasSize(100);
        assertThat(read(small, encoded.get(99), 0)).as("the last one is kept").hasSize(1);
        assertThat(read(small, encoded.get(0), 0))
                .as("the first one was let go")
                .isEmpty();
    }

    @Test
    void lettersThatWereLetGoAreCountedWhenTheyAreTooManyToBeNamed() {
        DeadLetterDecoder small = new DeadLetterDecoder(0, 2);
        DeadLetterEncoder encoder = new DeadLetterEncoder(new Random(1));

        for (int i = 0; i < 6; i++) {
            read(small, encoder.encode(letterOfTwoLogs(i)), 0);
        }

        // The one that came last is kept whatever it takes; two that were let go are named.
        assertThat(small.incomplete()).hasSize(3);
        assertThat(small.incompleteUnnamed()).isEqualTo(3);
    }

    @Test
    void letterThatIsForgottenToHaveBeenWholeIsSaidToBeIncompleteRatherThanPassedOver() {
        DeadLetterDecoder small = new DeadLetterDecoder(Long.MAX_VALUE, 1);
        DeadLetterEncoder encoder = new DeadLetterEncoder(new Random(1));
        for (int i = 0; i < 2; i++) {
            DeadLetterEncoder.Encoded encoded = encoder.encode(letterOfTwoLogs(i));
            read(small, encoded, 0);
            assertThat(read(small, encoded, 1)).hasSize(1);
        }

        read(small, encoder.encode(letterOfTwoLogs(0)), 0);
        read(small, encoder.encode(letterOfTwoLogs(1)), 0);

        assertThat(small.incomplete())
                .extracting(DeadLetterDecoder.IncompleteDeadLetter::id)
                .containsExactly(letterOfTwoLogs(0).id());
    }

    /** The second log has few bytes. */
    private static DeadLetter letterOfTwoLogs(int seed) {
        byte[] noise = new byte[DeadLetterEncoder.CHUNK_BYTES + 10];
        new Random(seed).nextBytes(noise);
        return letter(noise);
    }

    private static List<DeadLetter> read(DeadLetterDecoder decoder, DeadLetterEncoder.Encoded encoded, int chunk) {
        byte[] group = DeadLetterEncoder.group(List.of(encoded.log(chunk)));
        DeadLetterDecoder.Reading reading = decoder.read(group, 0, group.length);
        assertThat(reading.problems()).isEmpty();
        return reading.letters();
    }

    @Test
    void sizeThatTheBodyCannotHaveTakesNoMemory() {
        byte[] log = new DeadLetterEncoder(new Random(1))
                .encode(letter(new byte[2_000]))
                .log(0);
        String text = new String(log, StandardCharsets.ISO_8859_1);
        byte[] wrapper = DeadLetterEncoder.group(
                List.of(text.replace("bytes\022\0042000", "bytes\022\0049999").getBytes(StandardCharsets.ISO_8859_1)));

        DeadLetterDecoder.Reading reading = decoder.read(wrapper, 0, wrapper.length);

        assertThat(reading.letters()).isEmpty();
        assertThat(reading.problems()).singleElement().asString().contains("its size of 9999 bytes");
    }

    @Test
    void topicComesFromTheBytesAndWhatIsNoLogGroupHasNone() {
        byte[] withTopic =
                WireBytes.message().bytes(3, new byte[] {'a', (byte) 0xff}).toBytes();
        byte[] broken = {0x1a, 100, 1};

        assertThat(onlyLetter(letter(withTopic)).group().topic()).isEqualTo("a\udcff");
        assertThat(onlyLetter(letter(broken)).group().topic()).isEmpty();
        assertThat(bytes(onlyLetter(letter(broken)).group())).isEqualTo(broken);
    }

    /** What people and the service see, through the service's own schema. */
    @Test
    void logSaysWhatWasNotTakenAndWhy() throws Exception {
        byte[] wrapper = DeadLetterEncoder.group(List.of(
                new DeadLetterEncoder(new Random(1)).encode(letter(sample())).log(0)));

        Logs.LogGroup group = Logs.LogGroup.parseFrom(wrapper);
        Map<String, String> log = new LinkedHashMap<>();
        group.getLogs(0).getContentsList().forEach(content -> log.put(content.getKey(), content.getValue()));

        assertThat(group.getTopic()).isEqualTo("sls-dispatch-dead-letter");
        assertThat(group.getLogs(0).getTime()).isEqualTo((int) TIME.getEpochSecond());
        assertThat(log)
                .containsEntry("dead_letter", "1")
                .containsEntry("reason", "rejected")
                .containsEntry("error_code", "InvalidTimestamp")
                .containsEntry("http_status", "400")
                .containsEntry("request_id", "5B0D3F4E")
                .containsEntry("message", "a log's time is out of range")
                .containsEntry("target", "nginx")
                .containsEntry("target_logstore", "my-project/nginx-logs")
                .containsEntry("topic", "nginx")
                .containsEntry("source_shard", "3")
                .containsEntry("source_cursor", "MTIz")
                .containsEntry("source_index", "7")
                .containsEntry("time", "2026-05-04T03:02:01.123Z")
                .containsEntry("bytes", "15")
                .containsEntry("body", "CggIARIGCgFrEgF2GgF0");
    }

    @Test
    void longTextsOfOthersAreCut() throws Exception {
        Reason reason = new Reason(Cause.REJECTED, "C".repeat(5_000), 400, "", "é𝄞".repeat(100_000));
        byte[] log = new DeadLetterEncoder(new Random(1))
                .encode(new DeadLetter(letter(sample()).group(), "nginx", TARGET, reason, TIME))
                .log(0);

        assertThat(log.length).isLessThan(10_000);
        assertThat(Logs.Log.parseFrom(log).isInitialized()).isTrue();
    }

    @Test
    void formOfVersion1StaysReadable() {
        byte[] golden = HexFormat.of().parseHex(GOLDEN_1);

        DeadLetterDecoder.Reading reading = decoder.read(golden, 0, golden.length);

        assertThat(reading.problems()).isEmpty();
        assertThat(reading.letters()).singleElement().satisfies(letter -> {
            assertThat(bytes(letter.group())).isEqualTo(sample());
            assertThat(letter.reason()).isEqualTo(REASON);
            assertThat(letter.id()).isEqualTo("9f88a225c139db235ad7d8d2e80ebabd");
            assertThat(letter.hasOlderId()).isTrue();
            assertThat(letter.time()).isEqualTo(TIME);
        });
    }

    @Test
    void encoderStillWritesVersion1() {
        DeadLetter older = new DeadLetter(letter(sample()).group(), "nginx", TARGET, "", REASON, TIME, 1);
        byte[] wrapper = DeadLetterEncoder.group(
                List.of(new DeadLetterEncoder(new Random(1)).encode(older).log(0)));

        assertThat(HexFormat.of().formatHex(wrapper)).isEqualTo(GOLDEN_1);
    }

    @Test
    void formWithIdsOfVersion2StaysReadable() {
        byte[] golden = HexFormat.of().parseHex(GOLDEN_2);

        DeadLetterDecoder.Reading reading = decoder.read(golden, 0, golden.length);

        assertThat(reading.problems()).isEmpty();
        assertThat(reading.letters()).singleElement().satisfies(letter -> {
            assertThat(letter.id()).isEqualTo(GOLDEN_ID_2);
            assertThat(letter.hasOlderId()).isFalse();
            assertThat(letter.scope()).isEqualTo("region:cn-hangzhou");
            assertThat(letter.group().number()).hasValue(123 + 7);
        });
        byte[] written = DeadLetterEncoder.group(List.of(new DeadLetterEncoder(new Random(1))
                .encode(numbered("MTIz", 7, "region:cn-hangzhou"))
                .log(0)));
        assertThat(HexFormat.of().formatHex(written)).isEqualTo(GOLDEN_2);
    }

    @Test
    void idIsThatOfTheGroupsOwnNumberWhicheverPullBroughtIt() {
        // 123 + 7, 130 + 0, and 130 without padding.
        List<String> same = List.of(
                numbered("MTIz", 7, "").id(),
                numbered("MTMw", 0, "").id(),
                numbered("MTI5", 1, "").id());

        assertThat(same).containsOnly(same.get(0));
        assertThat(numbered("MTIz", 8, "").id()).isNotEqualTo(same.get(0));
    }

    @Test
    void groupsWhoseNumberIsNotKnownNeverShareAnIdWithOthers() {
        // Of a pull from 123 that left out a number, the group at index 7 is not the one with number 130.
        List<String> ids = List.of(
                letter(sample()).id(),
                numbered("MTIz", 7, "").id(),
                new DeadLetter(letter(sample()).group(), "nginx", TARGET, "", REASON, TIME, 1).id());

        assertThat(ids).doesNotHaveDuplicates();
    }

    @Test
    void logstoresOfEqualNamesInTwoRegionsHaveLettersOfTheirOwn() {
        DeadLetter one = numbered("MTIz", 7, "region:cn-hangzhou");
        DeadLetter two = numbered("MTIz", 7, "region:cn-shanghai");

        assertThat(one.id()).isNotEqualTo(two.id());
        assertThat(onlyLetter(two).id()).isEqualTo(two.id());
        assertThat(onlyLetter(two).scope()).isEqualTo("region:cn-shanghai");
    }

    @Test
    void letterOfAMalformedGroupKeepsItsBytes() {
        byte[] broken = {0x1a, 100, 1};
        DeadLetter letter = letter(broken);
        DeadLetter malformed = new DeadLetter(letter.group().asMalformed().numbered(), "nginx", TARGET, REASON, TIME);

        DeadLetter read = onlyLetter(malformed);

        assertThat(bytes(read.group())).isEqualTo(broken);
        assertThat(read.group().isMalformed()).isTrue();
        assertThat(read.id()).isEqualTo(malformed.id());
    }

    private static DeadLetter numbered(String cursor, int index, String scope) {
        byte[] bytes = sample();
        RawLogGroup group = new RawLogGroup(bytes, 0, bytes.length, "nginx", 3, cursor, index).numbered();
        return new DeadLetter(group, "nginx", TARGET, scope, REASON, TIME, DeadLetter.ID_VERSION);
    }

    @Test
    void logsThatAreNoDeadLettersAreCountedAndPassedOver() {
        byte[] foreign = logGroup().log(5, "k", "v").toBytes();

        DeadLetterDecoder.Reading reading = decoder.read(foreign, 0, foreign.length);

        assertThat(reading.foreignLogs()).isEqualTo(1);
        assertThat(reading.letters()).isEmpty();
        assertThat(reading.problems()).isEmpty();
    }

    @Test
    void oneBadLogDoesNotHideTheOthers() {
        DeadLetterEncoder encoder = new DeadLetterEncoder(new Random(1));
        byte[] good = encoder.encode(letter(sample())).log(0);
        byte[] newer = WireBytes.message()
                .message(2, content("dead_letter", "2"))
                .message(2, content("letter_id", "abc"))
                .toBytes();
        byte[] changed = encoder.encode(letter(sample())).log(0);
        // The last character of the base64 text: another last byte of the group.
        changed[changed.length - 1] = '1';
        byte[] group = DeadLetterEncoder.group(List.of(newer, changed, good));

        DeadLetterDecoder.Reading reading = decoder.read(group, 0, group.length);

        assertThat(reading.letters()).hasSize(1);
        assertThat(reading.problems())
                .satisfiesExactly(
                        problem -> assertThat(problem).contains("abc", "version 2", "newer build"),
                        problem -> assertThat(problem).contains("checksum"));
    }

    @Test
    void groupThatIsCutShortIsAProblemAndNoError() {
        byte[] wrapper = DeadLetterEncoder.group(List.of(
                new DeadLetterEncoder(new Random(1)).encode(letter(sample())).log(0)));

        assertThat(decoder.read(wrapper, 0, wrapper.length - 50).problems()).hasSize(1);
    }

    @Test
    void idIsThatOfTheGroupAndItsTarget() {
        DeadLetter letter = letter(sample());
        DeadLetter later = new DeadLetter(letter.group(), "renamed", TARGET, REASON, TIME.plusSeconds(1));
        DeadLetter elsewhere =
                new DeadLetter(letter.group(), "nginx", new LogstoreId("my-project", "other"), REASON, TIME);

        assertThat(later.id()).isEqualTo(letter.id());
        assertThat(elsewhere.id()).isNotEqualTo(letter.id());
    }

    @Test
    void partsOfOneGroupAreToldApartAlsoWhereTheirBytesAreEqual() {
        DeadLetter whole = letter(sample());
        List<DeadLetter> letters = new ArrayList<>(List.of(whole));
        for (String part : List.of("0", "1", "1.0", "10")) {
            letters.add(new DeadLetter(whole.group().asPart(part), "nginx", TARGET, REASON, TIME));
        }

        assertThat(letters).extracting(DeadLetter::id).doesNotHaveDuplicates();
        for (DeadLetter letter : letters) {
            DeadLetter read = onlyLetter(letter);
            assertThat(read.group().part()).isEqualTo(letter.group().part());
            assertThat(read.id()).isEqualTo(letter.id());
        }
    }

    private static WireBytes content(String key, String value) {
        return WireBytes.message().text(1, key).text(2, value);
    }

    /** Topic {@code t}, one log of time 1 with {@code k=v}. */
    private static byte[] sample() {
        return HexFormat.of().parseHex("0a080801" + "12060a016b120176" + "1a0174");
    }

    private static DeadLetter letter(byte[] bytes) {
        return new DeadLetter(
                new RawLogGroup(bytes, 0, bytes.length, "nginx", 3, "MTIz", 7), "nginx", TARGET, REASON, TIME);
    }

    private DeadLetter onlyLetter(DeadLetter letter) {
        byte[] group = DeadLetterEncoder.group(
                List.of(new DeadLetterEncoder(new Random(1)).encode(letter).log(0)));
        DeadLetterDecoder.Reading reading = decoder.read(group, 0, group.length);
        assertThat(reading.problems()).isEmpty();
        assertThat(reading.letters()).hasSize(1);
        return reading.letters().get(0);
    }

    private static byte[] bytes(RawLogGroup group) {
        return group.bytes().toArray();
    }

    private static final String GOLDEN_ID_2 = "48bced21b54e550e1f79c5abe6c7fb3e";

    /** The letter of {@link #sample} with a number and a scope; never to be changed. */
    private static final String GOLDEN_2 =
            "0a900508a998e0cf0612100a0b646561645f6c6574746572120131122d0a096c65747465725f696412203438626365"
                    + "64323162353465353530653166373963356162653663376662336512160a116c65747465725f69645f76657273696f"
                    + "6e120132121f0a0b6c65747465725f636f7079121037336435316162626438396362383139120a0a056368756e6b12"
                    + "0130120b0a066368756e6b7312013112120a06726561736f6e120872656a6563746564121e0a0a6572726f725f636f"
                    + "64651210496e76616c696454696d657374616d7012120a0b687474705f737461747573120334303012160a0a726571"
                    + "756573745f69641208354230443346344512270a076d657373616765121c61206c6f6727732074696d65206973206f"
                    + "7574206f662072616e6765120f0a0674617267657412056e67696e7812280a0f7461726765745f6c6f6773746f7265"
                    + "12156d792d70726f6a6563742f6e67696e782d6c6f677312220a0c7461726765745f73636f70651212726567696f6e"
                    + "3a636e2d68616e677a686f75120e0a05746f70696312056e67696e7812110a0c736f757263655f7368617264120133"
                    + "12150a0d736f757263655f637572736f7212044d54497a12110a0c736f757263655f696e64657812013712140a0d73"
                    + "6f757263655f6e756d626572120331333012200a0474696d651218323032362d30352d30345430333a30323a30312e"
                    + "3132335a120b0a05627974657312023135124a0a067368613235361240643862373333613866343237343362653232"
                    + "3638633030356332396639333761326233363566306263376663613665613563613462343065636137373334616612"
                    + "110a08656e636f64696e671205706c61696e121c0a04626f6479121443676749415249474367467245674632476746"
                    + "301a18736c732d64697370617463682d646561642d6c6574746572220c736c732d6469737061746368";

    /** The letter of {@link #sample}; never to be changed. */
    private static final String GOLDEN_1 =
            "0abe0408a998e0cf0612100a0b646561645f6c6574746572120131122d0a096c65747465725f69641220396638386132"
                    + "3235633133396462323335616437643864326538306562616264121f0a0b6c65747465725f636f707912103733643531"
                    + "6162626438396362383139120a0a056368756e6b120130120b0a066368756e6b7312013112120a06726561736f6e1208"
                    + "72656a6563746564121e0a0a6572726f725f636f64651210496e76616c696454696d657374616d7012120a0b68747470"
                    + "5f737461747573120334303012160a0a726571756573745f69641208354230443346344512270a076d65737361676512"
                    + "1c61206c6f6727732074696d65206973206f7574206f662072616e6765120f0a0674617267657412056e67696e781228"
                    + "0a0f7461726765745f6c6f6773746f726512156d792d70726f6a6563742f6e67696e782d6c6f6773120e0a05746f7069"
                    + "6312056e67696e7812110a0c736f757263655f736861726412013312150a0d736f757263655f637572736f7212044d54"
                    + "497a12110a0c736f757263655f696e64657812013712200a0474696d651218323032362d30352d30345430333a30323a"
                    + "30312e3132335a120b0a05627974657312023135124a0a06736861323536124064386237333361386634323734336265"
                    + "323236386330303563323966393337613262333635663062633766636136656135636134623430656361373733346166"
                    + "12110a08656e636f64696e671205706c61696e121c0a04626f6479121443676749415249474367467245674632476746"
                    + "301a18736c732d64697370617463682d646561642d6c6574746572220c736c732d6469737061746368";
}
