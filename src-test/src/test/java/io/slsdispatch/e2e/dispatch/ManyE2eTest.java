package io.slsdispatch.e2e.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sizes that nobody should need, with the network buffers and threads that Flink has by default. */
@OnMiniCluster
class ManyE2eTest {

    private static final int SHARDS = 500;
    private static final int TARGETS = 200;
    private static final int TOPICS = 10_000;
    /** For targets, shards and topics alike; beyond it something grows with one of them. */
    private static final int MOST_THREADS = 200;

    @TempDir
    private Path folder;

    @Test
    void tenThousandTopicsOf500ShardsGoTo200Targets() throws Exception {
        String[] targets = IntStream.range(0, TARGETS)
                .mapToObj(target -> "target-" + target)
                .toArray(String[]::new);
        try (Rig rig = new Rig(folder, SHARDS, 1, targets)) {
            for (int topic = 0; topic < TOPICS; topic++) {
                String name = "topic-" + topic % TARGETS + "-" + topic;
                rig.write(topic % SHARDS, TestGroups.group(name, "text " + topic));
            }
            String routes = IntStream.range(0, TARGETS)
                    .mapToObj(target -> "  - {topic: {prefix: topic-" + target + "-}, to: target-" + target + "}\n")
                    .collect(Collectors.joining("", "routes:\n", "default-route: fail\n"));
            int before = Thread.activeCount();

            try (RunningJob job = RunningJob.start(rig.config("", routes), 2)) {
                job.awaitWhileRunning(
                        "every group at its target",
                        any -> Rig.assertExact(rig.reconcile(topic -> Set.of("target-" + topic.split("-")[1]))));
                assertThat(Thread.activeCount() - before)
                        .as("threads of the job")
                        .isLessThan(MOST_THREADS);
            }
        }
    }
}
