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
import io.slsdispatch.connector.wire.Codecs;
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
 * The I/O threads of this process, their buffer memory, and its codecs. The first user creates them and the last user ends them, so
 * that they outlive neither a job nor its class loader.
 *
 * <p>A thread that an error has ended is not used again: its users are notified, and the next call of {@code acquire}
 * creates new threads, even while earlier users still hold the old ones.
 */
final class EventLoops {

    private static final Logger LOG = LoggerFactory.getLogger(EventLoops.class);

    /** The threads wait for sockets, and each carries some GB per second. */
    private static final int THREADS = 2;

    /**
     * One arena for all threads. With an arena per thread, when direct memory is short, a thread whose arena has no
     * chunk cannot allocate even a few bytes, although the chunk of the other arena is almost empty.
     */
    private static final int ARENAS = 1;

    private static final int PAGE = 8192;

    /**
     * Chunks of 4 MiB: usual requests and answers fit, and a larger one has memory of its own for as long as it is in
     * flight. Several jobs may share a process, and each holds at least one chunk.
     */
    private static final int CHUNK_ORDER = 9;

    private static final int SMALL_CACHE = 64;
    private static final int NORMAL_CACHE = 16;

    /** Some answers and their compressed bodies, of the usual sizes, for each of the threads. */
    private static final long KEPT_ARRAYS = 32L << 20;

    /** How long the last user waits for the threads to end; they have no work left. */
    private static final Duration END = Duration.ofSeconds(5);

    private static final String RECORDER_EVENTS = "io.netty.jfr.enabled";

    static {
        // Netty would register a listener with the flight recorder of the JVM, which is never removed: it would keep
        // the class loader of each job in a session cluster. In the fat jar, this property is for its own Netty only.
        if (System.getProperty(RECORDER_EVENTS) == null) {
            System.setProperty(RECORDER_EVENTS, "false");
        }
    }

    private static @Nullable EventLoops shared;

    private final List<Loop> loops;
    private final ByteBufAllocator memory =
            new PooledByteBufAllocator(true, 0, ARENAS, PAGE, CHUNK_ORDER, SMALL_CACHE, NORMAL_CACHE, false);
    private final ArrayPool arrays = new ArrayPool(KEPT_ARRAYS);
    private volatile boolean released;
    private int users;
    private int next;

    /** The thread on which the exchanges and connections of a {@link HttpTransport} run. */
    record IoThread(EventLoop loop) {

        /**
         * Runs an action on the thread: now, when this is the thread, else {@link #later}.
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
         * Runs an action on the thread, after the current one.
         *
         * @param listener is notified when the action throws, and when the thread has ended and accepts no actions
         */
        void later(GuardedTasks.Task action, FailureListener listener) {
            GuardedTasks.execute(loop, action, listener);
        }

        /**
         * Runs an action on the thread once, after a delay.
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
     * One thread. Not created by an event loop group of Netty: the group reports the end of its threads on one more
     * thread, which cannot be waited for, and which outlives the class loader.
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
            // The class loader of the current caller may belong to a job that ends before this thread.
            made.setContextClassLoader(EventLoops.class.getClassLoader());
            thread = made;
            return made;
        }

        private void ended() {
            ended = true;
            if (!released) {
                LOG.error(
                        "An error has stopped an I/O thread of the SLS client. Its requests fail; the next client that"
                                + " is opened gets a new thread");
            }
            listeners.forEach(Runnable::run);
        }

        boolean isAlive() {
            return !ended && !executor.isShuttingDown();
        }

        /** Waits until the thread has ended, at most until the given time. An interrupt does not shorten the wait. */
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

    /** Acquires the threads of the process. Each call needs one {@link #release}. */
    static synchronized EventLoops acquire() {
        EventLoops loops = shared;
        if (loops == null || !loops.loops.stream().allMatch(Loop::isAlive)) {
            loops = new EventLoops();
            shared = loops;
        }
        loops.users++;
        Codecs.acquire();
        return loops;
    }

    /**
     * One of the threads.
     *
     * @param ended runs on that thread when it ends for any reason, unless {@link #forget} is called before; must not
     *     throw
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

    /** Removes the callback that {@link #thread} has added. */
    void forget(Runnable ended) {
        loops.forEach(loop -> loop.listeners.remove(ended));
    }

    ByteBufAllocator memory() {
        return memory;
    }

    /** The arrays into which answers are decompressed. */
    ArrayPool arrays() {
        return arrays;
    }

    /**
     * Releases the threads. The last release ends them and waits until they have ended: Flink closes the class loader
     * after a job or a command, and a thread that then loads one more class fails.
     */
    void release() {
        Codecs.release();
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
