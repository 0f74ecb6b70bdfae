package io.slsdispatch.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slsdispatch.local.settings.Assumption;
import io.slsdispatch.local.settings.Assumptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProbedAnswersTest {

    @TempDir
    private Path folder;

    private Path file(String json) throws Exception {
        return Files.writeString(folder.resolve("probe.json"), json);
    }

    private static String row(String name, String assumed, String seen) {
        return """
                {"name": "%s", "assumed": "%s", "seen": "%s", "then": "x"}""".formatted(name, assumed, seen);
    }

    @Test
    void onlyAnswersThatDifferAreSwitched() throws Exception {
        Path file = file("{\"assumptions\": ["
                + String.join(
                        ",",
                        row("category", "stored", "dropped"),
                        row("empty-group", "stored", "stored"),
                        row("put-zstd", "stored as sent", "not probed: no permission for CreateLogStore"),
                        row("late-writes", "within discovery.settle-time", "unknown"),
                        row("code-group-quota", "ConsumerGroupQuotaExceed 403", "QuotaExceed 400"))
                + "]}");

        assertThat(ProbedAnswers.read(file))
                .isEqualTo(Map.of(Assumption.CATEGORY, "dropped", Assumption.CODE_GROUP_QUOTA, "QuotaExceed 400"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    nothing                                       | is not JSON
                    {"error": "x"}                                | has no 'assumptions'
                    {"assumptions": []}                           | has no 'assumptions'
                    {"assumptions": [{"name": "new", "seen": ""}]} | 'new' is none of the assumptions
                    """)
    void whatIsNotTheOutputOfAProbeIsRefused(String json, String reason) throws Exception {
        Path file = file(json);
        assertThatThrownBy(() -> ProbedAnswers.read(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(reason);
    }

    @Test
    void aSwitchHasAnAnswerOfItsOwnOrAGivenOne() {
        assertThat(Assumptions.parse("category")).isEqualTo(Map.entry(Assumption.CATEGORY, "dropped"));
        assertThat(Assumptions.parse("category=PostBodyInvalid 400"))
                .isEqualTo(Map.entry(Assumption.CATEGORY, "PostBodyInvalid 400"));
        assertThatThrownBy(() -> Assumptions.parse("catgory"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("'catgory' is none of the assumptions: cursor-form, ");
    }

    @Test
    void whatNoProbeCanSeeIsSwitchedToo() throws Exception {
        SlsLocalOptions.Builder options = SlsLocalOptions.builder().logstore("my-project", "all-logs", 1);
        for (Assumption each : Assumption.values()) {
            options.unlike(each, each.otherAnswer());
        }
        try (SlsLocal sls = SlsLocal.start(options.build())) {
            assertThat(sls.logstores("my-project")).containsExactly("all-logs");
        }
        Assumptions assumptions = new Assumptions();
        assertThat(assumptions.allHold()).isTrue();
        assumptions.set(Map.of(Assumption.LATE_WRITES, "by 10 s", Assumption.CLOCK, "the service is 7 min behind"));
        assertThat(assumptions.lateness()).hasSeconds(10);
        assertThat(assumptions.ahead()).hasMinutes(-7);
    }
}
