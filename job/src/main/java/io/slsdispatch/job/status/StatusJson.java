package io.slsdispatch.job.status;

import io.slsdispatch.job.output.Json;
import io.slsdispatch.job.status.JobReport.Checkpoints;
import io.slsdispatch.job.status.JobReport.Run;
import io.slsdispatch.job.status.JobReport.Shard;
import io.slsdispatch.job.status.JobReport.Target;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The report as JSON, complete whatever its size. */
final class StatusJson {

    private StatusJson() {}

    static Map<String, @Nullable Object> of(JobReport report, Complaints complaints) {
        return Json.object(
                "job", report.id(),
                "name", report.name(),
                "state", report.state(),
                "since", report.since().toString(),
                "well", complaints.isWell(),
                "wrong", complaints.wrong().stream().map(StatusJson::complaint).toList(),
                "notes", complaints.notes().stream().map(StatusJson::complaint).toList(),
                "restarts", number(report.restarts()),
                "checkpoint", checkpoint(report),
                "rulesVersion", number(report.rules().version()),
                "unmatchedGroups", report.anomalies().unmatched(),
                "malformedGroups", report.anomalies().malformed(),
                "run", run(report.source().run()),
                "lagSeconds",
                        report.source().shards().isEmpty()
                                ? null
                                : (Object) report.source().lagSeconds(),
                "waitingShards", report.source().waitingShards(),
                "shards",
                        report.source().shards().stream().map(StatusJson::shard).toList(),
                "targets", report.targets().stream().map(StatusJson::target).toList());
    }

    private static Map<String, @Nullable Object> complaint(Complaint complaint) {
        return Json.object(
                "subject", complaint.subject(),
                "what", complaint.what(),
                "when", complaint.when(),
                "hint", complaint.hint());
    }

    private static @Nullable Object checkpoint(JobReport report) {
        Checkpoints checkpoints = report.checkpoints();
        Checkpoints.Completed last = checkpoints == null ? null : checkpoints.last();
        return checkpoints == null
                ? null
                : Json.object(
                        "id", last == null ? null : (Object) last.id(),
                        "ageSeconds",
                                last == null
                                        ? null
                                        : (Object) Duration.between(last.at(), report.now())
                                                .toSeconds(),
                        "durationMillis",
                                last == null ? null : (Object) last.took().toMillis(),
                        "runningSince",
                                checkpoints.running() == null
                                        ? null
                                        : checkpoints.running().toString(),
                        "waitsFor", checkpoints.waitsFor(),
                        "failedSince", checkpoints.failedSince());
    }

    private static @Nullable Object run(@Nullable Run run) {
        return run == null
                ? null
                : Json.object(
                        "percent",
                        run.percent(),
                        "secondsLeft",
                        run.left() == null ? null : (Object) run.left().toSeconds());
    }

    private static Map<String, @Nullable Object> shard(Shard shard) {
        return Json.object(
                "shard", shard.name(),
                "lagSeconds", shard.lagSeconds(),
                "throttles", shard.throttles(),
                "errors", shard.errors());
    }

    private static Map<String, @Nullable Object> target(Target target) {
        return Json.object(
                "target", target.name(),
                "state",
                        target.status().isPresent()
                                ? Hints.state(target.status().getAsLong())
                                : null,
                "bytesPerSecond", number(target.bytesPerSecond()),
                "retries", target.retries(),
                "deadLettered", target.deadLettered(),
                "dropped", target.dropped(),
                "oldestInFlightMillis", target.oldestInFlight().toMillis(),
                "flushMillis", target.flush().toMillis());
    }

    private static @Nullable Object number(OptionalLong value) {
        return value.isPresent() ? value.getAsLong() : null;
    }

    private static @Nullable Object number(OptionalDouble value) {
        return value.isPresent() ? value.getAsDouble() : null;
    }
}
