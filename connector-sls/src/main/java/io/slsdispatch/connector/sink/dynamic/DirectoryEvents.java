package io.slsdispatch.connector.sink.dynamic;

import io.slsdispatch.connector.client.SlsException;

/** Receives what the directory of logstores does, for metrics and messages. Called on the task thread. */
interface DirectoryEvents {

    /**
     * The logstores were listed.
     *
     * @param logstores the number of allowed ones
     * @param calls how many calls it took
     */
    void listed(int logstores, int calls);

    /** Listing the logstores failed, and is repeated. */
    void listingFailed(SlsException error);

    /** A call to create a logstore was made. */
    void createCalled();

    /** A logstore was created. */
    void created(String name);

    /** Creating a logstore failed, and is repeated. */
    void createFailed(SlsException error);

    /** The service refused to create a logstore. */
    void createRefused(SlsException error);
}
