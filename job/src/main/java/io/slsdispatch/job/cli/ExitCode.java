package io.slsdispatch.job.cli;

/** Exit codes of the program. Documented in {@code --help}: scripts depend on them. */
public final class ExitCode {

    /** Success: the job was started, or the result is positive. */
    public static final int OK = 0;

    /** An unexpected error; the job may have failed. */
    public static final int FAILED = 1;

    /** The arguments or the configuration are wrong; nothing was started. */
    public static final int BAD_CONFIGURATION = 2;

    /**
     * The configuration is valid, but the result is negative: the service did not confirm it, or a restore would fail.
     */
    public static final int NOT_CONFIRMED = 3;

    private ExitCode() {}
}
