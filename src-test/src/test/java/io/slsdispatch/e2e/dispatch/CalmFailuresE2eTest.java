package io.slsdispatch.e2e.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.e2e.dispatch.OnMiniCluster.WithLogstores;
import io.slsdispatch.job.config.JobConfig;
import io.slsdispatch.local.fault.Effect;
import io.slsdispatch.local.fault.Fault;
import io.slsdispatch.testing.CapturedLog;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a whole job logs while its source or a target cannot be reached: few lines, and no stack traces. */
@OnMiniCluster
class CalmFailuresE2eTest {

    private static final long ATTEMPTS = 150;

    @WithLogstores(
            sourceShards = 8,
            targets = {"good"})
    private Rig rig;

    @Test
    void aSourceThatNeverAnsweredIsAFewLines() throws Exception {
        disconnect(Rig.SOURCE.logstore());
        try (CapturedLog log = new CapturedLog("io.slsdispatch.connector");
                RunningJob job = RunningJob.start(config(), 2)) {
            job.awaitWhileRunning("attempts", any -> assertThat(struck()).isGreaterThan(ATTEMPTS));

            assertCalm(log.lines());
            assertThat(log.lines())
                    .anyMatch(line -> line.contains("Listing the shards of")
                            && line.contains("fails; retrying until 20")
                            && line.contains("Check the endpoint"));
        }
    }

    @Test
    void aSourceAndATargetThatAreLostAreAFewLines() throws Exception {
        rig.writeToAll("first", 200, "good");
        try (CapturedLog log = new CapturedLog("io.slsdispatch.connector");
                RunningJob job = RunningJob.start(config(), 2)) {
            job.awaitWhileRunning("some", any -> assertThat(rig.entries("good")).isNotEmpty());
            disconnect("good");
            rig.writeToAll("second", 200, "good");
            job.awaitWhileRunning("puts", any -> assertThat(struck()).isGreaterThan(ATTEMPTS));
            rig.sls().faults().clear();
            disconnect(Rig.SOURCE.logstore());
            job.awaitWhileRunning("reads", any -> assertThat(struck()).isGreaterThan(ATTEMPTS));

            assertCalm(log.lines());
            assertThat(log.lines()).anyMatch(line -> line.contains("Target 'good': puts to "));
        }
    }

    /** Two subtasks, a JobManager, and a few subjects; many times fewer than attempts, whatever the machine's pace. */
    private static void assertCalm(List<String> lines) {
        assertThat(lines)
                .hasSizeLessThan((int) ATTEMPTS / 5)
                .noneMatch(line -> line.startsWith("\tat "))
                .noneMatch(line -> line.contains("permission"));
    }

    private void disconnect(String logstore) {
        rig.sls()
                .faults()
                .add(Fault.always(new Effect.Reset(Effect.Moment.BEFORE)).inLogstore(logstore));
    }

    private long struck() {
        return rig.sls().faults().list().get(0).struck();
    }

    private JobConfig config() throws Exception {
        rig.discovery("failure-age-limit: 10 min, listing-margin: 100 ms, settle-time: 0 s");
        return rig.config("", """
                routes:
                  - {topic: good, to: good}
                default-route: fail
                defaults:
                  retry: {initial-backoff: 10 ms, max-backoff: 50 ms}
                """);
    }
}
