package io.slsdispatch.connector.client;

import java.io.Serializable;

/**
 * Makes clients where they are needed: in the JobManager for the enumerator, in the TaskManagers for readers and
 * writers. It travels in the job graph, so it holds where credentials are found, never the credentials.
 */
@FunctionalInterface
public interface SlsClientFactory extends Serializable {

    /** A new client, to be closed by the caller. */
    SlsClient create();
}
