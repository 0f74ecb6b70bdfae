package io.slsdispatch.connector.config;

import io.slsdispatch.connector.config.SinkConfig.DeadLetterStore;
import io.slsdispatch.connector.config.SinkConfig.Delivery;
import io.slsdispatch.connector.config.SinkConfig.OnOutage;
import io.slsdispatch.connector.config.SinkConfig.OnReject;
import io.slsdispatch.connector.config.SinkConfig.Outage;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.LogstoreSettings;
import java.io.Serializable;
import java.time.Duration;
import java.util.Objects;
import org.apache.flink.annotation.PublicEvolving;
import org.jspecify.annotations.Nullable;

/**
 * How log groups are written to many logstores of one project, whose names come with the groups.
 *
 * @param name of the target, for messages
 * @param project of all logstores; it is never created
 * @param scope distinguishes the logstores from others of equal project and name; null when there are none
 * @param delivery order, batching and limits of the requests of each logstore; {@link Delivery#maxBufferedBytes} is the
 *     budget of one writer for all of its logstores together
 * @param retry the reaction to a transient failure
 * @param onReject what happens to a group that its logstore never accepts
 * @param outage what happens while a logstore accepts nothing at all, for each logstore on its own
 * @param deadLetters the dead-letter logstore; needed if a policy or a second way says so, and only then
 * @param drainWithin how long a checkpoint may wait for all pending requests of a logstore, see {@link SinkConfig}
 * @param linger how long a group waits for others of its logstore to share a request, at most {@link #MAX_LINGER};
 *     nothing waits at a checkpoint, nor when the writer is full
 * @param maxLogstores up to how many logstores whose names are allowed the project may have while the job creates
 *     logstores: a limit of the job, not of a subtask. At least 1
 * @param allowed the names of the logstores that may be written and created
 * @param whenMissing what happens to groups of a logstore that does not exist
 * @param whenInvalid what happens to groups without a logstore: there is no valid or allowed name, or too many
 *     logstores exist
 * @param recreateAfter how long a logstore that was there and is gone is not created again. A writer forgets with its
 *     end that a logstore was there
 * @param createWithin how long groups of a logstore that is being created may hold up a checkpoint, or the job when the
 *     writer is full; then they take the second way of {@code whenMissing}
 */
@PublicEvolving
public record DynamicSinkConfig(
        String name,
        String project,
        @Nullable LogstoreScope scope,
        Delivery delivery,
        RetryPolicy retry,
        OnReject onReject,
        Outage outage,
        @Nullable DeadLetterStore deadLetters,
        Duration drainWithin,
        Duration linger,
        int maxLogstores,
        NamePatterns allowed,
        WhenMissing whenMissing,
        SecondWay whenInvalid,
        Duration recreateAfter,
        Duration createWithin)
        implements Serializable {

    /** The longest time that a group waits for others. */
    public static final Duration MAX_LINGER = Duration.ofSeconds(1);

    /** Long enough for an efficient request of a logstore with little data. */
    public static final Duration DEFAULT_LINGER = Duration.ofMillis(200);

    /** As many as a project may have unless its quota is raised (page "CreateLogStore"). */
    public static final int DEFAULT_MAX_LOGSTORES = 200;

    /** Long enough for an operator to notice that the logstore was deleted under a running job. */
    public static final Duration DEFAULT_RECREATE_AFTER = Duration.ofHours(1);

    /** A quarter of the checkpoint timeout that the job configures. */
    public static final Duration DEFAULT_CREATE_WITHIN = Duration.ofSeconds(15);

    /** Where groups go that do not reach their logstore. */
    public enum Kind {
        /** The job fails. Nothing is lost. */
        FAIL,
        /** They go to the dead letters. */
        DEAD_LETTER,
        /** They are dropped and counted. */
        DROP,
        /** They go to another target. */
        TARGET
    }

    /**
     * What happens to groups that do not reach their logstore. Since a sink cannot send a group back to another sink,
     * each writer of the dynamic sink writes to the other target itself: with the configuration and the connection of
     * that target, and with limits of its own.
     *
     * @param kind where they go
     * @param target the other target; only with {@link Kind#TARGET}
     * @param connection how to reach the other target; only with {@link Kind#TARGET}
     */
    public record SecondWay(
            Kind kind,
            @Nullable SinkConfig target,
            @Nullable ConnectionConfig connection) implements Serializable {

        public static final SecondWay FAIL = new SecondWay(Kind.FAIL, null, null);
        public static final SecondWay DEAD_LETTER = new SecondWay(Kind.DEAD_LETTER, null, null);
        public static final SecondWay DROP = new SecondWay(Kind.DROP, null, null);

        public SecondWay {
            boolean isTarget = kind == Kind.TARGET;
            if (isTarget != (target != null) || isTarget != (connection != null)) {
                throw new IllegalArgumentException(
                        "a target and its connection belong to the kind TARGET, and to no other; found " + kind);
            }
        }

        private SecondWay drainingWithin(Duration time) {
            return target == null || connection == null ? this : to(target.drainingWithin(time), connection);
        }

        /** To another target. */
        public static SecondWay to(SinkConfig target, ConnectionConfig connection) {
            return new SecondWay(Kind.TARGET, target, connection);
        }
    }

    /**
     * What happens to groups of a logstore that does not exist.
     *
     * @param create the settings of a logstore that is created for them; null creates none
     * @param then where they go if no logstore is created, or not in time
     */
    public record WhenMissing(@Nullable LogstoreSettings create, SecondWay then) implements Serializable {

        public WhenMissing {
            Objects.requireNonNull(then, "then");
            if (create != null) {
                create.requireCreatable();
            }
        }
    }

    public DynamicSinkConfig {
        if (name.isBlank()) {
            throw new IllegalArgumentException("a target needs a name");
        }
        if (!LogstoreId.isProjectName(project)) {
            throw new IllegalArgumentException("project name '" + project
                    + "' is not valid: expected 3 to 63 of a-z, 0-9 and '-', first and last a letter or digit");
        }
        boolean needed = onReject == OnReject.DEAD_LETTER
                || outage.policy() == OnOutage.DEAD_LETTER
                || whenInvalid.kind() == Kind.DEAD_LETTER
                || whenMissing.then().kind() == Kind.DEAD_LETTER;
        if (needed != (deadLetters != null)) {
            throw new IllegalArgumentException("target '" + name + "': "
                    + (needed
                            ? "onReject, outage, whenMissing or whenInvalid is DEAD_LETTER, but there is no dead-letter"
                                    + " logstore: set deadLetters"
                            : "deadLetters is set, but none of onReject, outage, whenMissing and whenInvalid is"
                                    + " DEAD_LETTER"));
        }
        if (maxLogstores < 1) {
            throw new IllegalArgumentException("max logstores " + maxLogstores + " is not positive");
        }
        if (linger.isNegative() || linger.compareTo(MAX_LINGER) > 0) {
            throw new IllegalArgumentException(
                    "linger " + Durations.text(linger) + " is not between 0 s and " + Durations.text(MAX_LINGER));
        }
        Checks.positive("time to drain", drainWithin);
        Checks.positive("time after which a logstore is created again", recreateAfter);
        Checks.positive("time to create a logstore", createWithin);
    }

    /** The same configuration with another time that a checkpoint may wait, for pending requests and for creations. */
    public DynamicSinkConfig drainingWithin(Duration time) {
        return new DynamicSinkConfig(
                name,
                project,
                scope,
                delivery,
                retry,
                onReject,
                outage,
                deadLetters,
                time,
                linger,
                maxLogstores,
                allowed,
                new WhenMissing(whenMissing.create(), whenMissing.then().drainingWithin(time)),
                whenInvalid.drainingWithin(time),
                recreateAfter,
                time);
    }

    /** Whether logstores are created. */
    public boolean creates() {
        return whenMissing.create() != null;
    }

    /** The scope of the logstores as text; empty when no scope is needed. */
    public String scopeText() {
        return scope == null ? "" : scope.text();
    }

    /**
     * Starts from the defaults: groups of missing logstores, and groups without a logstore, fail the job.
     *
     * @param allowed the names of the logstores that may be written and created
     */
    public static Builder builder(String name, String project, NamePatterns allowed) {
        return new Builder(name, project, allowed);
    }

    /** Builds a configuration that differs from the defaults. */
    public static final class Builder {

        private final String name;
        private final String project;
        private final NamePatterns allowed;
        private @Nullable LogstoreScope scope;
        private Delivery delivery = Delivery.DEFAULT;
        private RetryPolicy retry = RetryPolicy.DEFAULT;
        private OnReject onReject = OnReject.FAIL;
        private Outage outage = Outage.BLOCK;
        private @Nullable DeadLetterStore deadLetters;
        private Duration drainWithin = SinkConfig.DEFAULT_DRAIN;
        private Duration linger = DEFAULT_LINGER;
        private int maxLogstores = DEFAULT_MAX_LOGSTORES;
        private WhenMissing whenMissing = new WhenMissing(null, SecondWay.FAIL);
        private SecondWay whenInvalid = SecondWay.FAIL;
        private Duration recreateAfter = DEFAULT_RECREATE_AFTER;
        private Duration createWithin = DEFAULT_CREATE_WITHIN;

        private Builder(String name, String project, NamePatterns allowed) {
            this.name = name;
            this.project = project;
            this.allowed = allowed;
        }

        /** Default: there are no other logstores of equal project and name. */
        public Builder scope(@Nullable LogstoreScope of) {
            this.scope = of;
            return this;
        }

        /** Default: {@link Delivery#DEFAULT}. */
        public Builder delivery(Delivery of) {
            this.delivery = of;
            return this;
        }

        /** Default: {@link RetryPolicy#DEFAULT}. */
        public Builder retry(RetryPolicy policy) {
            this.retry = policy;
            return this;
        }

        /** Default: {@link OnReject#FAIL}. */
        public Builder onReject(OnReject policy) {
            this.onReject = policy;
            return this;
        }

        /** Default: {@link Outage#BLOCK}. */
        public Builder outage(Outage policy) {
            this.outage = policy;
            return this;
        }

        /** Needed if a policy or a second way is {@code DEAD_LETTER}, and only then. */
        public Builder deadLetters(@Nullable DeadLetterStore store) {
            this.deadLetters = store;
            return this;
        }

        /** Default: {@link SinkConfig#DEFAULT_DRAIN}. */
        public Builder drainWithin(Duration time) {
            this.drainWithin = time;
            return this;
        }

        /** Default: {@link #DEFAULT_LINGER}. */
        public Builder linger(Duration time) {
            this.linger = time;
            return this;
        }

        /** Default: {@link #DEFAULT_MAX_LOGSTORES}. */
        public Builder maxLogstores(int most) {
            this.maxLogstores = most;
            return this;
        }

        /** Default: no logstore is created, and the job fails. */
        public Builder whenMissing(WhenMissing policy) {
            this.whenMissing = policy;
            return this;
        }

        /** Default: the job fails. */
        public Builder whenInvalid(SecondWay way) {
            this.whenInvalid = way;
            return this;
        }

        /** Default: {@link #DEFAULT_RECREATE_AFTER}. */
        public Builder recreateAfter(Duration time) {
            this.recreateAfter = time;
            return this;
        }

        /** Default: {@link #DEFAULT_CREATE_WITHIN}. */
        public Builder createWithin(Duration time) {
            this.createWithin = time;
            return this;
        }

        public DynamicSinkConfig build() {
            return new DynamicSinkConfig(
                    name,
                    project,
                    scope,
                    delivery,
                    retry,
                    onReject,
                    outage,
                    deadLetters,
                    drainWithin,
                    linger,
                    maxLogstores,
                    allowed,
                    whenMissing,
                    whenInvalid,
                    recreateAfter,
                    createWithin);
        }
    }
}
