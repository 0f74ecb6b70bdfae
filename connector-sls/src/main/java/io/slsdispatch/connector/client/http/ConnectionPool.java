package io.slsdispatch.connector.client.http;

import io.netty.channel.Channel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Connections that are kept for the next request to the same host, the one used last first, until nobody has used them
 * for a while. Bounds nothing: whoever takes one has had to wait for a turn. One I/O thread.
 */
final class ConnectionPool {

    private static final Duration KEEP_IDLE = Duration.ofSeconds(20);
    private static final Duration CHECK_EVERY = Duration.ofSeconds(10);

    private final Connector connector;
    private final Map<String, Deque<Connection>> idle = new HashMap<>();
    private final Set<Connection> all = new HashSet<>();
    private final Runnable stopChecking;
    private boolean closed;

    ConnectionPool(Connector connector, IoThread thread) {
        this.connector = connector;
        var ends = thread.loop()
                .scheduleWithFixedDelay(
                        this::closeIdle, CHECK_EVERY.toMillis(), CHECK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
        this.stopChecking = () -> ends.cancel(false);
    }

    /** Gives a connection to a host, kept or new, or the reason why there is none; perhaps at once. */
    void take(String host, BiConsumer<@Nullable Connection, @Nullable Throwable> taker) {
        Deque<Connection> kept = idle.get(host);
        Connection connection = kept == null ? null : kept.pollLast();
        if (connection != null) {
            taker.accept(connection, null);
        } else {
            connector.connect(host, (channel, failure) -> connected(host, channel, failure, taker));
        }
    }

    private void connected(
            String host,
            @Nullable Channel channel,
            @Nullable Throwable failure,
            BiConsumer<@Nullable Connection, @Nullable Throwable> taker) {
        if (channel == null) {
            taker.accept(null, failure);
            return;
        }
        Connection connection = new Connection(host, this, channel);
        channel.pipeline().addLast(connection);
        if (closed || !channel.isActive()) {
            connection.close();
        } else {
            all.add(connection);
        }
        taker.accept(connection, null);
    }

    /** Keeps a connection that was taken, for the next one. */
    void giveBack(Connection connection) {
        if (closed) {
            connection.close();
            return;
        }
        connection.idleFrom(System.nanoTime());
        idle.computeIfAbsent(connection.host(), host -> new ArrayDeque<>()).addLast(connection);
    }

    /** A connection is no more. */
    void forget(Connection connection) {
        all.remove(connection);
        Deque<Connection> kept = idle.get(connection.host());
        if (kept != null) {
            kept.remove(connection);
        }
    }

    private void closeIdle() {
        long now = System.nanoTime();
        for (Iterator<Deque<Connection>> hosts = idle.values().iterator(); hosts.hasNext(); ) {
            Deque<Connection> kept = hosts.next();
            while (!kept.isEmpty() && now - kept.getFirst().idleSince() > KEEP_IDLE.toNanos()) {
                kept.removeFirst().close();
            }
            if (kept.isEmpty()) {
                hosts.remove();
            }
        }
    }

    /** Closes all connections, those that are used included. */
    void close() {
        closed = true;
        stopChecking.run();
        idle.clear();
        Set.copyOf(all).forEach(Connection::close);
    }
}
