package io.slsdispatch.e2e.probe;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.slsdispatch.e2e.dispatch.InProcess;
import io.slsdispatch.job.cli.ExitCode;
import io.slsdispatch.job.output.Json;
import io.slsdispatch.job.probe.Findings;
import io.slsdispatch.local.settings.Assumption;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The probe sees each answer of SLS Local, and nothing else. */
class ProbeE2eTest {

    /** What no probe can find out. */
    private static final Set<Assumption> UNKNOWN =
            Set.of(Assumption.EXPIRED_CURSORS, Assumption.RETENTION_GRAIN, Assumption.QUOTAS, Assumption.LATE_WRITES);

    @TempDir
    private Path folder;

    @Test
    void allIsAsAssumedAndNothingIsLeft() throws Exception {
        try (ProbeRig rig = new ProbeRig(folder)) {
            Findings findings = rig.probe();

            assertThat(findings.differing()).as(findings.text()).isEmpty();
            assertThat(findings.isAsAssumed()).isTrue();
            assertThat(rig.left()).isEmpty();
        }
    }

    /** As whoever tries the probe first has it: what needs data is then asked of a logstore of the probe. */
    @Test
    void aSourceWithoutDataLeavesNoQuestionOpen() throws Exception {
        try (ProbeRig rig = new ProbeRig(folder)) {
            rig.sls().recreateLogstore(ProbeRig.SOURCE, ProbeRig.LOGSTORE, 2);

            Findings findings = rig.probe();

            assertThat(findings.differing()).as(findings.text()).isEmpty();
            InProcess reading = InProcess.run("probe", "--config", rig.config());
            assertThat(reading.exitCode()).isEqualTo(ExitCode.NOT_CONFIRMED);
            assertThat(reading.out()).contains("the source has no data");
        }
    }

    /** Three at a time, to be short: every switch is in one of the triples. */
    @ParameterizedTest
    @MethodSource("triples")
    void eachSwitchDiffersAndNothingElse(List<Assumption> switched) throws Exception {
        Findings findings = probe(switched.toArray(Assumption[]::new));

        assertThat(findings.differing())
                .as(findings.text())
                .containsExactlyInAnyOrderElementsOf(
                        switched.stream().map(Assumption::id).toList());
    }

    static Stream<List<Assumption>> triples() {
        List<Assumption> all = Arrays.stream(Assumption.values())
                .filter(each -> !UNKNOWN.contains(each))
                .toList();
        int triples = (all.size() + 2) / 3;
        return IntStream.range(0, triples).mapToObj(number -> IntStream.range(0, all.size())
                .filter(at -> at % triples == number)
                .mapToObj(all::get)
                .toList());
    }

    @Test
    void ofThreeSwitchesExactlyTheseDiffer() throws Exception {
        Assumption[][] threes = {
            {Assumption.CURSOR_TIME_BEYOND, Assumption.CATEGORY, Assumption.EMPTY_GROUP},
            {Assumption.BATCH_GROUP_SIZE, Assumption.PUT_SIZE, Assumption.CODE_TOO_LARGE}
        };
        for (Assumption[] three : threes) {
            Findings findings = probe(three);

            assertThat(findings.differing())
                    .as(findings.text())
                    .containsExactlyInAnyOrderElementsOf(
                            Arrays.stream(three).map(Assumption::id).toList());
        }
    }

    @Test
    void slsLocalAnswersLikeTheProbedService() throws Exception {
        Map<Assumption, String> answers = new EnumMap<>(Map.of(
                Assumption.CURSOR_FORM, "with a line end",
                Assumption.CODE_GROUP_QUOTA, "TooManyGroups 400",
                Assumption.BATCH_GROUP_SIZE, "compressed, each",
                Assumption.PUT_SIZE, "at least 3145728 bytes, less than 10485760",
                Assumption.CUT_BLOCKS, "stored differently",
                Assumption.CATEGORY, "PostBodyInvalid 400"));
        Path file = folder.resolve("probe.json");
        String first;
        try (ProbeRig rig = new ProbeRig(folder, InstantSource.system(), answers)) {
            first = Json.text(rig.probe().json());
            Files.writeString(file, first);
        }
        for (String answer : answers.values()) {
            assertThat(first).contains("\"" + answer + "\"");
        }
        assertThat(first).as("no names").doesNotContain(ProbeRig.SOURCE, ProbeRig.SCRATCH, ProbeRig.LOGSTORE);
        try (ProbeRig rig = ProbeRig.like(folder, file)) {
            assertThat(Json.text(rig.probe().json())).isEqualTo(first);
        }
    }

    @Test
    void theCommandPrintsOneObjectAndAsksBeforeItWrites() throws Exception {
        try (ProbeRig rig = new ProbeRig(folder)) {
            Path config = rig.config();
            InProcess reading = InProcess.run("probe", "--config", config, "--json");

            assertThat(reading.exitCode()).as(reading.out() + reading.err()).isEqualTo(ExitCode.OK);
            assertThat(reading.json().keySet()).containsExactly("assumptions");
            JsonObject one = reading.json().getAsJsonArray("assumptions").get(0).getAsJsonObject();
            assertThat(one.keySet()).containsExactly("name", "assumed", "seen", "then");

            InputStream in = System.in;
            try {
                System.setIn(new ByteArrayInputStream("n\n".getBytes(StandardCharsets.UTF_8)));
                InProcess refused = InProcess.run("probe", "--config", config, "--scratch-project", ProbeRig.SOURCE);
                assertThat(refused.exitCode()).isEqualTo(ExitCode.BAD_CONFIGURATION);
                assertThat(refused.err())
                        .contains("3 logstores", "40 consumer groups", "200 MB", "3000 requests", "15 min")
                        .contains("also that of the source, target 'nginx-logs'")
                        .contains("Nothing was written or read.");
            } finally {
                System.setIn(in);
            }
            assertThat(rig.sls().logstores(ProbeRig.SOURCE)).containsExactly(ProbeRig.LOGSTORE);

            rig.sls().answerUnlike(Map.of(Assumption.HEADER_TIME, "missing"));
            InProcess differs = InProcess.run("probe", "--config", config);
            assertThat(differs.exitCode()).isEqualTo(ExitCode.NOT_CONFIRMED);
            assertThat(differs.out()).contains("DIFFERS", "Different or not probed: header-time.");
            assertThat(InProcess.run("probe", "--config", config, "--credentials", "x")
                            .exitCode())
                    .isEqualTo(ExitCode.BAD_CONFIGURATION);
        }
    }

    private Findings probe(Assumption... switched) throws Exception {
        Map<Assumption, String> unlike = new EnumMap<>(Assumption.class);
        for (Assumption each : switched) {
            unlike.put(each, each.otherAnswer());
        }
        try (ProbeRig rig = new ProbeRig(folder, InstantSource.system(), unlike)) {
            Findings findings = rig.probe();
            assertThat(rig.left()).as("left behind").isEmpty();
            return findings;
        }
    }
}
