package io.slsdispatch.e2e.cluster;

/** Flink has tried to take a savepoint and failed; the message has Flink's reason with its stack trace. */
public final class SavepointException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    SavepointException(String jobId, String reason) {
        super("No savepoint of job " + jobId + ": " + reason);
    }
}
