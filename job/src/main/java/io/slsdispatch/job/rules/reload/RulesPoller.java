package io.slsdispatch.job.rules.reload;

import io.slsdispatch.connector.config.Durations;
import io.slsdispatch.connector.task.FailureLog;
import io.slsdispatch.connector.task.GuardedTasks;
import io.slsdispatch.connector.text.ForeignText;
import io.slsdispatch.connector.text.ReportedCause;
import io.slsdispatch.connector.text.Secrets;
import io.slsdispatch.job.rules.RuleSet;
import io.slsdispatch.job.rules.RuleTable;
import io.slsdispatch.job.rules.RulesLoader.UnstableRulesException;
import io.slsdispatch.job.rules.reload.RulesProvider.RefusedRulesException;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Poller of the rules: reads them periodically on its own thread, and keeps the last valid ones. */
final class RulesPoller {

    private static final Logger LOG = LoggerFactory.getLogger(RulesPoller.class);
    private static final long CLOSE_SECONDS = 5;
    private static final int POLLS_TO_STABILIZE = 3;
    private static final int MAX_MESSAGE = 2 * ForeignText.MESSAGE;

    private final RulesProvider provider;
    private final ReplayProgress progress;
    private final RulesMetrics metrics;
    private final ScheduledExecutorService thread;
    private volatile @Nullable RuleTable latest;

    /**
     * Counts the replays to wait for; compared so that a result for an earlier replay does not count for a later one.
     */
    private final AtomicLong replays = new AtomicLong();

    private volatile long replayed;
    private long replaySince = -1;
    private @Nullable Instant replayUpTo;

    private final FailureLog failures = new FailureLog(LOG, System::nanoTime);
    private final LastMessage rulesMessage = new LastMessage();
    private int unstable;

    RulesPoller(RulesProvider provider, ReplayProgress progress, RulesMetrics metrics, ClassLoader userCode) {
        this.provider = provider;
        this.progress = progress;
        this.metrics = metrics;
        this.thread = Executors.newSingleThreadScheduledExecutor(GuardedTasks.threads("sls-dispatch rules", userCode));
    }

    void start() {
        GuardedTasks.repeat(thread, Duration.ZERO, provider.interval(), this::poll, this::failed);
    }

    /** Also cancels a request in flight. */
    void close() {
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn(
                        "A request to {} did not end within {}; closing without waiting for it.",
                        provider.location(),
                        Durations.text(Duration.ofSeconds(CLOSE_SECONDS)));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The last valid rules; null before the first. May be called from any thread. */
    @Nullable
    RuleTable latest() {
        return latest;
    }

    /** Starts to wait until everything that was received before now is delivered. May be called from any thread. */
    void awaitReplay() {
        replays.incrementAndGet();
    }

    /** Whether it is delivered. May be called from any thread. */
    boolean isReplayed() {
        return replayed == replays.get();
    }

    private void followReplay() throws IOException, InterruptedException {
        long current = replays.get();
        if (replayed == current) {
            return;
        }
        Instant upTo = replayUpTo;
        if (upTo == null || replaySince != current) {
            replayUpTo = progress.now();
            replaySince = current;
        } else if (progress.isDeliveredUpTo(upTo)) {
            LOG.info("All groups received up to {} are delivered; new rules can be applied again.", upTo);
            replayed = current;
        }
    }

    private void poll() throws InterruptedException {
        askForReplay();
        // Even if the progress is unknown: this shows whether the rules are valid and that they are waiting.
        askForRules();
    }

    /** Reports a poll with an unexpected failure, including an exhausted heap. Polling continues. */
    private void failed(Throwable failure) {
        if (failure instanceof InterruptedException) {
            return;
        }
        metrics.pollFailed(text(failure));
        if (rulesMessage.isNew(String.valueOf(failure))) {
            LOG.error(
                    "Cannot read the rules at {}; the current rules stay in force.",
                    provider.location(),
                    ReportedCause.of(failure, Secrets.NONE));
        }
    }

    private void askForReplay() throws InterruptedException {
        try {
            followReplay();
        } catch (IOException | RuntimeException | Error e) {
            failures.warn(
                    "progress",
                    ReportedCause.of(e, Secrets.NONE),
                    () -> "Cannot query how far the source is delivered; new rules are deferred, and the query is"
                            + " repeated every " + Durations.text(provider.interval()) + ". " + text(e));
        }
    }

    private void askForRules() throws InterruptedException {
        try {
            RuleTable read = provider.read();
            metrics.accepted();
            rulesMessage.clear();
            unstable = 0;
            RuleTable before = latest;
            latest = read;
            if (before == null || !RuleSet.fingerprint(before).equals(RuleSet.fingerprint(read))) {
                LOG.info("Read rules {} from {}.", RuleSet.fingerprint(read), provider.location());
            }
        } catch (UnstableRulesException e) {
            unstable(e);
        } catch (RefusedRulesException e) {
            unstable = 0;
            if (rulesMessage.isNew(String.valueOf(e.getMessage()))) {
                metrics.refused(String.valueOf(e.getMessage()));
                LOG.error(
                        "New rules at {} are invalid; the current rules stay in force. {}",
                        provider.location(),
                        e.getMessage());
            }
        } catch (IOException e) {
            metrics.pollFailed(text(e));
            failures.warn(
                    "rules",
                    ReportedCause.of(e, Secrets.NONE),
                    () -> "Cannot read the rules at " + provider.location()
                            + "; the current rules stay in force, and reading is retried every "
                            + Durations.text(provider.interval()) + ". Make them readable from the JobManager. "
                            + text(e));
        }
    }

    private static String text(Throwable failure) {
        String message = failure.getMessage();
        if (message == null && failure instanceof ConnectException) {
            return "no connection: the server refuses connections, or cannot be reached";
        }
        boolean speaks = message != null && failure instanceof IOException;
        return ForeignText.line(speaks ? message : failure.toString(), Secrets.NONE, MAX_MESSAGE);
    }

    /** New rules are unstable once. Rules that change at every poll are never accepted, which must be logged. */
    private void unstable(UnstableRulesException e) {
        unstable++;
        if (unstable > POLLS_TO_STABILIZE) {
            metrics.pollFailed(String.valueOf(e.getMessage()));
            if (rulesMessage.isNew(String.valueOf(e.getMessage()))) {
                LOG.warn(
                        "The rules at {} changed at each of the last {} polls and are not applied; the current rules"
                                + " stay in force: {}",
                        provider.location(),
                        unstable,
                        e.getMessage());
            }
        }
    }

    /** The last message about a subject, so that it is not logged again at every poll. */
    private static final class LastMessage {

        private String last = "";

        /** Stores a message before it is logged. Returns whether it is new. */
        boolean isNew(String message) {
            boolean news = !message.equals(last);
            last = message;
            return news;
        }

        /** Forgets the last message, so that the same message is new again. */
        void clear() {
            last = "";
        }
    }
}
