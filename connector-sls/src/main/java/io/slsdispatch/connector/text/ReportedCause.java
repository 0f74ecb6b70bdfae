package io.slsdispatch.connector.text;

import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * The copy of an exception that others caused: its type, its message and its causes as {@link ForeignText}, and its
 * stack. The exception itself is not kept, since its message may repeat what was received.
 */
@Internal
public final class ReportedCause extends Exception {

    private static final long serialVersionUID = 1L;

    private static final int MAX_CAUSES = 5;

    private final String type;

    private ReportedCause(String type, @Nullable String message, @Nullable Throwable cause) {
        super(message, cause, false, true);
        this.type = type;
    }

    /**
     * Copies an exception; null for null. A copy stays as it is.
     *
     * @param secrets to hide
     */
    public static @Nullable ReportedCause of(@Nullable Throwable reason, Secrets secrets) {
        return reason instanceof ReportedCause copy ? copy : of(reason, secrets, MAX_CAUSES);
    }

    private static @Nullable ReportedCause of(@Nullable Throwable reason, Secrets secrets, int depth) {
        if (reason == null || depth == 0) {
            return null;
        }
        String message = reason.getMessage();
        String type = reason instanceof ReportedCause copy
                ? copy.type
                : ForeignText.name(reason.getClass().getName(), Secrets.NONE, ForeignText.MESSAGE);
        ReportedCause copy = new ReportedCause(
                type,
                message == null ? null : ForeignText.line(message, secrets, ForeignText.MESSAGE),
                of(reason.getCause(), secrets, depth - 1));
        copy.setStackTrace(reason.getStackTrace());
        return copy;
    }

    /** The name of the class of the exception. */
    public String type() {
        return type;
    }

    /** As the exception itself: its type and its message. */
    @Override
    @SuppressWarnings("OverrideThrowableToString") // getMessage() is that of the exception
    public String toString() {
        String message = getMessage();
        return message == null ? type : type + ": " + message;
    }
}
