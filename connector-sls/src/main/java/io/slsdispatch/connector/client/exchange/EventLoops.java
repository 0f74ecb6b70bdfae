package io.slsdispatch.connector.client.exchange;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.slsdispatch.connector.task.GuardedTasks;
import io.slsdispatch.connector.task.GuardedTasks.FailureListener;
import io.slsdispatch.connector.task.GuardedTasks.Scheduled;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The I/O threads of this process and the memory that they send from and receive into. The first user makes them, the
 * last one ends them, so that they outlive neither a job nor its class loader.
 *
 * <p>A thread that has ended before, by an error, is not used again: its users hear of it, and whoever acquires next gets
 * new ones, however many still hold those of before.
 */
final class EventLoops {

    private static final Logger LOG = LoggerFactory.getLogger(EventLoops.class);

    /** They wait for sockets, and carry some GB per second each. */
    private static final int THREADS = 2;

    /**
     * One for all threads: where direct memory is short, a thread that finds no chunk in an arena of its own has not even
     * a few bytes, although the other arena's chunk is nearly empty.
     */
    private static final int ARENAS = 1;

    private static final int PAGE = 8192;

    /**
     * Chunks of 4 MiB: usual requests and answers fit in, and what is larger has memory of its own for as long as it is
     * under way. Several jobs may share a process, and each holds at least one chunk.
     */
    private static final int CHUNK_ORDER = 9;

    private static final int SMALL_CACHE = 64;
    private static final int NORMAL_CACHE = 16;

    /** Some answers and what they came in, of the usual sizes, for each of the threads. */
    private static final long KEPT_ARRAYS = 32L << 20;

    /** How long the last user waits for the threads to end; they have nothing left to do. */
    private static final Duration END = Duration.ofSeconds(5);

    private static @Nullable EventLoops shared;

    private final List<Loop> loops;
    private final ByteBufAllocator memory =
            new PooledByteBufAllocator(true, 0, ARENAS, PAGE, CHUNK_ORDER, SMALL_CACHE, NORMAL_CACHE, false);
    private final ArrayPool arrays = new ArrayPool(KEPT_ARRAYS);
    private volatile boolean released;
    private int users;
    private int next;

    /** The thread that the exchanges and connections of a {@link HttpTransport} live on. */
    record IoThread(EventLoop loop) {

        /**
         * Does something there: now, when this is the thread, else {@link #later}.
         *
         * @param listener as of {@link #later}
         */
        void run(GuardedTasks.Task action, FailureListener listener) {
            if (loop.inEventLoop()) {
                GuardedTasks.guarded(action, listener).run();
            } else {
                later(action, listener);
            }
        }

        /**
         * Does something there, after what it does now.
         *
         * @param listener hears what it throws, and when the thread takes nothing any more since it has ended
         */
        void later(GuardedTasks.Task action, FailureListener listener) {
            GuardedTasks.execute(loop, action, listener);
        }

        /**
         * Does something there once, later.
         *
         * @param listener as of {@link #later}
         */
        Scheduled schedule(Duration delay, GuardedTasks.Task action, FailureListener listener) {
            return GuardedTasks.schedule(loop, delay, action, listener);
        }
    }

    private EventLoops() {
        IoHandlerFactory sockets = NioIoHandler.newFactory();
        DefaultThreadFactory names = new DefaultThreadFactory("sls-client-io", true);
        this.loops = IntStream.range(0, THREADS)
                .mapToObj(number -> new Loop(names, sockets))
                .toList();
    }

    /**
     * One thread. Not made by a group of Netty's: that would report their end by one more thread, which nobody can wait
     * for, and which outlives the class loader.
     */
    private final class Loop {

        private final EventLoop executor;
        private final Set<Runnable> listeners = ConcurrentHashMap.newKeySet();
        private volatile @Nullable Thread thread;
        private volatile boolean ended;

        Loop(DefaultThreadFactory names, IoHandlerFactory sockets) {
            ThreadFactory factory = work -> thread(names, work);
            this.executor = new SingleThreadIoEventLoop(null, factory, sockets);
        }

        private Thread thread(DefaultThreadFactory names, Runnable work) {
            Thread made = names.newThread(() -> {
                try {
                    work.run();
                } finally {
                    ended();
                }
            });
            // That of whoever happens to come first may belong to a job that ends before this one.
            made.setContextClassLoader(EventLoops.class.getClassLoader());
            thread = made;
            return made;
        }

        private void ended() {
            ended = true;
            if (!released) {
                LOG.error(
                        "An I/O thread of the SLS client has ended by an error. What uses it fails; whoever connects next"
                                + " gets a new one");
            }
            listeners.forEach(Runnable::run);
        }

        boolean isAlive() {
            return !ended && !executor.isShuttingDown();
        }

        /** Waits until it has ended, whether the waiting thread is interrupted or not; for a limited time. */
        void join(long endNanos) {
            boolean interrupted = false;
            Thread waitedFor = thread;
            while (waitedFor != null && waitedFor != Thread.currentThread() && waitedFor.isAlive()) {
                long left = TimeUnit.NANOSECONDS.toMillis(endNanos - System.nanoTime());
                if (left <= 0) {
                    break;
                }
                try {
                    waitedFor.join(left);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Each call needs one {@link #release}. */
    static synchronized EventLoops acquire() {
        EventLoops loops = shared;
        if (loops == null || !loops.loops.stream().allMatch(Loop::isAlive)) {
            loops = new EventLoops();
            shared = loops;
        }
        loops.users++;
        return loops;
    }

    /**
     * One of the threads.
     *
     * @param ended is run when it has ended, in whatever way, on that thread, unless {@link #forget} is called before; must
     *     throw nothing
     */
    IoThread thread(Runnable ended) {
        Loop loop;
        synchronized (EventLoops.class) {
            loop = loops.get(next);
            next = (next + 1) % loops.size();
        }
        loop.listeners.add(ended);
        if (loop.ended) {
            ended.run();
        }
        return new IoThread(loop.executor);
    }

    /** Ends what {@link #thread} has begun to listen to. */
    void forget(Runnable ended) {
        loops.forEach(loop -> loop.listeners.remove(ended));
    }

    ByteBufAllocator memory() {
        return memory;
    }

    /** What answers are restored into. */
    ArrayPool arrays() {
        return arrays;
    }

    /**
     * Ends the threads after their last user, and waits until they have: Flink closes the class loader behind a job or a
     * command, and a thread that then needs one more class would die of that.
     */
    void release() {
        synchronized (EventLoops.class) {
            users--;
            if (users > 0) {
                return;
            }
            if (shared == this) {
                shared = null;
            }
        }
        released = true;
        for (Loop loop : loops) {
            var unused = loop.executor.shutdownGracefully(0, END.toSeconds(), TimeUnit.SECONDS);
        }
        long end = System.nanoTime() + END.toNanos();
        loops.forEach(loop -> loop.join(end));
    }
}
