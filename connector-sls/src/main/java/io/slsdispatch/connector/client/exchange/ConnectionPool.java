package io.slsdispatch.connector.client.exchange;

import io.netty.channel.Channel;
import io.slsdispatch.connector.client.exchange.Connection.AnswerLimit;
import io.slsdispatch.connector.client.exchange.EventLoops.IoThread;
import io.slsdispatch.connector.task.GuardedTasks;
import io.slsdispatch.connector.task.GuardedTasks.Scheduled;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps connections for the next request to the same host, and closes those that are idle for too long. The connection
 * used last is taken first. The pool has no size limit of its own: a caller already has a permit. One I/O thread.
 */
final class ConnectionPool implements Connection.Owner {

    private static final Logger LOG = LoggerFactory.getLogger(ConnectionPool.class);

    private static final Duration KEEP_IDLE = Duration.ofSeconds(20);
    private static final Duration CHECK_EVERY = Duration.ofSeconds(10);

    private final Connector connector;
    private final Map<String, Deque<Connection>> idle = new HashMap<>();
    private final Set<Connection> all = new HashSet<>();
    private final Scheduled checks;
    private boolean closed;

    ConnectionPool(Connector connector, IoThread thread) {
        this.connector = connector;
        this.checks = GuardedTasks.repeat(
                thread.loop(),
                CHECK_EVERY,
                CHECK_EVERY,
                this::closeIdle,
                failure -> LOG.warn("Closing idle connections failed; retrying", failure));
    }

    /**
     * Gets a connection to a host, pooled or new, and passes it to {@code taker}, or the reason why there is none. The
     * taker may run before this method returns.
     *
     * @param resolved runs when the look-up of the host name has ended, if one is needed
     */
    void take(String host, Runnable resolved, BiConsumer<@Nullable Connection, @Nullable Throwable> taker) {
        Deque<Connection> kept = idle.get(host);
        Connection connection = kept == null ? null : kept.pollLast();
        if (connection != null) {
            taker.accept(connection, null);
        } else {
            connector.connect(host, resolved, (channel, failure) -> connected(host, channel, failure, taker));
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
        AnswerLimit bytes = Objects.requireNonNull(channel.pipeline().get(AnswerLimit.class));
        Connection connection = new Connection(host, this, channel, bytes);
        channel.pipeline().addLast(connection);
        if (closed || !channel.isActive()) {
            connection.close();
        } else {
            all.add(connection);
        }
        taker.accept(connection, null);
    }

    /** Keeps a connection for the next request. */
    @Override
    public void giveBack(Connection connection) {
        if (closed) {
            connection.close();
            return;
        }
        connection.idleFrom(System.nanoTime());
        idle.computeIfAbsent(connection.host(), host -> new ArrayDeque<>()).addLast(connection);
    }

    @Override
    public void forget(Connection connection) {
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

    /** Closes all connections, including those in use. */
    void close() {
        closed = true;
        checks.cancel();
        idle.clear();
        Set.copyOf(all).forEach(Connection::close);
    }
}
