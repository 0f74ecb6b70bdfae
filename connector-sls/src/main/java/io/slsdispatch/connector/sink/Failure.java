package io.slsdispatch.connector.sink;

import java.io.IOException;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/** The reason why the job fails, once there is one. Task thread only. */
@Internal
public final class Failure {

    private @Nullable IOException reason;

    /** Stores the reason and throws it. */
    public void fail(IOException why) throws IOException {
        reason = why;
        throw why;
    }

    /** @throws IOException when the writer has failed */
    public void check() throws IOException {
        if (reason != null) {
            throw reason;
        }
    }
}
