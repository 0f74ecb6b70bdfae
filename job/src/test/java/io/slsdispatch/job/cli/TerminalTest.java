package io.slsdispatch.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import io.slsdispatch.job.output.Json;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TerminalTest {

    private static final String HOSTILE = "a\u001b[2J\u009bb\u202ec\u2028d";

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Terminal terminal = new Terminal(
            Map.of(),
            connection -> {
                throw new IllegalStateException();
            },
            Clock.systemUTC(),
            new PrintWriter(out),
            new PrintWriter(err),
            true);

    @Test
    void aTextOfOthersDoesNotControlTheTerminal() {
        terminal.answeringInJson(true).fail(1, HOSTILE + "\nnext line");
        terminal.out().printf("%s%c%n", HOSTILE, '\u001b');

        assertThat(err.toString()).isEqualTo("a\\u001b[2J\\u009bb\\u202ec\\u2028d\nnext line\n");
        assertThat(out.toString()).endsWith("a\\u001b[2J\\u009bb\\u202ec\\u2028d\\u001b\n");
    }

    @Test
    void jsonKeepsTheValue() {
        String json = Json.text(Json.object("key", HOSTILE));

        assertThat(json).contains("\\u001b", "\\u009b", "\\u202e", "\\u2028");
        assertThat(JsonParser.parseString(json).getAsJsonObject().get("key").getAsString())
                .isEqualTo(HOSTILE);
    }

    @Test
    void aFindingIsOneLine() {
        Finding finding = Finding.failed("target a", "x\n  ok      target b: fine" + "y".repeat(60_000));

        assertThat(finding.detail()).startsWith("x ok target b: fine").hasSizeLessThan(2_100);
    }
}
