package io.slsdispatch.connector.wire;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.flink.annotation.Internal;

/**
 * The {@link Codec}s of this process. They hold native memory, which no garbage collection releases. So they are kept
 * only between the first {@link #acquire} and the last {@link #release}, and do not outlive a job in a session cluster.
 * Without a user, a codec is released as soon as it is given back. Safe for use from many threads.
 */
@Internal
public final class Codecs {

    /** More are released when they are given back. Each thread that moves groups uses one at a time. */
    private static final int MOST_KEPT = 2 * Runtime.getRuntime().availableProcessors() + 4;

    private static final Deque<Codec> KEPT = new ArrayDeque<>(MOST_KEPT);
    private static int users;

    private Codecs() {}

    /** Keeps codecs from now on. Each call needs one {@link #release}. */
    public static void acquire() {
        synchronized (KEPT) {
            users++;
        }
    }

    /** The last release releases all codecs that are not in use; those in use follow when they are given back. */
    public static void release() {
        List<Codec> unused = List.of();
        synchronized (KEPT) {
            users--;
            if (users == 0) {
                unused = new ArrayList<>(KEPT);
                KEPT.clear();
            }
        }
        unused.forEach(Codec::free);
    }

    /** A codec for this thread; it must be closed. The one that was used last is in the caches of the processor. */
    public static Codec borrow() {
        synchronized (KEPT) {
            Codec kept = KEPT.pollFirst();
            if (kept != null) {
                return kept;
            }
        }
        return new Codec(Codecs::giveBack);
    }

    private static void giveBack(Codec codec) {
        synchronized (KEPT) {
            if (users > 0 && KEPT.size() < MOST_KEPT) {
                KEPT.addFirst(codec);
                return;
            }
        }
        codec.free();
    }

    /** The number of codecs that are kept, for tests. */
    static int kept() {
        synchronized (KEPT) {
            return KEPT.size();
        }
    }
}
