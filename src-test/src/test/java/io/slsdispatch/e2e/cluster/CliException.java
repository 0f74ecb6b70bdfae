package io.slsdispatch.e2e.cluster;

/** Flink's command line client ended with an exit code other than 0. */
public final class CliException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient CliResult result;

    CliException(CliResult result) {
        super(result.describe());
        this.result = result;
    }

    /** What the client wrote, and its exit code. */
    public CliResult result() {
        return result;
    }
}
