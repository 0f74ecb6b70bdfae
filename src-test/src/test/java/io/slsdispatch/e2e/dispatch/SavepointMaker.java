package io.slsdispatch.e2e.dispatch;

import static org.awaitility.Awaitility.await;

import io.slsdispatch.e2e.cluster.ClusterJob;
import io.slsdispatch.e2e.cluster.FlinkCluster;
import io.slsdispatch.e2e.cluster.Submission;
import io.slsdispatch.local.SlsLocal;
import io.slsdispatch.local.SlsLocalOptions;
import io.slsdispatch.local.fault.Effect;
import io.slsdispatch.local.fault.Fault;
import io.slsdispatch.local.ledger.LogstoreLedger;
import io.slsdispatch.local.ledger.Reconciler;
import io.slsdispatch.local.wire.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Makes a savepoint to be kept for the tests of later builds, with the data of the service that it belongs to. Arguments:
 * the fat jar of the build, and an empty folder. The savepoint goes to where {@code -Dsavepoints=URI} says, since Flink
 * writes that place into it.
 *
 * <p>When it is taken, shard 0 is finished and its children 3 and 4 are read; shard 1 has a backlog, was split, and its
 * children 5 and 6 wait for it; shard 2 is read to its end. Topics with {@code -1} at their end are delivered, those with
 * {@code -2} are not.
 */
public final class SavepointMaker {

    static final String PROJECT = "upgrade";
    static final String SOURCE = "all-logs";
    static final String DATA = "service";
    static final List<String> TARGETS = List.of("alpha", "beta", "gamma");
    private static final int FOR_EVER = 3650;
    private static final int GROUPS = 60;
    private static final Duration LIMIT = Duration.ofMinutes(3);

    private SavepointMaker() {}

    public static void main(String[] args) throws Exception {
        Path jar = Path.of(args[0]).toAbsolutePath();
        Path folder = Files.createDirectories(Path.of(args[1])).toAbsolutePath();
        try (SlsLocal service = SlsLocal.start(SlsLocalOptions.builder()
                        .dataDirectory(folder.resolve(DATA))
                        .build());
                FlinkCluster cluster = FlinkCluster.builder("savepoint-maker")
                        .taskManagers(1, 3)
                        .option("execution.checkpointing.savepoint-dir", System.getProperty("savepoints"))
                        .environment(Map.of(
                                "SLS_AK_ID", SlsLocalOptions.DEFAULT_KEY.accessKeyId(),
                                "SLS_AK_KEY", SlsLocalOptions.DEFAULT_KEY.accessKeySecret()))
                        .start()) {
            service.createLogstore(PROJECT, SOURCE, 3, FOR_EVER);
            for (String target : TARGETS) {
                service.createLogstore(PROJECT, target, 1, FOR_EVER);
            }
            Path file = Files.writeString(folder.resolve("dispatch.yaml"), configuration(service.endpoint()));
            ClusterJob job = cluster.submit(Submission.of(jar)
                    .withArguments("--config", file.toString())
                    .withParallelism(3));
            System.out.println("savepoint " + savepoint(service, job));
        }
    }

    private static String savepoint(SlsLocal service, ClusterJob job) {
        for (int shard = 0; shard < 3; shard++) {
            write(service, shard, "-1");
        }
        awaitDelivered(service);
        service.split(PROJECT, SOURCE, 0);
        write(service, 3, "-1");
        write(service, 4, "-1");
        awaitDelivered(service);
        service.faults()
                .add(Fault.always(new Effect.Refuse(503, "ServerBusy", "busy", Effect.Moment.BEFORE))
                        .on(Operation.PULL_LOGS)
                        .inShard(1));
        write(service, 1, "-2");
        service.split(PROJECT, SOURCE, 1);
        write(service, 5, "-2");
        write(service, 6, "-2");
        // Each is longer than the interval of the discovery.
        job.awaitCheckpoints(3);
        return job.stopWithSavepoint();
    }

    private static void write(SlsLocal service, int shard, String end) {
        String[] kinds = {"alpha", "beta", "gamma", "nobody"};
        for (int i = 0; i < GROUPS; i++) {
            service.put(PROJECT, SOURCE, shard, TestGroups.group(kinds[i % kinds.length] + end, shard + "/" + i));
        }
    }

    /** Where groups of a topic go in the job of the savepoint. */
    static Set<String> targetsOf(String topic) {
        return TARGETS.stream().filter(target -> topic.startsWith(target + "-")).collect(Collectors.toSet());
    }

    private static void awaitDelivered(SlsLocal service) {
        Map<String, LogstoreLedger> targets = new TreeMap<>();
        TARGETS.forEach(target -> targets.put(target, service.ledger(PROJECT, target)));
        await("everything at its target").atMost(LIMIT).until(() -> isDelivered(service, targets));
    }

    private static boolean isDelivered(SlsLocal service, Map<String, LogstoreLedger> targets) throws IOException {
        return Reconciler.reconcile(service.ledger(PROJECT, SOURCE), targets, SavepointMaker::targetsOf)
                .toString()
                .equals("lost=0 duplicated=0 misrouted=0 altered=0");
    }

    private static String configuration(String endpoint) {
        return """
                source:
                  endpoint: %s
                  project: %s
                  logstore: %s
                  credentials: {access-key-id: "${SLS_AK_ID}", access-key-secret: "${SLS_AK_KEY}"}
                  discovery: {interval: 200ms, settle-time: 0s}
                targets:
                  - logstore: alpha
                  - logstore: beta
                  - logstore: gamma
                routes:
                  - {topic: {prefix: alpha-}, to: alpha}
                  - {topic: {prefix: beta-}, to: beta}
                  - {topic: {prefix: gamma-}, to: gamma}
                default-route: drop
                """.formatted(endpoint, PROJECT, SOURCE);
    }
}
