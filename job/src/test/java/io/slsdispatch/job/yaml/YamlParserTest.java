package io.slsdispatch.job.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;

class YamlParserTest {

    private final ConfigErrors errors = new ConfigErrors();

    /** Found by the fuzz: the parser read beyond its buffer. */
    @Test
    void charactersOfTwoHalvesAreReadWhereverTheyAre() {
        for (String before : new String[] {"", "x"}) {
            String text = before + "\ud83d\ude00".repeat(3000);
            ConfigNode read = YamlParser.read("file", "key: " + text + "\n", errors);
            assertThat(read).isInstanceOfSatisfying(ConfigNode.Mapping.class, table -> assertThat(
                            table.entries().get("key"))
                    .isInstanceOfSatisfying(ConfigNode.Scalar.class, value -> assertThat(value.raw())
                            .isEqualTo(text)));
        }
        assertThatCode(errors::throwIfAny).doesNotThrowAnyException();
    }

    /** Found by the fuzz: the parser ended in a NumberFormatException. */
    @Test
    void anEscapeThatTheEndOfTheTextCutsOffIsAMistake() {
        ConfigNode read = YamlParser.read("file", "key: \"a\\u", errors);
        assertThat(read).isInstanceOf(ConfigNode.Invalid.class);
        assertThatExceptionOfType(InvalidConfigException.class)
                .isThrownBy(errors::throwIfAny)
                .withMessageContaining("file")
                .withMessageContaining("Invalid YAML");
    }
}
