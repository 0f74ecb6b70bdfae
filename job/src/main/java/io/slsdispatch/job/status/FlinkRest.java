package io.slsdispatch.job.status;

import com.google.gson.JsonElement;

/** Flink's REST interface, for reading. */
public interface FlinkRest {

    /**
     * Sends one GET request.
     *
     * @param path with its query, encoded as in a URL, such as {@code /jobs/overview}
     * @throws FlinkRestException if there is no answer, or an answer other than success
     */
    JsonElement get(String path) throws FlinkRestException, InterruptedException;
}
