package io.slsdispatch.e2e.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.flink.configuration.Configuration;

/** The Flink configuration of one cluster, as written to the {@code config.yaml} that all of its processes read. */
final class ClusterConfiguration {

    private static final String LOCALHOST = "127.0.0.1";

    private final ClusterDirectory directory;
    private final ClusterSettings settings;
    private final int rpcPort = FreePorts.next();
    private final int restPort = FreePorts.next();
    private final int zooKeeperPort = FreePorts.next();

    ClusterConfiguration(ClusterDirectory directory, ClusterSettings settings) {
        this.directory = directory;
        this.settings = settings;
    }

    URI restAddress() {
        return URI.create("http://" + LOCALHOST + ":" + restPort);
    }

    /** All options, as Flink reads them from the file. */
    Configuration flink() {
        return Configuration.fromMap(options());
    }

    /** Writes what Flink's processes and the ZooKeeper read at their start. */
    void writeFiles() {
        try {
            Files.writeString(directory.configuration().resolve("config.yaml"), yaml());
            Files.writeString(directory.configuration().resolve("zoo.cfg"), zooKeeper());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write to " + directory.configuration(), e);
        }
    }

    private Map<String, String> options() {
        Map<String, String> options = new TreeMap<>();
        addAddresses(options);
        addMemory(options);
        addTimes(options);
        addState(options);
        if (settings.shape().highAvailability()) {
            options.put("high-availability.type", "zookeeper");
            options.put("high-availability.cluster-id", "/test");
            options.put(
                    "high-availability.storageDir",
                    directory.highAvailability().toUri().toString());
            options.put("high-availability.zookeeper.quorum", LOCALHOST + ":" + zooKeeperPort);
            // How long a killed JobManager stays leader.
            options.put("high-availability.zookeeper.client.session-timeout", "6 s");
        }
        options.putAll(settings.options());
        return options;
    }

    private void addAddresses(Map<String, String> options) {
        options.put("jobmanager.bind-host", LOCALHOST);
        options.put("jobmanager.rpc.address", LOCALHOST);
        options.put("jobmanager.rpc.port", Integer.toString(rpcPort));
        options.put("taskmanager.bind-host", LOCALHOST);
        options.put("taskmanager.host", LOCALHOST);
        options.put("rest.address", LOCALHOST);
        options.put("rest.bind-address", LOCALHOST);
        options.put("rest.port", Integer.toString(restPort));
    }

    /** Explicit parts: with Flink's own shares hardly any heap would be left for tasks in a process this small. */
    private void addMemory(Map<String, String> options) {
        options.put(
                "jobmanager.memory.process.size",
                settings.shape().jobManagerMemory().toString());
        options.put("jobmanager.memory.jvm-metaspace.size", "128m");
        options.put("jobmanager.memory.off-heap.size", "64m");
        options.put("jobmanager.memory.jvm-overhead.min", "48m");
        options.put("jobmanager.memory.jvm-overhead.max", "48m");
        options.put(
                "taskmanager.memory.process.size",
                settings.shape().taskManagerMemory().toString());
        options.put("taskmanager.memory.jvm-metaspace.size", "128m");
        options.put("taskmanager.memory.framework.heap.size", "64m");
        options.put("taskmanager.memory.framework.off-heap.size", "64m");
        options.put("taskmanager.memory.task.off-heap.size", "32m");
        options.put("taskmanager.memory.managed.size", "0m");
        options.put("taskmanager.memory.network.min", "32m");
        options.put("taskmanager.memory.network.max", "32m");
        options.put("taskmanager.memory.jvm-overhead.min", "48m");
        options.put("taskmanager.memory.jvm-overhead.max", "48m");
        options.put(
                "taskmanager.numberOfTaskSlots",
                Integer.toString(settings.shape().slots()));
        options.put("taskmanager.load-balance.mode", "SLOTS");
    }

    private static void addTimes(Map<String, String> options) {
        // A dead TaskManager shows by failed heartbeat calls, that is after about two intervals. The timeout only
        // decides about a silent one, and must bear a machine that is busy with other things.
        options.put("heartbeat.interval", "1 s");
        options.put("heartbeat.timeout", "20 s");
        options.put("pekko.ask.timeout", "60 s");
        // A process that needs longer to listen ends itself; usually 10 s, which a busy machine needs at times.
        options.put("pekko.startup-timeout", "120 s");
        options.put("slot.request.timeout", "60 s");
        options.put("restart-strategy.type", "fixed-delay");
        options.put("restart-strategy.fixed-delay.attempts", "30");
        options.put("restart-strategy.fixed-delay.delay", "1 s");
        // Without this, the metrics of all jobs stand still for ten minutes after a TaskManager was killed.
        options.put("web.timeout", "10 s");
        options.put("metrics.fetcher.update-interval", "1 s");
        // Without this, a job's state over REST is up to three seconds old: a whole recovery goes unseen.
        options.put("rest.cache.execution-graph.timeout", "0 ms");
        options.put("rest.cache.checkpoint-statistics.timeout", "0 ms");
        options.put("web.checkpoints.history", "100");
    }

    private void addState(Map<String, String> options) {
        options.put("execution.checkpointing.interval", "1 s");
        options.put(
                "execution.checkpointing.dir", directory.checkpoints().toUri().toString());
        options.put(
                "execution.checkpointing.savepoint-dir",
                directory.savepoints().toUri().toString());
        options.put("execution.checkpointing.externalized-checkpoint-retention", "RETAIN_ON_CANCELLATION");
    }

    /** One line for each option; a JSON string is also a YAML string. */
    private String yaml() {
        ObjectMapper json = new ObjectMapper();
        return options().entrySet().stream()
                .map(option -> option.getKey() + ": " + quoted(json, option.getValue()) + "\n")
                .collect(Collectors.joining());
    }

    private static String quoted(ObjectMapper json, String value) {
        try {
            return json.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Not to be written as JSON: " + value, e);
        }
    }

    private String zooKeeper() {
        return """
                dataDir=%s
                clientPort=%d
                clientPortAddress=%s
                admin.enableServer=false
                tickTime=1000
                initLimit=10
                syncLimit=5
                """.formatted(directory.root().resolve("zookeeper"), zooKeeperPort, LOCALHOST);
    }
}
