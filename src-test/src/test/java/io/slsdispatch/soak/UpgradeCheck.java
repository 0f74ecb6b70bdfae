package io.slsdispatch.soak;

import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.e2e.cluster.Checkpoints.Checkpoint;
import io.slsdispatch.e2e.cluster.ClusterJob;
import io.slsdispatch.e2e.cluster.FlinkCluster;
import io.slsdispatch.e2e.cluster.FlinkClusterBuilder;
import io.slsdispatch.e2e.cluster.Submission;
import io.slsdispatch.local.ledger.Reconciliation;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * A job of an earlier build is replaced by this one under load: once by stopping it with a savepoint, once by killing it
 * under back-pressure and starting from an unaligned checkpoint that was retained.
 */
final class UpgradeCheck {

    private static final int PARALLELISM = 4;
    private static final int TASK_MANAGERS = 2;
    private static final Duration DELIVERY_LIMIT = Duration.ofMinutes(5);
    private static final Duration CHECKPOINT_LIMIT = Duration.ofMinutes(3);
    private static final Duration LOOK_PERIOD = Duration.ofMillis(200);
    /** How long a request that a process has sent may take to take effect. */
    private static final long ON_THE_WAY_MILLIS = 5_000;

    private static final long LEAST_BYTES_IN_FLIGHT = 1_000;
    /** Each request of this target waits so long, which holds up the job. */
    private static final Map<String, Object> SLOW_TARGET =
            Map.of("effect", "delay", "millis", 700, "operation", "PutLogs", "logstore", Layout.WEB);

    private static final Map<String, String> UNALIGNED = Map.of(
            "execution.checkpointing.unaligned.enabled", "true",
            "execution.checkpointing.externalized-checkpoint-retention", "RETAIN_ON_CANCELLATION",
            "execution.checkpointing.num-retained", "20",
            // Otherwise the job starts again by itself while it is being killed.
            "restart-strategy.type", "none");

    private final Settings settings;
    private final PrintStream out;

    /**
     * @param from the fat jar of the earlier build
     * @param to the fat jar of this one
     * @param length of the load, in each of the two cases
     * @param bytesPerSecond the load
     * @param slsLocalJar the runnable jar of SLS Local
     * @param directory for files
     */
    record Settings(Path from, Path to, Duration length, long bytesPerSecond, Path slsLocalJar, Path directory) {}

    UpgradeCheck(Settings settings, PrintStream out) {
        this.settings = settings;
        this.out = out;
    }

    /** Answers whether nothing was lost, misrouted or altered in either case, and repeats kept their bound. */
    boolean run() throws Exception {
        out.println("upgrade from " + settings.from + " to " + settings.to);
        boolean savepoint = inCase(new Case("savepoint", true, Map.of(), this::throughSavepoint));
        boolean checkpoint = inCase(new Case("checkpoint", false, UNALIGNED, this::fromRetainedCheckpoint));
        return savepoint && checkpoint;
    }

    /**
     * A way from one build to the next.
     *
     * @param ordered whether one of the targets is: the job refuses that with unaligned checkpoints
     * @param options of Flink
     */
    private record Case(String name, boolean ordered, Map<String, String> options, Replacement replacement) {}

    /** What a case runs on. */
    private record Stage(
            FlinkCluster cluster, SlsServer service, SlsClient client, Path configuration, Timeline timeline) {}

    /** Ends the job of the earlier build and starts that of this one. */
    @FunctionalInterface
    private interface Replacement {

        Replaced replace(Stage stage, ClusterJob job) throws Exception;
    }

    /**
     * @param job of this build
     * @param fromMillis groups that arrived since then may come again; empty = none may
     * @param untilMillis until when the earlier job may have written
     */
    private record Replaced(ClusterJob job, Optional<Long> fromMillis, long untilMillis) {}

    private boolean inCase(Case one) throws Exception {
        Path directory = Files.createDirectories(settings.directory.resolve(one.name));
        Keys keys = Keys.in(directory);
        long bytes = (long) (settings.bytesPerSecond * settings.length.toSeconds() * 2.6) + 400_000_000;
        FlinkClusterBuilder builder = FlinkCluster.builder("upgrade-" + one.name)
                .taskManagers(TASK_MANAGERS, PARALLELISM)
                .taskManagerMemory(700)
                .option("execution.checkpointing.interval", "2 s")
                // A busy machine starts processes slowly.
                .option("pekko.startup-timeout", "2 min")
                .patience(Duration.ofMinutes(5));
        one.options.forEach(builder::option);
        try (SlsServer service =
                        SlsServer.start(settings.slsLocalJar, directory, bytes, keys.all(), Layout.logstores());
                FlinkCluster cluster = builder.start();
                SlsClient client = service.client(keys.loadFile())) {
            Path configuration = directory.resolve("dispatch.yaml");
            String text = Layout.configuration(service.endpoint(), keys.jobFile());
            Files.writeString(configuration, one.ordered ? text : text.replace("ordered: true", "ordered: false"));
            Timeline timeline = new Timeline(out);
            timeline.say("case: " + one.name);
            return replaceUnderLoad(new Stage(cluster, service, client, configuration, timeline), keys, one);
        }
    }

    private boolean replaceUnderLoad(Stage stage, Keys keys, Case one) throws Exception {
        Timeline timeline = stage.timeline;
        ClusterJob job = stage.cluster.submit(submission(settings.from, stage, PARALLELISM));
        job.awaitRunning();
        LogstoreId source = new LogstoreId(Layout.PROJECT, Layout.SOURCE);
        Replaced replaced;
        try (Load load = Load.start(stage.service.client(keys.loadFile()), source, settings.bytesPerSecond)) {
            job.awaitCheckpoints(2);
            SourceShards shards =
                    new SourceShards(stage.service.remote(), keys.all().get(2));
            timeline.say(shards.split(0, 2));
            timeline.waitFor(settings.length.dividedBy(2));
            timeline.say("the earlier build has written " + written(stage) + " groups; it is replaced");
            replaced = one.replacement.replace(stage, job);
            replaced.job.awaitRunning();
            timeline.say(
                    "this build runs; parallelism " + replaced.job.submission().parallelism());
            timeline.say(shards.split(1, 2));
            timeline.waitFor(settings.length.dividedBy(2));
            load.stop();
            timeline.say("the load has ended: " + load.written() + " groups written");
        }
        return judge(stage, replaced, one.ordered);
    }

    private Replaced throughSavepoint(Stage stage, ClusterJob job) throws Exception {
        String savepoint = job.stopWithSavepoint();
        stage.timeline.say("the earlier build has stopped with " + savepoint);
        useZstd(stage);
        ClusterJob next = stage.cluster.submit(
                submission(settings.to, stage, PARALLELISM - 1).withSavepoint(savepoint));
        return new Replaced(next, Optional.empty(), 0);
    }

    private Replaced fromRetainedCheckpoint(Stage stage, ClusterJob job) throws Exception {
        long slow = stage.service.remote().addFault(SLOW_TARGET);
        Checkpoint checkpoint = awaitCheckpointWithGroupsInFlight(stage, job);
        String path = checkpoint.path().orElseThrow();
        stage.cluster.livingTaskManagers().forEach(stage.cluster::killTaskManager);
        stage.cluster.killJobManager();
        long killed = System.currentTimeMillis();
        stage.timeline.say("kill -9 of all processes; checkpoint " + checkpoint.id() + ", "
                + (killed - checkpoint.triggeredMillis()) + " ms old, holds " + bytesInFlight(path)
                + " bytes that were in flight between tasks");
        stage.service.remote().removeFault(slow);
        stage.cluster.startJobManager();
        for (int i = 0; i < TASK_MANAGERS; i++) {
            stage.cluster.startTaskManager();
        }
        stage.cluster.awaitSlots(TASK_MANAGERS * PARALLELISM);
        useZstd(stage);
        ClusterJob next =
                stage.cluster.submit(submission(settings.to, stage, PARALLELISM).withSavepoint(path));
        return new Replaced(next, Optional.of(checkpoint.triggeredMillis()), killed + ON_THE_WAY_MILLIS);
    }

    /** The earlier build may not know zstd; groups that it had in flight are packed with LZ4. */
    private static void useZstd(Stage stage) throws IOException {
        Files.writeString(stage.configuration, Layout.withZstd(Files.readString(stage.configuration)));
    }

    private static Submission submission(Path jar, Stage stage, int parallelism) {
        return Submission.of(jar)
                .withArguments("--config", stage.configuration.toString())
                .withParallelism(parallelism);
    }

    private Checkpoint awaitCheckpointWithGroupsInFlight(Stage stage, ClusterJob job) throws Exception {
        Duration end = stage.timeline.now().plus(CHECKPOINT_LIMIT);
        long first = job.checkpoints().lastId();
        while (stage.timeline.now().compareTo(end) < 0) {
            Optional<Checkpoint> newest = job.checkpoints().latestCompleted().filter(each -> each.id() > first);
            if (newest.isPresent() && bytesInFlight(newest.get().path().orElseThrow()) > LEAST_BYTES_IN_FLIGHT) {
                return newest.get();
            }
            stage.timeline.waitFor(LOOK_PERIOD);
        }
        throw new IllegalStateException("No checkpoint holds groups in flight: the job was never held up");
    }

    /** How much a checkpoint holds of what was in flight between the tasks. */
    private static long bytesInFlight(String checkpoint) throws IOException {
        Path metadata = Path.of(URI.create(checkpoint)).resolve("_metadata");
        try (DataInputStream in = new DataInputStream(Files.newInputStream(metadata))) {
            return org.apache.flink.runtime.checkpoint.Checkpoints.loadCheckpointMetadata(
                            in, UpgradeCheck.class.getClassLoader(), checkpoint)
                    .getOperatorStates()
                    .stream()
                    .flatMap(operator -> operator.getStates().stream())
                    .mapToLong(subtask -> subtask.getInputChannelState().getStateSize()
                            + subtask.getResultSubpartitionState().getStateSize())
                    .sum();
        }
    }

    private boolean judge(Stage stage, Replaced replaced, boolean ordered) throws Exception {
        Timeline timeline = stage.timeline;
        DeliveryCheck delivery = new DeliveryCheck(stage.service, stage.client, timeline);
        boolean delivered = delivery.awaitComplete(DELIVERY_LIMIT);
        int restores = replaced.job.checkpoints().restores();
        if (delivered) {
            replaced.job.stopWithSavepoint();
        } else {
            timeline.say("not everything was delivered within " + DELIVERY_LIMIT.toMinutes() + " minutes");
            replaced.job.cancel();
        }
        Repeats repeats = new Repeats();
        Reconciliation found = delivery.reconciler()
                .onRepeat((target, repeat, earlier) ->
                        repeats.add(target, repeat.digest(), earlier, repeat.receivedMillis()))
                .compare();
        RepeatBound bound = RepeatBound.of(stage.service);
        replaced.fromMillis.ifPresent(from -> bound.restart(from, replaced.untilMillis));
        RepeatBound.Finding kept = bound.judge(repeats);
        timeline.say(found.groups() + " groups in the source, " + found.deadLettered()
                + " dead letters; state restored " + restores + " times by this build");
        found.targets().forEach(target -> timeline.say(target.toString()));
        found.offenders().stream()
                .filter(line -> !line.contains(": duplicated ") && (ordered || !line.contains(": reordered ")))
                .forEach(timeline::say);
        kept.examples().forEach(timeline::say);
        timeline.say(kept.toString());
        timeline.say(found.toString());
        boolean whole = ordered ? found.isWhole() : found.lost() + found.misrouted() + found.altered() == 0;
        return delivered && restores == 1 && whole && kept.isKept();
    }

    private static long written(Stage stage) throws IOException {
        long written = 0;
        for (String target : Layout.TARGETS) {
            written += stage.service.remote().groups(target);
        }
        return written;
    }
}
