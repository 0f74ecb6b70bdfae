package io.slsdispatch.local;

import io.slsdispatch.local.settings.Behaviour;
import io.slsdispatch.local.settings.Quota;
import picocli.CommandLine.Option;

/** Command-line options for behaviour where the service's is unclear, and for quotas. All are off by default. */
final class BehaviourOptions {

    @Option(names = "--strict-timestamps", description = "Refuses logs older than 7 days or 15 minutes ahead.")
    private boolean strictTimestamps;

    @Option(
            names = "--strict-text",
            description = "Refuses logs without contents, empty keys, and text that is not UTF-8.")
    private boolean strictText;

    @Option(
            names = "--skip-expired-cursors",
            description = "Answers a pull at an expired cursor from the oldest data on, instead of InvalidCursor.")
    private boolean skipExpiredCursors;

    @Option(names = "--seqid-with-batch", description = "Accepts seqid together with x-log-mode batch_group.")
    private boolean sequenceWithBatch;

    @Option(
            names = "--forget-seqid-on-reshard",
            description = "Lets a split or merge forget the sequence ids of the logstore.")
    private boolean forgetSequences;

    @Option(
            names = "--service-quotas",
            description = "Enforces the service's published limits: per shard 5 MB and 500 puts, 20 MB and 100 pulls a "
                    + "second.")
    private boolean quotas;

    @Option(names = "--quota-counts-compressed", description = "Counts the bytes of quotas as sent instead of raw.")
    private boolean countCompressed;

    void addTo(SlsLocalOptions.Builder options) {
        options.behaviour(
                new Behaviour(strictTimestamps, strictText, skipExpiredCursors, sequenceWithBatch, forgetSequences));
        if (quotas) {
            options.quota(Quota.OF_THE_SERVICE.countingCompressed(countCompressed));
        }
    }
}
