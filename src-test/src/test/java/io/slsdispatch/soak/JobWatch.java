package io.slsdispatch.soak;

import io.slsdispatch.e2e.cluster.Checkpoints;
import io.slsdispatch.e2e.cluster.Checkpoints.Checkpoint;
import io.slsdispatch.e2e.cluster.Checkpoints.Restore;
import io.slsdispatch.e2e.cluster.ClusterJob;
import io.slsdispatch.e2e.cluster.RestException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Looks again and again at a job's checkpoints, since a JobManager that takes a job over does not know what was before,
 * and keeps what is needed to say which part of the job's work each restart does once more.
 */
final class JobWatch implements AutoCloseable {

    private static final long PERIOD_MILLIS = 300;

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private final AtomicReference<RuntimeException> failure = new AtomicReference<>();
    private final Map<String, History> histories = new TreeMap<>();
    private Optional<ClusterJob> followed = Optional.empty();

    /**
     * A restart of the job from a checkpoint.
     *
     * @param fromMillis when that checkpoint was triggered: what arrived before is part of it
     * @param untilMillis when the state was restored
     */
    record Restart(long fromMillis, long untilMillis) {}

    /** What was seen of one job. */
    private static final class History {

        /** When each completed checkpoint was triggered, by id. */
        private final NavigableMap<Long, Long> triggered = new TreeMap<>();
        /** By time. */
        private final NavigableMap<Long, Restore> restores = new TreeMap<>();

        private final long beginMillis = System.currentTimeMillis();

        void note(Checkpoints seen) {
            seen.history().stream()
                    .filter(checkpoint -> checkpoint.isCompleted() && !checkpoint.savepoint())
                    .forEach(checkpoint -> triggered.put(checkpoint.id(), checkpoint.triggeredMillis()));
            seen.latestRestore().ifPresent(restore -> restores.put(restore.millis(), restore));
        }

        List<Restart> restarts() {
            List<Restart> restarts = new ArrayList<>();
            for (Restore restore : restores.values()) {
                boolean begin = restore.savepoint() && restore.millis() == restores.firstKey();
                if (!begin) {
                    restarts.add(new Restart(triggerOf(restore), restore.millis()));
                }
            }
            return restarts;
        }

        /**
         * A checkpoint that completed unseen, just before the JobManager was killed, counts as the one before it, which
         * allows for more repeats than there can be.
         */
        private long triggerOf(Restore restore) {
            if (restore.savepoint()) {
                return restores.firstKey();
            }
            Map.Entry<Long, Long> known = triggered.floorEntry(restore.id());
            return known == null ? beginMillis : known.getValue();
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a failure is kept and thrown by restarts()
    static JobWatch start() {
        JobWatch watch = new JobWatch();
        watch.thread.scheduleWithFixedDelay(watch::look, 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
        return watch;
    }

    /** From now on looks at this job. */
    synchronized void follow(ClusterJob job) {
        followed = Optional.of(job);
        histories.put(job.id(), new History());
    }

    private void look() {
        try {
            lookOnce();
        } catch (RestException away) {
            // A JobManager that was killed answers nothing; the next look will tell.
        } catch (RuntimeException e) {
            failure.compareAndSet(null, e);
            throw e;
        }
    }

    private void lookOnce() {
        Optional<ClusterJob> job;
        synchronized (this) {
            job = followed;
        }
        if (job.isPresent()) {
            Checkpoints seen = job.get().checkpoints();
            synchronized (this) {
                histories.get(job.get().id()).note(seen);
            }
        }
    }

    /** The newest completed checkpoint of the job that is followed, savepoints not counted. */
    Optional<Checkpoint> latestCompleted() {
        Optional<ClusterJob> job;
        synchronized (this) {
            job = followed;
        }
        try {
            return job.flatMap(one -> one.checkpoints().latestCompleted());
        } catch (RestException away) {
            return Optional.empty();
        }
    }

    /** All restarts from checkpoints so far, of all jobs that were followed. */
    synchronized List<Restart> restarts() {
        RuntimeException failed = failure.get();
        if (failed != null) {
            throw new IllegalStateException("The watch has failed", failed);
        }
        return histories.values().stream()
                .flatMap(history -> history.restarts().stream())
                .toList();
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
