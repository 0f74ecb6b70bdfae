package io.slsdispatch.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ProgressTest {

    private static final int COLUMNS = 80;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Test
    void aTerminalShowsTheSameBlockAgain() {
        Progress progress = new Progress(print(), true);

        progress.show(state("30 s left", 600, 300), 0);
        String first = output();
        progress.show(state("29 s left", 1_200, 900), TimeUnit.SECONDS.toNanos(2));
        String second = output();

        assertThat(first).contains("30 s left", "600 groups written").doesNotContain("\u001b[5A");
        assertThat(second).startsWith("\u001b[5A").contains("29 s left", "300/s", "shard 0 was split");
        assertThat(first.lines()).hasSize(5);
        assertThat(second.lines()).hasSize(5);
    }

    @Test
    void elsewhereEachFifthStateIsAPlainLineAndAnEventIsPrintedOnce() {
        Progress progress = new Progress(print(), false);

        for (int second = 0; second < 10; second++) {
            progress.show(state(30 - second + " s left", 600, 100L * second), TimeUnit.SECONDS.toNanos(second));
        }

        assertThat(output().lines())
                .containsExactly(
                        "shard 0 was split",
                        "30 s left: 600 written, 7 behind, 0/s delivered, 11 checkpoints",
                        "25 s left: 600 written, 7 behind, 300/s delivered, 11 checkpoints")
                .noneMatch(line -> line.contains("\u001b"));
    }

    @Test
    void eightyColumnsAreEnoughForLargeNumbers() {
        Progress screen = new Progress(print(), true);
        Progress plain = new Progress(print(), false);

        for (Progress progress : List.of(screen, plain)) {
            progress.show(state("no more writes", 0, 0), 0);
            progress.show(state("no more writes", 9_999_999, 99_999_999), TimeUnit.SECONDS.toNanos(100));
        }
        new DemoReport(
                        99_999_999,
                        0,
                        0,
                        0,
                        0,
                        9_999_999,
                        0,
                        List.of(new DemoReport.Target(
                                "sql-audit-logs",
                                List.of("sql-audit"),
                                99_999_999,
                                99_999_999,
                                99_999_999_999L,
                                99_999,
                                99_999,
                                99_999,
                                99_999)))
                .print(print());

        assertThat(output().replaceAll("\u001b\\[\\d*[AK]", "").lines())
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(COLUMNS));
    }

    private static Progress.State state(String phase, long written, long delivered) {
        Map<String, Long> targets = new LinkedHashMap<>();
        targets.put("nginx-logs", delivered);
        targets.put("sql-audit-logs", delivered * 2);
        targets.put("click-logs", 0L);
        return new Progress.State(phase, written, 7, targets, 11, "shard 0 was split");
    }

    private PrintStream print() {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private String output() {
        String output = bytes.toString(StandardCharsets.UTF_8);
        bytes.reset();
        return output;
    }
}
