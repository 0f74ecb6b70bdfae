package io.slsdispatch.job.cli;

/** How the program ends. Documented in {@code --help}: scripts depend on it. */
public final class ExitCode {

    /** What was asked for was done: the job was started, or the answer is yes. */
    public static final int OK = 0;

    /** Something unexpected went wrong; the job may have failed. */
    public static final int FAILED = 1;

    /** The arguments or the configuration are wrong; nothing was started. */
    public static final int BAD_CONFIGURATION = 2;

    /** The configuration can be read, but the answer is no: the service did not confirm it, or a restore would not work. */
    public static final int NOT_CONFIRMED = 3;

    private ExitCode() {}
}
