package io.slsdispatch.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.client.program.PackagedProgram;
import org.apache.flink.client.program.PackagedProgramUtils;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;

/**
 * A Flink cluster inside this process, with its web UI, that runs a job from its jar as a real cluster does: through
 * the jar's main class, in a separate class loader.
 */
final class LocalFlink implements AutoCloseable {

    private static final String LOOPBACK = "127.0.0.1";
    private static final Duration ANSWER = Duration.ofSeconds(10);

    private final Configuration configuration;
    private final MiniCluster cluster;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(ANSWER).build();
    private final ObjectMapper json = new ObjectMapper();

    private LocalFlink(Configuration configuration, MiniCluster cluster) {
        this.configuration = configuration;
        this.cluster = cluster;
    }

    /**
     * @param slots number of task slots of the cluster
     * @param directory directory of checkpoints and savepoints
     */
    static LocalFlink start(int slots, Path directory) throws Exception {
        Configuration configuration = new Configuration();
        configuration.set(JobManagerOptions.BIND_HOST, LOOPBACK);
        configuration.set(TaskManagerOptions.BIND_HOST, LOOPBACK);
        configuration.set(TaskManagerOptions.HOST, LOOPBACK);
        configuration.set(RestOptions.ADDRESS, LOOPBACK);
        configuration.set(RestOptions.BIND_ADDRESS, LOOPBACK);
        configuration.set(RestOptions.BIND_PORT, "0");
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofSeconds(2));
        configuration.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                directory.resolve("checkpoints").toUri().toString());
        configuration.set(
                CheckpointingOptions.SAVEPOINT_DIRECTORY,
                directory.resolve("savepoints").toUri().toString());
        MiniCluster cluster = new MiniCluster(new MiniClusterConfiguration.Builder()
                .setConfiguration(configuration)
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(slots)
                .build());
        cluster.start();
        return new LocalFlink(configuration, cluster);
    }

    /** Address of the web UI and the REST API, without a slash at the end. */
    URI webUi() throws Exception {
        URI address = cluster.getRestAddress().get(ANSWER.toSeconds(), TimeUnit.SECONDS);
        return URI.create("http://" + LOOPBACK + ":" + address.getPort());
    }

    /** Runs the main method of a jar and submits the job that it builds. */
    JobID submit(Path jar, int parallelism, String... arguments) throws Exception {
        try (PackagedProgram program = PackagedProgram.newBuilder()
                .setJarFile(jar.toFile())
                .setArguments(arguments)
                .setConfiguration(configuration)
                .build()) {
            JobGraph graph = PackagedProgramUtils.createJobGraph(program, configuration, parallelism, false);
            cluster.submitJob(graph).get();
            return graph.getJobID();
        }
    }

    JobStatus status(JobID job) throws Exception {
        return cluster.getJobStatus(job).get(ANSWER.toSeconds(), TimeUnit.SECONDS);
    }

    /** The number of completed checkpoints of the job. */
    int completedCheckpoints(JobID job) throws Exception {
        return get("/jobs/" + job + "/checkpoints")
                .path("counts")
                .path("completed")
                .asInt();
    }

    /** The number of restarts of the job after failures. */
    int restarts(JobID job) throws Exception {
        for (JsonNode metric : get("/jobs/" + job + "/metrics?get=numRestarts")) {
            return metric.path("value").asInt();
        }
        return 0;
    }

    /** Stops the job with a savepoint, after all groups that it has read are delivered. */
    void stop(JobID job) throws Exception {
        cluster.stopWithSavepoint(
                        job,
                        configuration.get(CheckpointingOptions.SAVEPOINT_DIRECTORY),
                        false,
                        SavepointFormatType.CANONICAL)
                .get(1, TimeUnit.MINUTES);
    }

    private JsonNode get(String path) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(webUi().resolve(path)).timeout(ANSWER).build();
        HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException("GET " + path + " of Flink's REST API returned " + answer.statusCode());
        }
        return json.readTree(answer.body());
    }

    @Override
    public void close() {
        cluster.closeAsync().join();
    }
}
