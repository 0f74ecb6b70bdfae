package io.slsdispatch.connector.config;

import io.slsdispatch.connector.model.LogstoreId;
import java.io.Serializable;
import java.time.Duration;
import org.apache.flink.annotation.PublicEvolving;
import org.jspecify.annotations.Nullable;

/**
 * How log groups are written to one target logstore.
 *
 * @param name of the target, for messages
 * @param logstore the target
 * @param scope distinguishes the target from logstores of equal project and name; null when there are none
 * @param delivery order, batching and limits of the requests
 * @param retry the reaction to a transient failure
 * @param onReject what happens to a group that the target never accepts
 * @param outage what happens while the target accepts nothing at all
 * @param deadLetters the dead-letter logstore for groups that are not delivered; null for none
 * @param drainWithin how long a checkpoint may wait for all pending requests, at the rate at which the target accepts
 *     groups: a slower target has fewer bytes in flight
 */
@PublicEvolving
public record SinkConfig(
        String name,
        LogstoreId logstore,
        @Nullable LogstoreScope scope,
        Delivery delivery,
        RetryPolicy retry,
        OnReject onReject,
        Outage outage,
        @Nullable DeadLetterStore deadLetters,
        Duration drainWithin)
        implements Serializable {

    /** A quarter of the checkpoint timeout that the job configures. */
    public static final Duration DEFAULT_DRAIN = Duration.ofSeconds(15);

    /**
     * Order, batching and limits of the requests.
     *
     * @param ordered whether groups of one source shard and topic are written one after the other, to one shard of the
     *     target; otherwise requests are concurrent and go to any shard
     * @param batching whether waiting groups may share a request ({@code batch_group}); a target that rejects such
     *     requests is detected and gets single puts
     * @param cutCategory whether the field Category, internal to the service, is removed, as the official Java client
     *     does; otherwise every byte arrives as it was pulled
     * @param maxInFlightRequests the maximum number of requests of one writer that are in flight or wait for a retry,
     *     at least 1
     * @param maxBufferedBytes the maximum number of bytes of groups that one writer holds unacknowledged; a larger
     *     group is written alone. When the buffer is full, the writer back-pressures its upstream
     * @param compression how groups are sent. Groups that are packed in another way are compressed again. A target that
     *     does not accept zstd is detected and gets LZ4
     */
    public record Delivery(
            boolean ordered,
            boolean batching,
            boolean cutCategory,
            int maxInFlightRequests,
            long maxBufferedBytes,
            CompressionConfig compression)
            implements Serializable {

        /** Unordered, batching, unchanged, 8 requests, 8 MiB, LZ4. */
        public static final Delivery DEFAULT = new Delivery(false, true, false, 8, 8L << 20);

        /** With LZ4. */
        public Delivery(
                boolean ordered,
                boolean batching,
                boolean cutCategory,
                int maxInFlightRequests,
                long maxBufferedBytes) {
            this(ordered, batching, cutCategory, maxInFlightRequests, maxBufferedBytes, CompressionConfig.LZ4);
        }

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

    /** What happens to a group that the target never accepts. */
    public enum OnReject {
        /** The job fails. Nothing is lost, and nothing is processed until the operator has decided. */
        FAIL,
        /** The group goes to the dead letters. */
        DEAD_LETTER,
        /** The group is dropped and counted. */
        DROP
    }

    /** What happens to groups while the target accepts none. */
    public enum OnOutage {
        /** They wait. When the writer's buffer is full, and at the next checkpoint, the job waits, too. */
        BLOCK,
        /** They go to the dead letters. Those that were in flight may be in the target, too. */
        DEAD_LETTER,
        /** They are dropped and counted. Those that were in flight may be in the target nevertheless. */
        DROP
    }

    /**
     * What happens while the target accepts nothing at all.
     *
     * @param policy the reaction
     * @param after how long the target may answer no request, while requests are in flight, before the policy applies
     */
    public record Outage(OnOutage policy, Duration after) implements Serializable {

        /** All groups wait. */
        public static final Outage BLOCK = new Outage(OnOutage.BLOCK, Duration.ofSeconds(30));

        public Outage {
            Checks.positive("time after which a target counts as unavailable", after);
        }
    }

    /**
     * The dead-letter logstore, for groups that are not delivered.
     *
     * @param logstore the logstore, at the endpoint of the target
     * @param onRefusal what happens to a dead letter that this logstore never accepts
     */
    public record DeadLetterStore(LogstoreId logstore, OnRefusal onRefusal) implements Serializable {

        /** What happens to a dead letter that cannot be stored. */
        public enum OnRefusal {
            /** The job fails. */
            FAIL,
            /** It is dropped and counted. */
            DROP
        }

        /** A dead-letter logstore; the job fails when it rejects a dead letter. */
        public static DeadLetterStore in(LogstoreId logstore) {
            return new DeadLetterStore(logstore, OnRefusal.FAIL);
        }
    }

    public SinkConfig {
        if (name.isBlank()) {
            throw new IllegalArgumentException("a target needs a name");
        }
        boolean needed = onReject == OnReject.DEAD_LETTER || outage.policy() == OnOutage.DEAD_LETTER;
        if (needed && deadLetters == null) {
            throw new IllegalArgumentException("target '" + name
                    + "': onReject or outage is DEAD_LETTER, but there is no dead-letter logstore: set"
                    + " deadLetters");
        }
        if (!needed && deadLetters != null) {
            throw new IllegalArgumentException(
                    "target '" + name + "': deadLetters is set, but neither onReject nor outage is DEAD_LETTER");
        }
        if (deadLetters != null && logstore.equals(deadLetters.logstore())) {
            throw new IllegalArgumentException("target '" + name + "': the dead-letter logstore is the target itself");
        }
        Checks.positive("time to drain", drainWithin);
    }

    /** A configuration with the defaults. */
    public static SinkConfig of(String name, LogstoreId logstore) {
        return builder(name, logstore).build();
    }

    /** Starts from the defaults. */
    public static Builder builder(String name, LogstoreId logstore) {
        return new Builder(name, logstore);
    }

    /** The scope of the target as text; empty when no scope is needed. */
    public String scopeText() {
        return scope == null ? "" : scope.text();
    }

    /** The same configuration with another drain time. */
    public SinkConfig drainingWithin(Duration time) {
        return new SinkConfig(name, logstore, scope, delivery, retry, onReject, outage, deadLetters, time);
    }

    /** Builds a configuration that differs from the defaults. */
    public static final class Builder {

        private final String name;
        private final LogstoreId logstore;
        private @Nullable LogstoreScope scope;
        private Delivery delivery = Delivery.DEFAULT;
        private RetryPolicy retry = RetryPolicy.DEFAULT;
        private OnReject onReject = OnReject.FAIL;
        private Outage outage = Outage.BLOCK;
        private @Nullable DeadLetterStore deadLetters;
        private Duration drainWithin = DEFAULT_DRAIN;

        private Builder(String name, LogstoreId logstore) {
            this.name = name;
            this.logstore = logstore;
        }

        /** Needed when there are other logstores of equal project and name, to distinguish their dead letters. */
        public Builder scope(LogstoreScope scope) {
            this.scope = scope;
            return this;
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

        /** Default: {@link OnReject#FAIL}. */
        public Builder onReject(OnReject onReject) {
            this.onReject = onReject;
            return this;
        }

        /** Default: {@link Outage#BLOCK}. */
        public Builder outage(Outage outage) {
            this.outage = outage;
            return this;
        }

        /** Needed with one of the policies {@code DEAD_LETTER}, and only then. */
        public Builder deadLetters(@Nullable DeadLetterStore deadLetters) {
            this.deadLetters = deadLetters;
            return this;
        }

        /** Default: {@link #DEFAULT_DRAIN}. */
        public Builder drainWithin(Duration drainWithin) {
            this.drainWithin = drainWithin;
            return this;
        }

        public SinkConfig build() {
            return new SinkConfig(name, logstore, scope, delivery, retry, onReject, outage, deadLetters, drainWithin);
        }
    }
}
