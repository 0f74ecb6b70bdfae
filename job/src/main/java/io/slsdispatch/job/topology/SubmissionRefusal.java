package io.slsdispatch.job.topology;

import org.apache.flink.client.program.ProgramParametrizationException;

/** What Flink's own command line prints as it is, without a stack trace, before it ends with a non-zero exit code. */
public final class SubmissionRefusal {

    private SubmissionRefusal() {}

    /** An exception to be thrown out of {@code main}. */
    public static RuntimeException because(String message) {
        return new ProgramParametrizationException(message);
    }
}
