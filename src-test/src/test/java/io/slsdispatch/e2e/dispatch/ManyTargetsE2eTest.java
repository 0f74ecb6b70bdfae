package io.slsdispatch.e2e.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.job.status.FlinkRestException;
import io.slsdispatch.job.status.HttpFlinkRest;
import io.slsdispatch.job.status.JobStatus;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.metrics.prometheus.LoopbackReporter;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.test.junit5.InjectClusterRESTAddress;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What is seen of a job with a thousand targets, in two subtasks of one process. */
class ManyTargetsE2eTest {

    @RegisterExtension
    static final MiniClusterExtension CLUSTER = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setConfiguration(configuration())
            .setNumberTaskManagers(1)
            .setNumberSlotsPerTaskManager(2)
            .build());

    private static final int TARGETS = 1_003;
    private static final int SUBTASKS = 2;
    private static final int MOST_BYTES_OF_A_SCRAPE = 50_000_000;

    @TempDir
    private Path folder;

    private static Configuration configuration() {
        Configuration configuration = MetricsE2eTest.reporter();
        configuration.setString("metrics.fetcher.update-interval", "100 ms");
        return configuration;
    }

    @Test
    void everyTargetIsInAScrapeOfLimitedSizeAndStatusDoesNotTakeMissingMetricsForHealth(
            @InjectClusterRESTAddress URI flink) throws Exception {
        String[] targets = IntStream.range(0, TARGETS)
                .mapToObj(target -> "target-" + target)
                .toArray(String[]::new);
        String routes = IntStream.range(0, TARGETS)
                .mapToObj(target -> "  - {topic: topic-" + target + ", to: target-" + target + "}\n")
                .collect(Collectors.joining("", "routes:\n", "default-route: fail\n"));
        try (Rig rig = new Rig(folder, 2, 1, targets)) {
            List.of(0, 500, 1_002).forEach(target -> rig.writeToAll("text", 10, "topic-" + target));
            try (RunningJob job = RunningJob.start(rig.config("", routes), SUBTASKS)) {
                job.awaitWhileRunning(
                        "every group at its target",
                        any -> Rig.assertExact(
                                rig.reconcile(topic -> Set.of("target-" + topic.substring("topic-".length())))));

                assertScraped(LoopbackReporter.last().text());
                job.awaitWhileRunning("a status that is not fooled", any -> assertNotFooled(flink));
            }
        }
    }

    private static void assertScraped(String text) {
        assertThat(text.lines().filter(line -> line.contains("_sls_inFlightBytes{")))
                .as("the gauge of each target and subtask")
                .hasSize(TARGETS * SUBTASKS);
        assertThat(text.getBytes(StandardCharsets.UTF_8))
                .as("bytes of a scrape")
                .hasSizeBetween(1_000_000, MOST_BYTES_OF_A_SCRAPE);
    }

    /** Flink's answer lacks the gauges of so many targets. */
    private static void assertNotFooled(URI flink) throws Exception {
        JobStatus status;
        try {
            status = JobStatus.read(HttpFlinkRest.at(flink.toString()), duration -> {}, null);
        } catch (FlinkRestException e) {
            throw new AssertionError("on a busy machine it is asked again", e);
        }

        assertThat(String.join(" ", status.lines()).replaceAll("\\s+", " "))
                .contains("Flink's answer lacks metrics of " + TARGETS + " of " + TARGETS + " targets");
        assertThat(status.isWell()).isFalse();
    }
}
