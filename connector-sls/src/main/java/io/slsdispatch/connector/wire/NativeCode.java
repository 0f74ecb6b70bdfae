package io.slsdispatch.connector.wire;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/** Explains why native code cannot be loaded: the libraries unpack it to the temporary folder and load it there. */
final class NativeCode {

    /** What an operator can do. */
    static final String HINT = "The temporary folder of the process (system property java.io.tmpdir) must allow the"
            + " execution of files, and have space";

    private NativeCode() {}

    /** The messages of an error and of its causes, the first one first, in one line. */
    static String reason(Throwable error) {
        StringBuilder text = new StringBuilder();
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Throwable cause = error; cause != null && seen.add(cause); cause = cause.getCause()) {
            String message = cause.getMessage() == null
                    ? cause.getClass().getSimpleName()
                    : cause.getMessage().strip().replaceAll("\\s+", " ");
            if (text.indexOf(message) < 0) {
                text.append(text.isEmpty() ? "" : ": ").append(message);
            }
        }
        return text.toString();
    }
}
