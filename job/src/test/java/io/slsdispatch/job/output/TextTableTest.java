package io.slsdispatch.job.output;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TextTableTest {

    @Test
    void columnsAreAsWideAsWhatIsInThem() {
        TextTable table = new TextTable("A", "LONG", "");
        table.add("longer", "b", "c");
        table.add("", "d", "");

        assertThat(table.text(". ")).isEqualTo("""
                . A       LONG
                . longer  b     c
                .         d
                """);
    }

    @Test
    void textsOfOthersBreakNoLineAndMoveNoCursor() {
        TextTable table = new TextTable("TOPIC", "TARGET");
        table.add("two\nlines", "\u001b[2J\u202egnorw");

        assertThat(table.text("")).isEqualTo("""
                TOPIC           TARGET
                two\\u000alines  \\u001b[2J\\u202egnorw
                """);
    }
}
