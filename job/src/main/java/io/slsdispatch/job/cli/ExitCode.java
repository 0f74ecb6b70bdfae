package io.slsdispatch.job.cli;

/** How the program ends. Documented in {@code --help}: scripts depend on it. */
public final class ExitCode {

    /** The job was started, or the check found nothing wrong. */
    public static final int OK = 0;

    /** Something unexpected went wrong; the job may have failed. */
    public static final int FAILED = 1;

    /** The arguments or the configuration are wrong; nothing was started. */
    public static final int BAD_CONFIGURATION = 2;

    /** The configuration is right, but the service did not confirm it. */
    public static final int CHECK_FAILED = 3;

    private ExitCode() {}
}
