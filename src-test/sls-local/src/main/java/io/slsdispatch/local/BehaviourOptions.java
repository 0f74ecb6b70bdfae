package io.slsdispatch.local;

import io.slsdispatch.local.settings.Assumption;
import io.slsdispatch.local.settings.Assumptions;
import io.slsdispatch.local.settings.Behaviour;
import io.slsdispatch.local.settings.Quota;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Command-line options for behaviour where the service's is unclear, and for quotas. All are off by default. */
final class BehaviourOptions {

    @Option(
            names = "--strict-timestamps",
            description = "Rejects logs whose time is more than 7 days in the past or 15 min in the future.")
    private boolean strictTimestamps;

    @Option(
            names = "--strict-text",
            description = "Rejects logs without contents, empty keys, and text that is not UTF-8.")
    private boolean strictText;

    @Option(
            names = "--skip-expired-cursors",
            description = "Answers a pull at an expired cursor with the oldest data instead of InvalidCursor.")
    private boolean skipExpiredCursors;

    @Option(names = "--seqid-with-batch", description = "Accepts the parameter seqid with x-log-mode batch_group.")
    private boolean sequenceWithBatch;

    @Option(
            names = "--forget-seqid-on-reshard",
            description = "Deletes the sequence ids of a logstore when one of its shards is split or merged.")
    private boolean forgetSequences;

    @Option(
            names = "--service-quotas",
            description =
                    "Enforces the service's published limits per shard and second: 5 MB and 500 puts written, 20 MB "
                            + "and 100 pulls read.")
    private boolean quotas;

    @Option(
            names = "--quota-counts-compressed",
            description = "Counts compressed bytes instead of raw bytes towards quotas.")
    private boolean countCompressed;

    @Option(
            names = "--unlike",
            paramLabel = "NAME[=ANSWER]",
            description = "Answers unlike one of the assumptions in docs/assumptions.md, such as cut-blocks, or "
                    + "code-group-quota='QuotaExceed 403'. Repeatable.")
    private List<String> unlike = new ArrayList<>();

    @Option(
            names = "--like",
            paramLabel = "FILE",
            description = "Answers like the service that 'sls-dispatch probe --json' described in this file.")
    private @Nullable Path like;

    void addTo(SlsLocalOptions.Builder options) throws IOException {
        if (like != null) {
            options.like(like);
        }
        for (String each : unlike) {
            Map.Entry<Assumption, String> parsed = Assumptions.parse(each);
            options.unlike(parsed.getKey(), parsed.getValue());
        }
        options.behaviour(
                new Behaviour(strictTimestamps, strictText, skipExpiredCursors, sequenceWithBatch, forgetSequences));
        if (quotas) {
            options.quota(Quota.OF_THE_SERVICE.countingCompressed(countCompressed));
        }
    }
}
