package io.slsdispatch.demo;

import com.aliyun.openservices.log.Client;
import com.aliyun.openservices.log.exception.LogException;
import com.aliyun.openservices.log.request.PutLogsRequest;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Writes demo log groups at a constant rate with the official SDK, from a few threads. */
final class Feeder {

    private static final int THREADS = 2;
    private static final int PERIOD_MILLIS = 10;

    private final Client client;
    private final String project;
    private final String logstore;
    private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(THREADS, task -> {
        Thread thread = new Thread(task, "feeder");
        thread.setDaemon(true);
        return thread;
    });
    private final List<DemoLogs> generators = new CopyOnWriteArrayList<>();
    private final AtomicLong fed = new AtomicLong();
    private final AtomicLong unrouted = new AtomicLong();
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

    Feeder(Client client, String project, String logstore) {
        this.client = client;
        this.project = project;
        this.logstore = logstore;
    }

    /** Starts writing. The rate is kept as long as the server is fast enough. */
    @SuppressWarnings("FutureReturnValueIgnored") // a failure is kept and thrown by check()
    void start(int groupsPerSecond) {
        int groupsPerRound = Math.max(1, groupsPerSecond * PERIOD_MILLIS / 1000 / THREADS);
        for (int thread = 0; thread < THREADS; thread++) {
            DemoLogs logs = new DemoLogs(thread);
            generators.add(logs);
            threads.scheduleAtFixedRate(() -> round(logs, groupsPerRound), 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** Begins to write groups of a topic that the demo's configuration does not name. */
    void beginNewApp() {
        generators.forEach(DemoLogs::beginNewApp);
    }

    private void round(DemoLogs logs, int groups) {
        try {
            for (int i = 0; i < groups && !threads.isShutdown(); i++) {
                put(logs.next(Instant.now()));
            }
        } catch (LogException | RuntimeException e) {
            failure.compareAndSet(null, e);
            threads.shutdown();
        }
    }

    private void put(com.aliyun.openservices.log.common.Logs.LogGroup group) throws LogException {
        client.PutLogs(new PutLogsRequest(project, logstore, "", "", group.toByteArray(), null));
        fed.incrementAndGet();
        if (group.getTopic().equals(DemoLogs.HEALTH_CHECK)) {
            unrouted.incrementAndGet();
        }
    }

    /** The number of groups written. */
    long fed() {
        return fed.get();
    }

    /** The number of written groups whose topic is routed nowhere. */
    long unrouted() {
        return unrouted.get();
    }

    /** Throws the failure that has stopped the writing, if there is one. */
    void check() throws Exception {
        Exception stopped = failure.get();
        if (stopped != null) {
            throw new IllegalStateException("Writing to SLS Local failed: " + stopped.getMessage(), stopped);
        }
    }

    /** Stops writing and waits for the puts in flight. */
    void stop() throws InterruptedException {
        threads.shutdown();
        if (!threads.awaitTermination(30, TimeUnit.SECONDS)) {
            throw new IllegalStateException("Puts still in flight after 30 s");
        }
    }
}
