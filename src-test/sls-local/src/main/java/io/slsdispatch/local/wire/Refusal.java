package io.slsdispatch.local.wire;

/**
 * A request that the service answers with an error: HTTP status, error code, and a message for the person who reads it.
 * Thrown before anything was changed. Carries no stack trace, since it is an answer and not a defect.
 */
public final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;

    public Refusal(ErrorCode code, String message) {
        this(code.status(), code.text(), message);
    }

    /** For codes and statuses that a fault asks for. */
    public Refusal(int status, String code, String message) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
    }

    public int status() {
        return status;
    }

    public String code() {
        return code;
    }

    /** The message: a refusal always has one. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
