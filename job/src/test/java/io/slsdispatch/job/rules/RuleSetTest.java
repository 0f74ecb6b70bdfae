package io.slsdispatch.job.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.slsdispatch.connector.wire.EscapedUtf8;
import io.slsdispatch.job.rules.RuleTable.DefaultRule;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RuleSetTest {

    private static final Path GOLDEN = Path.of("src/test/resources/state/rule-set-v1.bin");

    private static final Path GOLDEN_2 = Path.of("src/test/resources/state/rule-set-v2.bin");

    private static final Rule REST = Rule.ofTopic("rest", TextMatch.prefix("app-"), "by-app");

    private static final RuleSet WITH_LOGSTORE = new RuleSet(
            9,
            new RuleTable(
                    List.of(
                            new Rule(
                                    "billing",
                                    TextMatch.exactly("billing"),
                                    TextMatch.ANY,
                                    Map.of(),
                                    List.of("by-app"),
                                    false,
                                    "team-billing-logs"),
                            REST),
                    new DefaultRule.Drop(),
                    new DefaultRule.Fail()));

    private static final byte[] NOT_UTF8 = {'a', (byte) 0xff};

    private static final RuleSet EVERYTHING = new RuleSet(
            7,
            new RuleTable(
                    List.of(
                            new Rule(
                                    "all kinds",
                                    TextMatch.anyOf(List.of(
                                            TextMatch.exactly("ünï"),
                                            TextMatch.prefix("app-"),
                                            TextMatch.glob("x?-[a-z]*z"),
                                            TextMatch.regex("a|b+"))),
                                    TextMatch.exactly(EscapedUtf8.decode(NOT_UTF8, 0, NOT_UTF8.length)),
                                    Map.of("host", TextMatch.ANY, "zone", TextMatch.prefix("cn-")),
                                    List.of("one", "two"),
                                    true),
                            new Rule("dropped", TextMatch.exactly(""), TextMatch.ANY, Map.of(), List.of(), false)),
                    new DefaultRule.To("rest"),
                    new DefaultRule.Fail()));

    @Test
    void comesBackFromItsBytes() throws IOException {
        RuleSet back = RuleSet.fromBytes(EVERYTHING.toBytes());

        assertThat(back.version()).isEqualTo(7);
        assertThat(back.toBytes()).isEqualTo(EVERYTHING.toBytes());
        assertThat(back.table().rules())
                .extracting(Rule::toString)
                .containsExactlyElementsOf(
                        EVERYTHING.table().rules().stream().map(Rule::toString).toList());
        assertThat(back.targets()).containsExactly("one", "two", "rest");
        assertThat(EscapedUtf8.encode(
                        ((TextMatch.Exactly) back.table().rules().get(0).source()).text()))
                .isEqualTo(NOT_UTF8);
    }

    @Test
    void bytesOfVersionOneAreReadForEver() throws IOException {
        byte[] golden = Files.readAllBytes(GOLDEN);

        assertThat(RuleSet.fromBytes(golden).toBytes()).isEqualTo(EVERYTHING.toBytes());
    }

    @Test
    void rulesWithALogstoreAreWrittenInVersionTwoAndOthersInVersionOne() throws IOException {
        byte[] golden = Files.readAllBytes(GOLDEN_2);

        assertThat(RuleSet.fromBytes(golden).toBytes()).isEqualTo(WITH_LOGSTORE.toBytes());
        assertThat(RuleSet.fromBytes(golden).table().rules())
                .extracting(Rule::logstore)
                .containsExactly("team-billing-logs", null);
        assertThat(golden[3]).isEqualTo((byte) 2);
        assertThat(EVERYTHING.toBytes()[3])
                .as("older builds read rules that use nothing new, and their fingerprint stays")
                .isEqualTo((byte) 1);
        assertThat(RuleSet.fingerprint(WITH_LOGSTORE.table()))
                .isNotEqualTo(RuleSet.fingerprint(new RuleTable(
                        List.of(Rule.ofTopic("billing", TextMatch.exactly("billing"), "by-app"), REST),
                        new DefaultRule.Drop(),
                        new DefaultRule.Fail())));
    }

    @Test
    void fingerprintTellsWhatRulesSayAndNotTheirVersion() {
        assertThat(EVERYTHING.fingerprint())
                .hasSize(12)
                .isEqualTo(new RuleSet(8, EVERYTHING.table()).fingerprint())
                .isNotEqualTo(RuleSet.first(new RuleTable(
                                EVERYTHING.table().rules(), new DefaultRule.Drop(), new DefaultRule.Fail()))
                        .fingerprint());
    }

    @Test
    void otherBytesAreRefused() {
        byte[] bytes = EVERYTHING.toBytes();
        byte[] newer = bytes.clone();
        newer[3] = 3;

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> RuleSet.fromBytes(newer))
                .withMessageContaining("newer build");
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> RuleSet.fromBytes(Arrays.copyOf(bytes, bytes.length + 1)))
                .withMessageContaining("1 unexpected bytes");
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> RuleSet.fromBytes(cut));
        }
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> RuleSet.fromBytes("something else that is long".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void versionsBeginWithOne() {
        assertThatIllegalArgumentException().isThrownBy(() -> new RuleSet(0, EVERYTHING.table()));
        assertThat(RuleSet.first(EVERYTHING.table()).next(EVERYTHING.table()).version())
                .isEqualTo(2);
    }
}
