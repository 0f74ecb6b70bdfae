package io.slsdispatch.local.wire;

/**
 * The exception for a request that the service answers with an error: HTTP status, error code and message. Thrown
 * before anything is changed. Has no stack trace, because it is a response and not a defect.
 */
public final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;

    public Refusal(ErrorCode code, String message) {
        this(code.status(), code.text(), message);
    }

    /** Creates a refusal with the code and status of a fault. */
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

    /** The message, which is never null. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
