package io.slsdispatch.soak;

import io.slsdispatch.e2e.cluster.ClusterJob;
import io.slsdispatch.e2e.cluster.FlinkCluster;
import io.slsdispatch.e2e.cluster.RestException;
import io.slsdispatch.e2e.cluster.SavepointException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.flink.api.common.JobStatus;

/** Lets the actions of a schedule happen, one after the other; faults of the service end by themselves. */
final class SoakRunner implements AutoCloseable {

    private static final int STOP_ATTEMPTS = 5;
    /** The supervisor, and several faults that end at the same time. */
    private static final int LATER_THREADS = 4;
    /** How long an outage that nobody has noticed yet may be prolonged: while the job starts anew. */
    private static final Duration UNNOTICED_LIMIT = Duration.ofMinutes(2);
    /** How long puts are late at a split or merge, which comes in the middle of it. */
    private static final Duration LATE_WRITES = Duration.ofSeconds(1);

    private final Timeline timeline;
    private final FlinkCluster cluster;
    private final SlsServer service;
    private final Keys keys;
    private final JobWatch watch;
    private final SourceShards shards;
    private final ScheduledExecutorService later = Executors.newScheduledThreadPool(LATER_THREADS);
    private final List<Future<?>> endings = new ArrayList<>();
    private final Map<Kind, Integer> done = new EnumMap<>(Kind.class);
    private final Set<String> outages = new ConcurrentSkipListSet<>();
    private final Set<String> outagesUnderWay = new TreeSet<>();
    private final List<Span> pauses = new ArrayList<>();
    private final List<Span> takeOvers = new ArrayList<>();
    private final List<LostAnswers> lostAnswers = new CopyOnWriteArrayList<>();
    private final Map<String, Long> revocations = new HashMap<>();
    private final Future<?> supervisor;
    private ClusterJob job;

    /** What is counted. */
    enum Kind {
        TASK_MANAGER_KILLS,
        JOB_MANAGER_KILLS,
        PAUSES,
        RESHARDS,
        LARGE_GROUPS,
        HOLES,
        RESCALES,
        KEY_ROTATIONS,
        FAULTS
    }

    /** Unix milliseconds. */
    record Span(long fromMillis, long untilMillis) {}

    /** @param requests how many took effect at the target and got no answer */
    record LostAnswers(String target, Span span, long requests) {}

    SoakRunner(Timeline timeline, FlinkCluster cluster, SlsServer service, Keys keys, JobWatch watch, ClusterJob job) {
        this.timeline = timeline;
        this.cluster = cluster;
        this.service = service;
        this.keys = keys;
        this.watch = watch;
        this.job = job;
        this.shards = new SourceShards(service.remote(), keys.all().get(2));
        this.supervisor = later.scheduleWithFixedDelay(this::supervise, 1, 1, TimeUnit.SECONDS);
    }

    /** As whatever runs a cluster's processes does: one that ended by itself is started again. */
    private void supervise() {
        synchronized (cluster) {
            if (cluster.isJobManagerDeadByItself()) {
                timeline.say("(the JobManager has ended by itself, see its log; another one starts)");
                cluster.startJobManager();
            }
        }
    }

    /** The job as it runs now. */
    ClusterJob job() {
        return job;
    }

    void perform(Action action) throws Exception {
        if (action instanceof Action.KillTaskManager kill) {
            killTaskManager(kill.choice());
        } else if (action instanceof Action.KillJobManager kill) {
            killJobManager(kill.duringSavepoint());
        } else if (action instanceof Action.Pause pause) {
            pause(pause.choice(), pause.time());
        } else if (action instanceof Action.Split split) {
            writeLate();
            did(Kind.RESHARDS, shards.split(split.choice(), split.parts()));
        } else if (action instanceof Action.Merge merge) {
            writeLate();
            did(Kind.RESHARDS, shards.merge(merge.choice()));
        } else if (action instanceof Action.AppendLarge append) {
            did(Kind.LARGE_GROUPS, shards.appendLarge(append.choice()));
        } else if (action instanceof Action.Hole hole) {
            did(Kind.HOLES, shards.hole(hole.choice(), hole.size()));
        } else if (action instanceof Action.Rescale rescale) {
            rescale(rescale.parallelism());
        } else if (action instanceof Action.RotateKey rotate) {
            rotateKey(rotate.unnoticed());
        } else if (action instanceof Action.Misbehave misbehave) {
            misbehave(misbehave.fault(), misbehave.time());
        }
    }

    private void did(Kind kind, String what) {
        done.merge(kind, 1, Integer::sum);
        timeline.say(what);
    }

    private void killTaskManager(int choice) {
        int victim = taskManager(choice);
        cluster.killTaskManager(victim);
        int next = cluster.startTaskManager();
        did(Kind.TASK_MANAGER_KILLS, "kill -9 of TaskManager " + victim + "; TaskManager " + next + " starts");
    }

    /** One that runs a part of the job, if that is known now. */
    private int taskManager(int choice) {
        Set<Integer> candidates = new TreeSet<>(cluster.livingTaskManagers());
        try {
            Set<Integer> busy = new TreeSet<>(job.deployment().taskManagers());
            busy.retainAll(candidates);
            if (!busy.isEmpty()) {
                candidates = busy;
            }
        } catch (RestException away) {
            timeline.say("(the JobManager does not answer, so any TaskManager will do)");
        }
        List<Integer> numbers = List.copyOf(candidates);
        return numbers.get(choice % numbers.size());
    }

    private void killJobManager(boolean duringSavepoint) {
        if (duringSavepoint) {
            try {
                job.requestSavepoint();
            } catch (RestException away) {
                timeline.say("(no savepoint: " + away.getMessage() + ")");
            }
        }
        long from = System.currentTimeMillis();
        synchronized (cluster) {
            cluster.killJobManager();
            cluster.startJobManager();
        }
        takeOvers.add(new Span(from, from));
        did(Kind.JOB_MANAGER_KILLS, "kill -9 of the JobManager; another one starts");
    }

    private void pause(int choice, Duration time) throws InterruptedException {
        int frozen = taskManager(choice);
        long from = System.currentTimeMillis();
        cluster.pauseTaskManager(frozen);
        did(Kind.PAUSES, "SIGSTOP of TaskManager " + frozen + " for " + time.toSeconds() + " s");
        try {
            timeline.waitFor(time);
        } finally {
            cluster.resumeTaskManager(frozen);
            pauses.add(new Span(from, System.currentTimeMillis()));
        }
        timeline.say("SIGCONT of TaskManager " + frozen);
    }

    /**
     * Puts to the source are acknowledged from now on and for a moment, and come into their shards seconds later: after the
     * shards were closed that are about to be, and after their ends were looked up.
     */
    private void writeLate() throws IOException, InterruptedException {
        long fault = service.remote().addFault(Faults.LATE_WRITES.json());
        after(LATE_WRITES, () -> {
            long struck = service.remote().removeFault(fault);
            timeline.say(struck + " puts were acknowledged and come up to " + Faults.LATEST.toSeconds() + " s later");
            return null;
        });
        timeline.waitFor(LATE_WRITES.dividedBy(2));
    }

    private void rescale(int parallelism) throws Exception {
        for (int attempt = 1; ; attempt++) {
            awaitNoOutage();
            job.awaitRunning();
            try {
                String savepoint = job.stopWithSavepoint();
                job = cluster.submit(job.submission().withSavepoint(savepoint).withParallelism(parallelism));
                watch.follow(job);
                did(Kind.RESCALES, "stopped with a savepoint; goes on at parallelism " + parallelism);
                return;
            } catch (SavepointException refused) {
                if (attempt == STOP_ATTEMPTS || job.status() == JobStatus.FINISHED) {
                    throw refused;
                }
                timeline.say("(the job did not stop, and goes on: "
                        + refused.getMessage().lines().findFirst().orElse("") + ")");
            }
        }
    }

    private void awaitNoOutage() throws InterruptedException {
        while (isOutage()) {
            timeline.waitFor(Duration.ofMillis(200));
        }
    }

    private boolean isOutage() {
        synchronized (outagesUnderWay) {
            return !outagesUnderWay.isEmpty();
        }
    }

    private void rotateKey(Duration unnoticed) throws IOException {
        String old = keys.current();
        for (long revocation : revocations.values()) {
            service.remote().removeFault(revocation);
        }
        revocations.clear();
        revocations.put(old, service.remote().addFault(Map.of("effect", "revoke", "accessKeyId", old)));
        did(Kind.KEY_ROTATIONS, "key " + old + " of the job is revoked");
        after(unnoticed, () -> {
            keys.rotate();
            timeline.say("the job's file names key " + keys.current());
            return null;
        });
    }

    private void misbehave(Fault fault, Duration time) throws IOException {
        long from = System.currentTimeMillis();
        long id = service.remote().addFault(fault.json());
        did(Kind.FAULTS, fault.name() + " for " + time.toSeconds() + " s");
        fault.outageOf().ifPresent(target -> {
            synchronized (outagesUnderWay) {
                outagesUnderWay.add(target);
            }
        });
        after(time, () -> {
            if (fault.outageOf().isPresent()) {
                awaitNoticed(id, fault);
            }
            long struck = service.remote().removeFault(id);
            Span span = new Span(from, System.currentTimeMillis());
            fault.losesAnswersOf().ifPresent(target -> lostAnswers.add(new LostAnswers(target, span, struck)));
            fault.outageOf().ifPresent(target -> {
                if (struck > 0) {
                    outages.add(target);
                }
                synchronized (outagesUnderWay) {
                    outagesUnderWay.remove(target);
                }
                timeline.say("end of the outage of " + target + "; it has struck " + struck + " puts");
            });
            return null;
        });
    }

    /** An outage while the job is down anyway would be none. */
    private void awaitNoticed(long id, Fault fault) throws IOException, InterruptedException {
        Duration limit = timeline.now().plus(UNNOTICED_LIMIT);
        while (service.remote().struck(id) == 0 && timeline.now().compareTo(limit) < 0) {
            timeline.say("(nothing was put meanwhile; goes on: " + fault.name() + ")");
            timeline.waitFor(Duration.ofSeconds(1));
        }
    }

    private void after(Duration time, Callable<?> ending) {
        endings.add(later.schedule(ending, time.toMillis(), TimeUnit.MILLISECONDS));
    }

    /** Waits until the service behaves again; fails if it could not be told to, or if nobody looks after processes. */
    void awaitEndings() throws Exception {
        if (supervisor.isDone()) {
            supervisor.get();
        }
        for (Future<?> ending : endings) {
            ending.get(5, TimeUnit.MINUTES);
        }
    }

    /** How often each kind of thing was done. */
    int count(Kind kind) {
        return done.getOrDefault(kind, 0);
    }

    /** Targets that had an outage. */
    Set<String> outages() {
        return outages;
    }

    List<Span> pauses() {
        return pauses;
    }

    /** When a JobManager was killed. */
    List<Span> takeOvers() {
        return takeOvers;
    }

    /** Known once {@link #awaitEndings} has returned. */
    List<LostAnswers> lostAnswers() {
        return lostAnswers;
    }

    /** What was done, in one line. */
    String summary() {
        return done.entrySet().stream()
                        .map(kind -> kind.getValue() + " "
                                + kind.getKey().name().toLowerCase(Locale.ROOT).replace('_', ' '))
                        .collect(Collectors.joining(", "))
                + ", outages of " + outages;
    }

    @Override
    public void close() {
        later.shutdownNow();
        shards.close();
    }
}
