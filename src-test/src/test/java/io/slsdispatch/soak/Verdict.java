package io.slsdispatch.soak;

import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.local.ledger.Reconciliation;
import io.slsdispatch.soak.SoakRunner.Kind;
import io.slsdispatch.soak.SoakRunner.LostAnswers;
import io.slsdispatch.soak.SoakRunner.Span;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Ends a soak: waits until everything is delivered, stops the job and says what has come of it. */
final class Verdict {

    private static final Duration DELIVERY_LIMIT = Duration.ofMinutes(5);
    private static final long REQUEST_TIMEOUT_MILLIS = 10_000;
    /** How long a request that a process has sent may take to take effect. */
    private static final long ON_THE_WAY_MILLIS = 5_000;
    /** How long a process that nobody counts on any more may go on writing: until it has noticed, and ended its tasks. */
    private static final long STRAY_MILLIS = 5_000;
    /** In which time after an event its restart comes. */
    private static final long RESTART_MILLIS = 30_000;

    private final Timeline timeline;
    private final SlsServer service;
    private final SoakRunner runner;
    private final JobWatch watch;
    private final DeliveryCheck delivery;

    Verdict(Timeline timeline, SlsServer service, SlsClient client, SoakRunner runner, JobWatch watch) {
        this.timeline = timeline;
        this.service = service;
        this.runner = runner;
        this.watch = watch;
        this.delivery = new DeliveryCheck(service, client, timeline);
    }

    boolean judge(Schedule schedule) throws Exception {
        runner.job().awaitRunning();
        boolean delivered = delivery.awaitComplete(DELIVERY_LIMIT);
        if (delivered) {
            String savepoint = runner.job().stopWithSavepoint();
            timeline.say("everything delivered; stopped with a savepoint: " + savepoint);
        } else {
            timeline.say("not everything was delivered within " + DELIVERY_LIMIT.toMinutes() + " minutes; cancelled");
            runner.job().cancel();
        }
        Repeats repeats = new Repeats();
        Reconciliation found = delivery.reconciler()
                .onRepeat((target, repeat, earlier) ->
                        repeats.add(target, repeat.digest(), earlier, repeat.receivedMillis()))
                .compare();
        RepeatBound.Finding bound = bound().judge(repeats);
        boolean complete = wasComplete(schedule);
        print(found, bound);
        return delivered && complete && found.isWhole() && bound.isKept();
    }

    private RepeatBound bound() throws IOException {
        RepeatBound bound = RepeatBound.of(service);
        List<JobWatch.Restart> restarts = watch.restarts();
        for (JobWatch.Restart restart : restarts) {
            bound.restart(restart.fromMillis(), endOfOldAttempt(restart.untilMillis(), restarts));
        }
        for (LostAnswers lost : runner.lostAnswers()) {
            bound.lostAnswers(
                    lost.target(), lost.span().fromMillis(), lost.span().untilMillis(), lost.requests());
        }
        for (Span pause : runner.pauses()) {
            bound.frozen(pause.fromMillis() - REQUEST_TIMEOUT_MILLIS, pause.fromMillis() + ON_THE_WAY_MILLIS);
        }
        return bound;
    }

    /**
     * A restart begins when all tasks have ended that the JobManager can reach. Those of a frozen process end after it
     * goes on, and those that a killed JobManager leaves behind when they notice.
     */
    private long endOfOldAttempt(long restartMillis, List<JobWatch.Restart> restarts) {
        long end = restartMillis;
        for (Span pause : runner.pauses()) {
            if (pause.fromMillis() <= restartMillis && restartMillis <= pause.untilMillis() + RESTART_MILLIS) {
                end = Math.max(end, pause.untilMillis() + STRAY_MILLIS);
            }
        }
        for (Span takeOver : runner.takeOvers()) {
            boolean isFirst = restarts.stream()
                            .mapToLong(JobWatch.Restart::untilMillis)
                            .filter(millis -> millis >= takeOver.fromMillis())
                            .min()
                            .orElse(0)
                    == restartMillis;
            if (isFirst) {
                end = Math.max(end, restartMillis + STRAY_MILLIS);
            }
        }
        return end;
    }

    /** Whether all that was planned was done; says what was not. */
    private boolean wasComplete(Schedule schedule) {
        Map<Kind, Long> planned = new EnumMap<>(Map.of(
                Kind.TASK_MANAGER_KILLS, schedule.count(Action.KillTaskManager.class),
                Kind.JOB_MANAGER_KILLS, schedule.count(Action.KillJobManager.class),
                Kind.PAUSES, schedule.count(Action.Pause.class),
                Kind.RESHARDS, schedule.count(Action.Split.class) + schedule.count(Action.Merge.class),
                Kind.LARGE_GROUPS, schedule.count(Action.AppendLarge.class),
                Kind.HOLES, schedule.count(Action.Hole.class),
                Kind.RESCALES, schedule.count(Action.Rescale.class),
                Kind.KEY_ROTATIONS, schedule.count(Action.RotateKey.class),
                Kind.FAULTS, schedule.count(Action.Misbehave.class)));
        List<String> missing = new ArrayList<>();
        planned.forEach((kind, count) -> {
            if (runner.count(kind) != count) {
                missing.add(kind + ": " + runner.count(kind) + " of " + count);
            }
        });
        Layout.TARGETS.stream()
                .filter(target -> !runner.outages().contains(target))
                .forEach(target -> missing.add("an outage of " + target + " that was noticed"));
        missing.forEach(what -> timeline.say("not as planned: " + what));
        return missing.isEmpty();
    }

    private void print(Reconciliation found, RepeatBound.Finding bound) {
        timeline.say("done: " + runner.summary());
        timeline.say(found.groups() + " groups in the source, " + found.unrouted() + " of them dropped by a rule; "
                + found.deadLettered() + " dead letters; " + watch.restarts().size() + " restarts from checkpoints");
        found.targets().forEach(target -> timeline.say(target.toString()));
        List.of(found.offenders(), bound.examples()).forEach(lines -> lines.stream()
                .filter(line -> !line.contains(": duplicated "))
                .forEach(timeline::say));
        timeline.say(bound.toString());
        timeline.say(found.toString() + " bound=" + (bound.restartBound() + bound.answerBound()));
    }
}
