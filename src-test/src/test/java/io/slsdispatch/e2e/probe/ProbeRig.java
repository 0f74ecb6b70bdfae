package io.slsdispatch.e2e.probe;

import io.slsdispatch.connector.config.ConnectionConfig;
import io.slsdispatch.connector.config.CredentialsConfig;
import io.slsdispatch.connector.config.Endpoint;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.wire.FieldWriter;
import io.slsdispatch.job.probe.Findings;
import io.slsdispatch.job.probe.Probe;
import io.slsdispatch.job.probe.Waits;
import io.slsdispatch.local.SlsLocal;
import io.slsdispatch.local.SlsLocalOptions;
import io.slsdispatch.local.settings.Assumption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/** A server with a source of 30 groups in one of two shards, an empty scratch project, and time that waits move. */
final class ProbeRig implements AutoCloseable {

    static final String SOURCE = "my-project";
    static final String SCRATCH = "my-tests";
    static final String LOGSTORE = "all-logs";

    private static final int GROUPS = 30;

    final List<String> said = new CopyOnWriteArrayList<>();
    final CountDownLatch stopped = new CountDownLatch(1);
    private final SlsLocal sls;
    private final Path credentials;
    private volatile int interruptAfter = Integer.MAX_VALUE;
    private final AtomicLong nanos = new AtomicLong();

    ProbeRig(Path folder) throws IOException {
        this(folder, InstantSource.system(), Map.of());
    }

    ProbeRig(Path folder, InstantSource clock, Map<Assumption, String> unlike) throws IOException {
        this(folder, options(clock, unlike));
    }

    /** A server that answers like a service that was probed. */
    static ProbeRig like(Path folder, Path probed) throws IOException {
        return new ProbeRig(folder, SlsLocalOptions.builder().like(probed));
    }

    private static SlsLocalOptions.Builder options(InstantSource clock, Map<Assumption, String> unlike) {
        SlsLocalOptions.Builder options = SlsLocalOptions.builder().clock(clock);
        unlike.forEach(options::unlike);
        return options;
    }

    private ProbeRig(Path folder, SlsLocalOptions.Builder options) throws IOException {
        sls = SlsLocal.start(
                options.recordRequests(4000).logstore(SOURCE, LOGSTORE, 2).build());
        sls.createProject(SCRATCH);
        for (int number = 0; number < GROUPS; number++) {
            sls.put(SOURCE, LOGSTORE, 1, group("topic", "log " + number));
        }
        credentials = folder.resolve("probe.properties");
        Files.writeString(
                credentials,
                "accessKeyId=" + SlsLocalOptions.DEFAULT_KEY.accessKeyId() + "\naccessKeySecret="
                        + SlsLocalOptions.DEFAULT_KEY.accessKeySecret() + "\n");
    }

    static byte[] group(String topic, String text) {
        byte[] content = new FieldWriter(64).text(1, "text").text(2, text).toBytes();
        byte[] log = new FieldWriter(64)
                .number(1, System.currentTimeMillis() / 1000)
                .bytes(2, content)
                .toBytes();
        return new FieldWriter(64).bytes(1, log).text(3, topic).toBytes();
    }

    SlsLocal sls() {
        return sls;
    }

    Findings probe() throws InterruptedException {
        return probe(SCRATCH, Clock.systemUTC());
    }

    /** The number of requests that the server has got. */
    int requests() {
        return sls.requests().entries().size();
    }

    /** Interrupts the probe when the server has got this many requests: seen at the next pause or request. */
    void interruptAfter(int requests) {
        interruptAfter = requests;
    }

    Findings probe(String scratchProject, Clock clock) throws InterruptedException {
        return probe(scratchProject, clock, 1);
    }

    Findings probe(String scratchProject, Clock clock, long seed) throws InterruptedException {
        ConnectionConfig connection =
                ConnectionConfig.of(Endpoint.parse(sls.endpoint()), new CredentialsConfig.File(credentials.toString()));
        Probe.Task task = new Probe.Task(
                connection, new LogstoreId(SOURCE, LOGSTORE), connection, scratchProject, Probe.region(connection));
        return new Probe(task, clock, waits(), stopped, new Random(seed), said::add).run();
    }

    private Waits waits() {
        return new Waits() {
            @Override
            public void pause(Duration time) {
                nanos.addAndGet(time.toNanos());
            }

            @Override
            public long nanoTime() {
                if (requests() >= interruptAfter) {
                    stopped.countDown();
                }
                return nanos.get();
            }
        };
    }

    /** A configuration with this source. */
    Path config() throws IOException {
        return Files.writeString(credentials.resolveSibling("dispatch.yaml"), """
                source:
                  endpoint: %s
                  project: %s
                  logstore: %s
                  credentials: {file: %s}
                targets: [{name: nginx-logs, logstore: nginx-logs}]
                routes: [{topic: nginx, to: nginx-logs}]
                default-route: drop
                """.formatted(
                        sls.endpoint(), SOURCE, LOGSTORE, credentials));
    }

    /** The logstores in the scratch project. */
    List<String> left() {
        return sls.logstores(SCRATCH);
    }

    @Override
    public void close() {
        sls.close();
    }
}
