package io.slsdispatch.job.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;

class YamlFileTest {

    private final Mistakes mistakes = new Mistakes();

    /** Found by the fuzz: the parser read beyond its buffer. */
    @Test
    void charactersOfTwoHalvesAreReadWhereverTheyAre() {
        for (String before : new String[] {"", "x"}) {
            String text = before + "\ud83d\ude00".repeat(3000);
            ConfigNode read = YamlFile.read("file", "key: " + text + "\n", mistakes);
            assertThat(read).isInstanceOfSatisfying(ConfigNode.Table.class, table -> assertThat(
                            table.entries().get("key"))
                    .isInstanceOfSatisfying(ConfigNode.Text.class, value -> assertThat(value.raw())
                            .isEqualTo(text)));
        }
        assertThatCode(mistakes::throwIfAny).doesNotThrowAnyException();
    }

    /** Found by the fuzz: the parser ended in a NumberFormatException. */
    @Test
    void anEscapeThatTheEndOfTheTextCutsOffIsAMistake() {
        ConfigNode read = YamlFile.read("file", "key: \"a\\u", mistakes);
        assertThat(read).isInstanceOf(ConfigNode.Told.class);
        assertThatExceptionOfType(BadConfigurationException.class)
                .isThrownBy(mistakes::throwIfAny)
                .withMessageContaining("file")
                .withMessageContaining("This is not YAML");
    }
}
