package io.slsdispatch.connector.client;

import java.io.Serializable;
import org.apache.flink.annotation.Internal;

/**
 * Makes clients where they are needed: in the JobManager for the enumerator, in the TaskManagers for readers and
 * writers. It travels in the job graph, so it holds where credentials are found, never the credentials.
 */
@Internal
@FunctionalInterface
public interface SlsClientFactory extends Serializable {

    /** A new client, to be closed by the caller. */
    SlsClient create();
}
