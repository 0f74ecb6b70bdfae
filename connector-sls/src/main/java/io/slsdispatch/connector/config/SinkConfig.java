package io.slsdispatch.connector.config;

import io.slsdispatch.connector.model.LogstoreId;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * How log groups are written to one target logstore.
 *
 * @param name of the target, for messages
 * @param logstore the target
 * @param delivery how groups travel
 * @param retry what happens after a failure that may pass
 * @param rejects what happens to a group that the target will never take
 */
public record SinkConfig(String name, LogstoreId logstore, Delivery delivery, RetryPolicy retry, Rejects rejects)
        implements Serializable {

    /**
     * How groups travel.
     *
     * @param ordered whether groups of one source shard and topic are written one after the other, to one shard of the
     *     target; otherwise requests run side by side and to any shard
     * @param batching whether groups that wait may share a request ({@code batch_group}); a target that refuses this is
     *     found out and served with single puts
     * @param cutCategory whether the field Category, internal to the service, is left out as the official Java client
     *     does; otherwise every byte arrives as it was pulled
     * @param maxInFlightRequests how many requests one writer has under way or waits to repeat, at least 1
     * @param maxBufferedBytes how many bytes of groups one writer holds that are not yet acknowledged; a group that is
     *     larger is written alone. When they are used up, the writer holds back what is before it
     */
    public record Delivery(
            boolean ordered, boolean batching, boolean cutCategory, int maxInFlightRequests, long maxBufferedBytes)
            implements Serializable {

        /** Side by side, batching, unchanged, 8 requests, 8 MiB. */
        public static final Delivery DEFAULT = new Delivery(false, true, false, 8, 8L << 20);

        public Delivery {
            if (maxInFlightRequests < 1) {
                throw new IllegalArgumentException(
                        "max in-flight requests " + maxInFlightRequests + " is not positive");
            }
            if (maxBufferedBytes < 1) {
                throw new IllegalArgumentException("max buffered bytes " + maxBufferedBytes + " is not positive");
            }
        }
    }

    /** What happens to a group that the target will never take. */
    public enum OnReject {
        /** The job fails; nothing is lost, and nothing moves until somebody has decided. */
        FAIL,
        /** The group goes to the dead-letter logstore, bytes unchanged. */
        DEAD_LETTER,
        /** The group is dropped and counted. */
        DROP
    }

    /**
     * What happens to groups that the target will never take.
     *
     * @param onReject the choice
     * @param deadLetter where they go with {@link OnReject#DEAD_LETTER}, and only then; else null
     */
    public record Rejects(OnReject onReject, @Nullable LogstoreId deadLetter) implements Serializable {

        /** The job fails. */
        public static final Rejects FAIL = new Rejects(OnReject.FAIL, null);

        /** They are dropped and counted. */
        public static final Rejects DROP = new Rejects(OnReject.DROP, null);

        public Rejects {
            if ((onReject == OnReject.DEAD_LETTER) != (deadLetter != null)) {
                throw new IllegalArgumentException(
                        "on-reject 'dead-letter' and a dead-letter logstore go together: give both or neither");
            }
        }

        /** They go to this logstore. */
        public static Rejects to(LogstoreId deadLetter) {
            return new Rejects(OnReject.DEAD_LETTER, deadLetter);
        }
    }

    public SinkConfig {
        if (name.isBlank()) {
            throw new IllegalArgumentException("a target needs a name");
        }
        if (logstore.equals(rejects.deadLetter())) {
            throw new IllegalArgumentException("target '" + name + "': the dead-letter logstore is the target itself");
        }
    }

    /** Defaults for all that can be chosen. */
    public static SinkConfig of(String name, LogstoreId logstore) {
        return builder(name, logstore).build();
    }

    /** Starts from the defaults. */
    public static Builder builder(String name, LogstoreId logstore) {
        return new Builder(name, logstore);
    }

    /** Collects what differs from the defaults. */
    public static final class Builder {

        private final String name;
        private final LogstoreId logstore;
        private Delivery delivery = Delivery.DEFAULT;
        private RetryPolicy retry = RetryPolicy.DEFAULT;
        private Rejects rejects = Rejects.FAIL;

        private Builder(String name, LogstoreId logstore) {
            this.name = name;
            this.logstore = logstore;
        }

        /** Default: {@link Delivery#DEFAULT}. */
        public Builder delivery(Delivery delivery) {
            this.delivery = delivery;
            return this;
        }

        /** Default: {@link RetryPolicy#DEFAULT}. */
        public Builder retry(RetryPolicy retry) {
            this.retry = retry;
            return this;
        }

        /** Default: {@link Rejects#FAIL}. */
        public Builder rejects(Rejects rejects) {
            this.rejects = rejects;
            return this;
        }

        public SinkConfig build() {
            return new SinkConfig(name, logstore, delivery, retry, rejects);
        }
    }
}
