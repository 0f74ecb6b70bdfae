package io.slsdispatch.e2e.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.job.probe.Findings;
import io.slsdispatch.local.settings.Assumption;
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
