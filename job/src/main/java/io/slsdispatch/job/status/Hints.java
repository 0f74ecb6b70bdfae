package io.slsdispatch.job.status;

import io.slsdispatch.connector.metrics.Problem;

/** What to do about a problem, and names of states. */
final class Hints {

    private Hints() {}

    static String ofSource(Problem problem) {
        return switch (problem.kind()) {
            case THROTTLED -> "A read quota is used up: split the shards, or stop other consumers.";
            case UNAVAILABLE -> "Check the endpoint and the network between Flink and the service.";
            case DENIED ->
                isMissing(problem)
                        ? "Create the project or logstore, or correct 'source'."
                        : "Check the credentials of the source and their permissions.";
            case REFUSED, OUTAGE -> "";
        };
    }

    static String ofTarget(Problem problem) {
        return switch (problem.kind()) {
            case THROTTLED -> "A write quota is used up: split the shards of the target.";
            case UNAVAILABLE -> "Check the endpoint and the network between Flink and the service.";
            case DENIED ->
                isMissing(problem)
                        ? "Create the project or logstore, or correct the target."
                        : "Check the credentials of the target and their permissions.";
            case REFUSED -> "Check the endpoint of the target, and any proxy or gateway in between.";
            case OUTAGE -> "Its groups do not wait for it (on-outage): they are dropped, or become dead letters.";
        };
    }

    private static boolean isMissing(Problem problem) {
        return problem.message().contains("NOT_FOUND");
    }

    /** The name of a state of a target, see {@link Problem.Kind#status}. */
    static String state(long status) {
        if (status == 0) {
            return "ok";
        }
        for (Problem.Kind kind : Problem.Kind.values()) {
            if (kind.status() == status) {
                return switch (kind) {
                    case THROTTLED -> "throttled";
                    case UNAVAILABLE -> "retrying";
                    case DENIED -> "denied";
                    case REFUSED -> "rejecting";
                    case OUTAGE -> "outage";
                };
            }
        }
        return "unknown";
    }
}
