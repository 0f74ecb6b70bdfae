package io.slsdispatch.connector.client.http;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The I/O threads of this process and the memory that they send from and receive into. The first user makes them, the
 * last one ends them, so that they outlive neither a job nor its class loader.
 */
final class EventLoops {

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

    private static @Nullable EventLoops shared;
    private static int users;

    /** How long the last user waits for the threads to end; they have nothing left to do. */
    private static final Duration END = Duration.ofSeconds(1);

    private final Threads factory = new Threads();
    private final EventLoopGroup threads = new MultiThreadIoEventLoopGroup(THREADS, factory, NioIoHandler.newFactory());
    private final ByteBufAllocator memory =
            new PooledByteBufAllocator(true, 0, ARENAS, PAGE, CHUNK_ORDER, SMALL_CACHE, NORMAL_CACHE, false);

    private final ArrayPool arrays = new ArrayPool(KEPT_ARRAYS);

    private EventLoops() {}

    private static final class Threads extends DefaultThreadFactory {

        private final List<Thread> made = new CopyOnWriteArrayList<>();

        Threads() {
            super("sls-client-io", true);
        }

        /** Waits until those made so far have ended, and no longer than so. */
        void join(Duration limit) {
            long end = System.nanoTime() + limit.toNanos();
            try {
                for (Thread thread : made) {
                    long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                    if (thread != Thread.currentThread() && left > 0) {
                        thread.join(left);
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public Thread newThread(Runnable work) {
            Thread thread = super.newThread(work);
            // That of whoever happens to come first may belong to a job that ends before this one.
            thread.setContextClassLoader(EventLoops.class.getClassLoader());
            made.add(thread);
            return thread;
        }
    }

    /** Each call needs one {@link #release}. */
    static synchronized EventLoops acquire() {
        EventLoops loops = shared;
        if (loops == null) {
            loops = new EventLoops();
            shared = loops;
        }
        users++;
        return loops;
    }

    /** One of the threads. */
    EventLoop next() {
        return threads.next();
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
            shared = null;
        }
        var unused = threads.shutdownGracefully(0, 5, TimeUnit.SECONDS);
        factory.join(END);
    }
}
