package io.slsdispatch.connector.sink;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Why the job has to fail, once it has. Task thread only. */
final class Failure {

    private @Nullable IOException reason;

    /** Notes the reason and throws it. */
    void fail(IOException why) throws IOException {
        reason = why;
        throw why;
    }

    /** @throws IOException when something has gone wrong for good */
    void check() throws IOException {
        if (reason != null) {
            throw reason;
        }
    }
}
