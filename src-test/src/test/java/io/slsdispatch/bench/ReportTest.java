package io.slsdispatch.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What others may rely on in {@code report.json}. */
class ReportTest {

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final Report report =
            new Report(new PrintStream(printed, true, StandardCharsets.UTF_8), new Traffic.Prices(0.045, 1, 0.05));

    @TempDir
    Path folder;

    private JsonNode written() throws IOException {
        Path file = folder.resolve("report.json");
        report.write(file, 12.4);
        return new ObjectMapper().readTree(file.toFile());
    }

    private static Row row(String subject, Rounds.Result result, double peak) {
        return new Row(subject, Profile.LARGE, "keyed", 4, 2, result, peak, 1216);
    }

    private static Rounds.Result result(Double... perCpuSecond) {
        return new Rounds.Result(
                new Spread(List.of(perCpuSecond)),
                new Spread(List.of(100.0, 300.0, 200.0)),
                0.5,
                2.25,
                0.01,
                0.02,
                new Traffic(1e9, 2e9, 0.5e9, 0.25e9, 1000, 3.6));
    }

    @Test
    void aRowNamesSubjectAndShapeAndHasMedianAndRangeAndMemory() throws IOException {
        report.add(row("job", result(310.0, 350.0, 330.0), 900));

        JsonNode rows = written().path("rows");
        assertThat(rows).hasSize(1);
        JsonNode row = rows.get(0);
        assertThat(row.path("subject").textValue()).isEqualTo("job");
        assertThat(row.path("profile").textValue()).isEqualTo("large");
        assertThat(row.path("shards").intValue()).isEqualTo(4);
        assertThat(row.path("parallelism").intValue()).isEqualTo(2);
        assertThat(row.path("mbPerCpuSecond").doubleValue()).isEqualTo(330);
        assertThat(row.path("mbPerCpuSecondMin").doubleValue()).isEqualTo(310);
        assertThat(row.path("mbPerCpuSecondMax").doubleValue()).isEqualTo(350);
        assertThat(row.path("mbPerSecond").doubleValue()).isEqualTo(200);
        assertThat(row.path("mbPerSecondMin").doubleValue()).isEqualTo(100);
        assertThat(row.path("mbPerSecondMax").doubleValue()).isEqualTo(300);
        assertThat(row.path("peakRssMb").doubleValue()).isEqualTo(900);
        assertThat(row.path("memoryBoundMb").doubleValue()).isEqualTo(1216);
        assertThat(row.path("allocatedBytesPerByte").doubleValue()).isEqualTo(2.25);
    }

    @Test
    void aRowHasTheBill() throws IOException {
        report.add(row("job", result(310.0), 900));

        JsonNode row = written().path("rows").get(0);
        assertThat(row.path("wireInPerByte").doubleValue()).isEqualTo(0.25);
        assertThat(row.path("wireOutPerByte").doubleValue()).isEqualTo(0.25);
        assertThat(row.path("requestsPerGb").doubleValue()).isEqualTo(1000);
        // 500 GB of traffic, a million requests, and an hour.
        assertThat(row.path("usdPerTb").doubleValue()).isEqualTo(22.5 + 1 + 0.05);
        assertThat(row.has("compression")).as("a field of rows about it alone").isFalse();
    }

    @Test
    void whatCouldNotBeMeasuredIsNullAndNotLeftOut() throws IOException {
        report.add(row("floor", result(1.0), Double.NaN));

        JsonNode row = written().path("rows").get(0);
        assertThat(row.has("peakRssMb")).isTrue();
        assertThat(row.path("peakRssMb").isNull()).isTrue();
    }

    @Test
    void aFigureSaysItsGoalAndWhetherItIsMet() throws IOException {
        report.add(Figure.atMost(10, "idle", "cost", 10.5, "%"));
        report.add(Figure.atLeast(200, "throughput", "job", 300, "MB/CPU-s"));
        report.add(Figure.of("latency", "p99.9", 80, "ms"));

        JsonNode figures = written().path("figures");
        assertThat(figures.get(0).path("goal").textValue()).isEqualTo("<= 10.0");
        assertThat(figures.get(0).path("met").booleanValue()).isFalse();
        assertThat(figures.get(1).path("met").booleanValue()).isTrue();
        assertThat(figures.get(2).has("goal")).isFalse();
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("MISSED").contains("met");
    }

    @Test
    void aNumberThatIsNotThereMeetsNoGoal() {
        assertThat(Figure.atMost(10, "idle", "cost", Double.NaN, "%").verdict()).isEqualTo("MISSED");
        assertThat(Figure.atLeast(10, "idle", "cost", Double.NaN, "%").verdict())
                .isEqualTo("MISSED");
    }

    @Test
    void saysWhereItRanAndForHowLong() throws IOException {
        JsonNode json = written();

        assertThat(json.path("seconds").intValue()).isEqualTo(12);
        assertThat(json.path("processors").intValue()).isPositive();
        assertThat(json.path("java").textValue()).isNotBlank();
        assertThat(json.path("rows").isArray()).isTrue();
        assertThat(json.path("figures").isArray()).isTrue();
    }

    @Test
    void visitsInTurnCountAlike() {
        Rounds.Result both = Rounds.Result.of(List.of(result(1.0, 5.0), result(3.0)));

        assertThat(both.mbPerCpuSecond().rounds()).containsExactly(1.0, 5.0, 3.0);
        assertThat(both.mbPerCpuSecond().median()).isEqualTo(3);
        assertThat(both.allocatedPerMb()).isEqualTo(2.25);
    }
}
