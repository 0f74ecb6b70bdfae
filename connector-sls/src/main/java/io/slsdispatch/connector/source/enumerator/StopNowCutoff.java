package io.slsdispatch.connector.source.enumerator;

/**
 * Which shards a run reads that stops "now": those of its first listing, and those of a second one, some time later, that
 * are not younger than the run, as the first may have been old. Part of state, so that a restart changes neither.
 *
 * @param newestCreation up to which creation time, unix seconds by the service's clock, a shard that the first listing did
 *     not show belongs to the run
 * @param complete whether the second listing has come, so that no more shards are taken
 */
record StopNowCutoff(long newestCreation, boolean complete) {

    /** Of a run that does not stop "now", or was not listed yet. */
    static final StopNowCutoff NONE = new StopNowCutoff(0, false);

    /** Of a run whose state is of version 1, which knew only one listing. */
    static final StopNowCutoff OF_VERSION_1 = new StopNowCutoff(0, true);

    StopNowCutoff completed() {
        return new StopNowCutoff(newestCreation, true);
    }
}
