package io.slsdispatch.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;

/** How long checkpoints take, and how large they are, when targets take less than the source gives. */
final class CheckpointBench implements Benchmark {

    private static final String SOURCE = "pressed";
    private static final int SHARDS = 16;
    private static final long SHARD_QUOTA = 5_000_000;
    private static final Duration MEASURED = Duration.ofSeconds(42);

    @Override
    public String name() {
        return "checkpoint";
    }

    @Override
    public void run(BenchOptions options, Report report) throws Exception {
        report.begin(name(), "a checkpoint every 10 s while each target's quota holds the job back to 10 MB/s");
        try (BenchServer server = BenchServer.builder(options)
                .endless(SOURCE, SHARDS)
                .targets(false)
                .start()) {
            server.fill(SOURCE, Profile.LARGE, Topics.THREE, Profile.LARGE.backlogBytes(SHARDS));
            server.limitTargets(SHARD_QUOTA);
            try (JobCluster cluster = JobCluster.builder(options).start();
                    JobUnderTest job = cluster.start(server, SOURCE, 1)) {
                Rounds.pause(MEASURED);
                job.check();
                JsonNode statistics = job.job().checkpointStatistics();
                int completed = statistics.path("counts").path("completed").asInt();
                if (completed == 0) {
                    throw new IllegalStateException("no checkpoint completed within " + MEASURED);
                }
                JsonNode summary = statistics.path("summary");
                report.add(Figure.of(name(), "checkpoints completed", completed, ""));
                report.add(Figure.of(
                        name(),
                        "duration, average",
                        summary.path("end_to_end_duration").path("avg").asDouble(),
                        "ms"));
                report.add(Figure.of(
                        name(),
                        "duration, longest",
                        summary.path("end_to_end_duration").path("max").asDouble(),
                        "ms"));
                report.add(Figure.of(
                        name(),
                        "size, largest",
                        summary.path("state_size").path("max").asDouble(),
                        "bytes"));
            }
        }
    }
}
