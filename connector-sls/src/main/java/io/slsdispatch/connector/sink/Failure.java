package io.slsdispatch.connector.sink;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The reason why the job fails, once there is one. Task thread only. */
final class Failure {

    private @Nullable IOException reason;

    /** Stores the reason and throws it. */
    void fail(IOException why) throws IOException {
        reason = why;
        throw why;
    }

    /** @throws IOException when the writer has failed */
    void check() throws IOException {
        if (reason != null) {
            throw reason;
        }
    }
}
