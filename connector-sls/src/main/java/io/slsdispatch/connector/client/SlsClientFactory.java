package io.slsdispatch.connector.client;

import java.io.Serializable;
import org.apache.flink.annotation.Internal;

/**
 * Creates clients where they are needed: in the JobManager for the enumerator, in the TaskManagers for readers and
 * writers. The factory is serialized into the job graph, so it holds the location of the credentials, never the
 * credentials.
 */
@Internal
@FunctionalInterface
public interface SlsClientFactory extends Serializable {

    /** Creates a client. The caller closes it. */
    SlsClient create();
}
