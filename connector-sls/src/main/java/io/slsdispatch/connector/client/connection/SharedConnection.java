package io.slsdispatch.connector.client.connection;

import io.slsdispatch.connector.client.control.ControlCalls;
import io.slsdispatch.connector.client.credentials.CredentialsFactory;
import io.slsdispatch.connector.client.credentials.RequestCredentials;
import io.slsdispatch.connector.client.data.DataCalls;
import io.slsdispatch.connector.client.exchange.HttpTransport;
import io.slsdispatch.connector.config.ConnectionConfig;
import io.slsdispatch.connector.task.GuardedTasks;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The resources that all clients of one connection share in this process: the transport with its connections and
 * threads, and the credentials. The first user creates it and the last user closes it, so that it outlives neither a
 * job nor its class loader. A shared connection whose I/O thread has ended is not shared with new clients, even while
 * earlier clients still hold it.
 */
final class SharedConnection {

    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final Map<ConnectionConfig, SharedConnection> OPEN = new HashMap<>();

    private final ConnectionConfig config;
    private final BackgroundThreads background;
    private final RequestCredentials credentials;
    private final HttpTransport transport;
    private final DataCalls data;
    private final ControlCalls control;
    private int users;

    private SharedConnection(ConnectionConfig config) {
        this.config = config;
        // Threads start with the first call: nothing leaks when one of these constructors throws.
        this.background = new BackgroundThreads("sls-client-" + COUNT.incrementAndGet());
        this.credentials = new RequestCredentials(
                CredentialsFactory.create(config.credentials(), config.network(), background), background);
        this.transport = HttpTransport.open(config, credentials, background);
        this.data = new DataCalls(transport, credentials);
        this.control = control(config, transport, credentials);
    }

    private static ControlCalls control(
            ConnectionConfig config, HttpTransport transport, RequestCredentials credentials) {
        try {
            return new ControlCalls(config.endpoint(), transport, credentials);
        } catch (Throwable e) {
            // The SDK may refuse an endpoint.
            transport.close();
            throw e;
        }
    }

    /** Acquires the shared connection of a configuration. Each call needs one {@link #release}. */
    static SharedConnection acquire(ConnectionConfig config) {
        synchronized (OPEN) {
            SharedConnection connection = OPEN.get(config);
            if (connection == null || !connection.transport.isUsable()) {
                connection = new SharedConnection(config);
                OPEN.put(config, connection);
            }
            connection.users++;
            return connection;
        }
    }

    void release() {
        synchronized (OPEN) {
            users--;
            if (users > 0) {
                return;
            }
            OPEN.remove(config, this);
        }
        try {
            transport.close();
        } finally {
            background.close();
        }
    }

    /** Pulls and puts. */
    DataCalls data() {
        return data;
    }

    /** All calls but pulls and puts. */
    ControlCalls control() {
        return control;
    }

    /** By how much requests are signed ahead of the local clock. */
    Duration clockOffset() {
        return transport.clockOffset();
    }

    RequestCredentials credentials() {
        return credentials;
    }

    /**
     * Threads for blocking tasks: name look-ups and fetches of credentials. There are as many threads as tasks, whose
     * number the callers bound. Idle threads end soon.
     */
    static final class BackgroundThreads implements Executor, AutoCloseable {

        private static final int IDLE_SECONDS = 10;

        /** How long closing waits for interrupted tasks to end. A name look-up does not react to the interrupt. */
        private static final Duration END = Duration.ofSeconds(1);

        private final ThreadPoolExecutor threads;

        /** @param name of the threads */
        BackgroundThreads(String name) {
            this.threads = new ThreadPoolExecutor(
                    0,
                    Integer.MAX_VALUE,
                    IDLE_SECONDS,
                    TimeUnit.SECONDS,
                    new SynchronousQueue<>(),
                    GuardedTasks.threads(name));
        }

        @Override
        public void execute(Runnable work) {
            threads.execute(work);
        }

        /**
         * Ends the threads and waits briefly for them: after the last client of a job is closed, Flink closes the class
         * loader.
         */
        @Override
        public void close() {
            threads.shutdownNow();
            long end = System.nanoTime() + END.toNanos();
            boolean interrupted = false;
            while (!threads.isTerminated() && System.nanoTime() < end) {
                try {
                    var unused = threads.awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
