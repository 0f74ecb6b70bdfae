package io.slsdispatch.job.status;

import io.slsdispatch.connector.metrics.Problem;
import io.slsdispatch.job.status.JobReport.Checkpoints;
import io.slsdispatch.job.status.JobReport.Failure;
import io.slsdispatch.job.status.JobReport.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What is wrong with a job, each with its cause and a hint.
 *
 * @param wrong what keeps the job from running well now
 * @param notes what an operator should know, such as log groups that were dropped as configured
 */
record Complaints(List<Complaint> wrong, List<Complaint> notes) {

    /** A failure that long ago says nothing about the present. */
    private static final Duration RECENT = Duration.ofMinutes(5);

    /** A healthy checkpoint and a healthy request take a fraction of it. */
    private static final Duration LONG = Duration.ofSeconds(10);

    Complaints {
        wrong = List.copyOf(wrong);
        notes = List.copyOf(notes);
    }

    /** Whether the job runs well, or has ended well. */
    boolean isWell() {
        return wrong.isEmpty();
    }

    static Complaints of(JobReport report) {
        List<Complaint> wrong = new ArrayList<>();
        List<Complaint> notes = new ArrayList<>();
        ofState(report, wrong, notes);
        if (!report.state().equals("FINISHED")) {
            ofCheckpoints(report, wrong);
            ofSource(report, wrong, notes);
            report.targets().forEach(target -> ofTarget(report, target, wrong, notes));
            ofRules(report, wrong, notes);
            report.anomalies().complain(wrong, notes);
            report.limits().forEach(limit -> wrong.add(new Complaint("status", limit, "", "")));
        }
        return new Complaints(wrong, notes);
    }

    private static void ofState(JobReport report, List<Complaint> wrong, List<Complaint> notes) {
        String state = report.state();
        Failure failure = report.failure();
        String since = "for " + age(report, report.since());
        if (state.equals("FINISHED")) {
            return;
        }
        boolean isRunning = state.equals("RUNNING");
        boolean isRecent =
                failure != null && Duration.between(failure.at(), report.now()).compareTo(RECENT) < 0;
        if (failure != null && (isRecent || !isRunning)) {
            String times = report.restarts().orElse(0) > 0
                    ? ", restarts " + report.restarts().getAsLong()
                    : "";
            wrong.add(new Complaint(
                    "job",
                    failure.cause().message(),
                    "last failed " + age(report, failure.at()) + " ago" + times,
                    failure.cause().hint()));
        } else if (failure != null) {
            notes.add(new Complaint(
                    "job", "last failure: " + failure.cause().message(), age(report, failure.at()) + " ago", ""));
        } else if (!isRunning) {
            wrong.add(new Complaint("job", "is " + state, since, ofIdleState(state)));
        }
        if (isRunning && report.missingTasks() > 0) {
            wrong.add(new Complaint(
                    "job",
                    report.missingTasks() + " of its tasks do not run yet",
                    since,
                    report.isStarting()
                            ? "The job is starting. Ask again in a few seconds."
                            : "If this lasts, Flink has too few slots: start more TaskManagers, or lower the"
                                    + " parallelism."));
        }
    }

    private static String ofIdleState(String state) {
        return switch (state) {
            case "CANCELED" -> "Start it again from its last savepoint or checkpoint.";
            case "SUSPENDED" -> "Another JobManager takes over, or the cluster was stopped.";
            default -> "If this lasts, look at the log of the JobManager.";
        };
    }

    private static void ofCheckpoints(JobReport report, List<Complaint> wrong) {
        Checkpoints checkpoints = report.checkpoints();
        if (checkpoints == null || !report.state().equals("RUNNING") || report.missingTasks() > 0) {
            return;
        }
        Instant running = checkpoints.running();
        if (running != null && Duration.between(running, report.now()).compareTo(LONG) > 0) {
            List<String> slow = report.targets().stream()
                    .filter(target -> target.flush().compareTo(Duration.ofSeconds(5)) > 0)
                    .map(target -> "target '" + target.name() + "'")
                    .toList();
            List<String> waitsFor = slow.isEmpty() ? checkpoints.waitsFor() : slow;
            wrong.add(new Complaint(
                    "checkpoint",
                    "has not completed for " + age(report, running)
                            + (waitsFor.isEmpty() ? "" : "; it waits for " + String.join(", ", waitsFor)),
                    "",
                    ""));
        }
        if (checkpoints.failedSince() > 0) {
            wrong.add(new Complaint(
                    "checkpoint",
                    checkpoints.failedSince() + " failed since the last one that completed"
                            + (checkpoints.failureMessage().isEmpty() ? "" : ": " + checkpoints.failureMessage()),
                    "",
                    ""));
        }
    }

    private static void ofSource(JobReport report, List<Complaint> wrong, List<Complaint> notes) {
        JobReport.Source source = report.source();
        for (Problem problem : source.problems()) {
            wrong.add(new Complaint(
                    "source",
                    Texts.line(problem.message())
                            + (source.failingShards() > 1 ? " (" + source.failingShards() + " shards)" : ""),
                    when(report, problem),
                    Hints.ofSource(problem)));
        }
        Duration retention = source.retention();
        if (retention != null && source.lagSeconds() > retention.toSeconds() / 2) {
            wrong.add(new Complaint(
                    "source",
                    "the job is " + Texts.words(Duration.ofSeconds(source.lagSeconds()))
                            + " behind, and the logstore keeps data for " + Texts.words(retention)
                            + ": data will be lost",
                    "",
                    "Raise the retention of the logstore first, then the parallelism."));
        }
        noteSource(source, notes);
    }

    private static void noteSource(JobReport.Source source, List<Complaint> notes) {
        if (source.waitingShards() > 0) {
            notes.add(new Complaint(
                    "source",
                    source.waitingShards() + " shards wait until the shards before them are read and delivered",
                    "",
                    "After a split or merge this is normal. It needs checkpoints."));
        }
        if (source.startGroupMissing()) {
            notes.add(new Complaint(
                    "source",
                    "the consumer group of 'start: group' did not exist, so all shards started at the fallback",
                    "",
                    "If its name is wrong, stop the job, correct it, and start without state."));
        }
        if (source.dataGaps() > 0) {
            notes.add(new Complaint(
                    "source",
                    source.dataGaps() + " data gaps since the start: data expired before it was read",
                    "",
                    ""));
        }
    }

    private static void ofTarget(JobReport report, Target target, List<Complaint> wrong, List<Complaint> notes) {
        String subject = "target '" + target.name() + "'";
        Problem problem = target.problem();
        if (problem != null) {
            wrong.add(new Complaint(
                    subject, Texts.line(problem.message()), when(report, problem), Hints.ofTarget(problem)));
        } else if (target.status().orElse(0) > 0) {
            wrong.add(new Complaint(subject, "is " + Hints.state(target.status().getAsLong()), "", ""));
        } else if (target.oldestInFlight().compareTo(LONG) > 0) {
            wrong.add(new Complaint(
                    subject,
                    "has not answered a request for " + Texts.words(target.oldestInFlight()),
                    "",
                    "Check the endpoint and the network."));
        }
        if (target.dropped() > 0) {
            notes.add(new Complaint(
                    subject, target.dropped() + " log groups were dropped, as configured; the log says why", "", ""));
        }
        if (target.deadLettered() > 0) {
            notes.add(new Complaint(
                    subject, target.deadLettered() + " log groups are dead letters", "", "Send them with 'redrive'."));
        }
    }

    private static void ofRules(JobReport report, List<Complaint> wrong, List<Complaint> notes) {
        Problem problem = report.rules().problem();
        if (problem != null) {
            boolean refused = problem.kind() == Problem.Kind.REFUSED;
            wrong.add(new Complaint(
                    "rules",
                    (refused ? "new rules are rejected: " : "cannot be read: ") + Texts.line(problem.message()),
                    when(report, problem),
                    "The active rules stay in force."));
        } else if (report.rules().waiting()) {
            notes.add(new Complaint("rules", "newer rules are valid and become active at a checkpoint", "", ""));
        }
    }

    private static String when(JobReport report, Problem problem) {
        StringBuilder text = new StringBuilder("since " + age(report, problem.since()));
        Instant next = problem.retryAt();
        if (next != null) {
            Duration wait = Duration.between(report.now(), next);
            text.append(wait.compareTo(Duration.ofSeconds(1)) < 0 ? ", retrying now" : ", next attempt in ")
                    .append(wait.compareTo(Duration.ofSeconds(1)) < 0 ? "" : Texts.words(wait));
        }
        Instant until = problem.until();
        if (until != null) {
            text.append("; the job fails in ").append(Texts.words(Duration.between(report.now(), until)));
        } else if (next != null) {
            text.append("; retries do not end");
        }
        return text.toString();
    }

    private static String age(JobReport report, Instant time) {
        return Texts.words(Duration.between(time, report.now()));
    }
}
