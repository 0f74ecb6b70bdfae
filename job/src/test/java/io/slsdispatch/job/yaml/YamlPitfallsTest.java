package io.slsdispatch.job.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class YamlPitfallsTest {

    private final ConfigErrors errors = new ConfigErrors();

    static Stream<Arguments> mistakes() {
        return Stream.of(
                Arguments.of("a: !x", "1:4", "is a tag"),
                Arguments.of("a: !nginx b", "1:4", "is a tag"),
                Arguments.of("a: !!str 5", "1:4", "is a tag"),
                Arguments.of("a: ! b", "1:4", "is a tag"),
                Arguments.of("a: !<tag:yaml.org,2002:int> 5", "1:4", "is a tag"),
                Arguments.of("a: [b, !x c]", "1:8", "is a tag"),
                Arguments.of("a: !x [b]", "1:4", "is a tag"),
                Arguments.of("!x a: b", "1:1", "is a tag"),
                Arguments.of("!!map {a: b}", "1:1", "is a tag"),
                Arguments.of("a: &b c", "1:4", "is an anchor"),
                Arguments.of("a: [&b c, d]", "1:5", "is an anchor"),
                Arguments.of("a: &b", "1:4", "is an anchor"),
                Arguments.of("a: b\n  c", "1:4", "continues on the next line"),
                Arguments.of("a: b\n  - c", "1:4", "continues on the next line"),
                Arguments.of("a: [b\n  c]", "1:5", "continues on the next line"),
                Arguments.of("%YAML 1.1\n---\na: b", "1:1", "names another version"),
                Arguments.of("%TAG !e! tag:x,2000:\n---\na: b", "1:1", "has no effect"),
                Arguments.of("a: b\u00a0c", "1:4", "U+00A0"),
                Arguments.of("a: b\u200b", "1:4", "U+200B"),
                Arguments.of("a: \"b\u200bc\"", "1:4", "U+200B"),
                Arguments.of("a: 'b\tc'", "1:4", "U+0009"),
                Arguments.of("a: |-\n  b\u00adc", "1:4", "U+00AD"),
                Arguments.of("a: b\nx: c\ufeffd", "2:4", "U+FEFF"),
                Arguments.of("a\u200b: b", "1:1", "U+200B"),
                Arguments.of("a: b # c\u2028d: e", "1:9", "U+2028"),
                Arguments.of("a: b # c\u202ed", "1:9", "U+202E"),
                Arguments.of("a: b # c\u0085d", "1:9", "U+0085"),
                Arguments.of("a: ~", "1:4", "take this for no value"),
                Arguments.of("a: [b, Null]", "1:8", "take this for no value"),
                Arguments.of("a: b\nx: # c\rd: e", "2:7", "U+000D"),
                Arguments.of("a: b\nx: c\u0007d", "2:5", "U+0007 is not allowed"),
                Arguments.of("a: b # \u001b[2J", "1:8", "U+001B is not allowed"),
                Arguments.of("a: {<<: b}", "1:5", "merge keys"),
                Arguments.of("a: b\n...\nc: d", "3:1", "document start"),
                Arguments.of("a: b\n---\nc: d", "2:1", "another document"),
                Arguments.of("a: *b", "1:4", "undefined alias"),
                Arguments.of("a: b\na: c", "2:1", "Duplicate key"),
                Arguments.of("a: b\n\tc: d", "2:1", "Invalid YAML"),
                Arguments.of("? [a]\n: b", "1:3", "must be a string"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void whatIsReadOtherwiseThanItLooksIsAnError(String text, String place, String problem) {
        YamlParser.read("file", text, errors);

        assertThatExceptionOfType(InvalidConfigException.class)
                .isThrownBy(errors::throwIfAny)
                .withMessageContaining("file:" + place)
                .withMessageContaining(problem)
                .withMessageNotContaining("nginx");
    }

    static Stream<Arguments> texts() {
        return Stream.of(
                Arguments.of("\ufeffa: b", "b"),
                Arguments.of("%YAML 1.2\n---\na: b", "b"),
                Arguments.of("--- \na: b\n...\n", "b"),
                Arguments.of("a: 'b'", "b"),
                Arguments.of("a: b # \u00a0", "b"),
                Arguments.of("x: &c [d]\na: b", "b"),
                Arguments.of("x: &c b\na: *c", "b"),
                Arguments.of("a:\n  b", "b"),
                Arguments.of("a: \"b\\u200bc\"", "b\u200bc"),
                Arguments.of("a: \"b\n  c\"", "b c"),
                Arguments.of("a: >-\n  b\n  c", "b c"),
                Arguments.of("a: b\r\n", "b"),
                Arguments.of("a: b\t# c", "b"),
                Arguments.of("a:\tb", "b"),
                Arguments.of("a: |-\t# c\n  b", "b"),
                Arguments.of("a: >-  # c\u00a0d\n  b", "b"),
                Arguments.of("a: \"b\n\tc\"", "b c"),
                Arguments.of("a: |-\r\n  b\r\n", "b"),
                Arguments.of("a: b\r\r\nc: d\r", "b"),
                Arguments.of("a: '~'", "~"),
                Arguments.of("a: .inf", ".inf"),
                Arguments.of("a: 1_000", "1_000"),
                Arguments.of("? a\n: b", "b"),
                Arguments.of("a: 0x1F", "0x1F"),
                Arguments.of("a: 010", "010"),
                Arguments.of("a: yes", "yes"),
                Arguments.of("a: \u4e0d\u3000\u4e0d\u200d", "\u4e0d\u3000\u4e0d\u200d"));
    }

    @ParameterizedTest
    @MethodSource("texts")
    void whatIsReadAsItLooksIsAccepted(String text, String value) throws Exception {
        ConfigNode root = YamlParser.read("file", text, errors);

        errors.throwIfAny();
        assertThat(root).isInstanceOfSatisfying(ConfigNode.Mapping.class, table -> assertThat(
                        table.entries().get("a"))
                .isInstanceOfSatisfying(ConfigNode.Scalar.class, scalar -> assertThat(scalar.raw())
                        .isEqualTo(value)));
    }

    @Test
    void veryManyValuesAreRefusedBeforeTheyAreKept() {
        YamlParser.read("file", "a: [" + "b,".repeat(200_000) + "]", errors);

        assertThatExceptionOfType(InvalidConfigException.class)
                .isThrownBy(errors::throwIfAny)
                .withMessageContaining("file:1:399999")
                .withMessageContaining("more than 100000 values");
    }

    @Test
    void allAreReportedAtOnce() {
        YamlParser.read("file", "a: !x b\nc: d\n  e\nf: g\u200b\n", errors);

        assertThatExceptionOfType(InvalidConfigException.class)
                .isThrownBy(errors::throwIfAny)
                .satisfies(thrown -> assertThat(thrown.errors()).hasSize(3));
    }
}
