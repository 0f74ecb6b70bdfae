package io.slsdispatch.local;

import io.slsdispatch.local.settings.LoadTest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Command-line options of stored data: logstores to create, data directory, size limit, request log and load tests. */
final class StoreOptions {

    @Option(
            names = "--logstore",
            paramLabel = "PROJECT/NAME:SHARDS",
            converter = LogstoreConverter.class,
            description =
                    "Creates this logstore, and its project, at the start unless it exists. Its time to live is 30 "
                            + "days. Repeatable.")
    private List<SlsLocalOptions.NewLogstore> logstores = new ArrayList<>();

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description =
                    "Stores all data in this directory: acknowledged writes, shards, consumer groups and sequence "
                            + "ids survive a restart, even after kill -9. Without it, all data is in memory and is lost when the "
                            + "process ends.")
    private @Nullable Path dataDir;

    @Option(
            names = "--max-bytes",
            paramLabel = "SIZE",
            converter = SizeConverter.class,
            description = "Maximum raw bytes of stored log groups, such as 500m or 4g. Above it, puts fail with "
                    + "WriteQuotaExceed and a warning is logged to stderr; no group is dropped before its time to live "
                    + "ends. Default: half of the heap (java -Xmx), or no limit with --data-dir. The ledger entry of "
                    + "each group, about 150 bytes, is never dropped and does not count.")
    private @Nullable Long maxBytes;

    @Option(names = "--threads", paramLabel = "N", description = "Number of I/O threads (default: one per core).")
    private @Nullable Integer threads;

    @Option(
            names = "--record-requests",
            paramLabel = "N",
            description = "Records the last N requests for GET /_local/requests (default: none).")
    private int recordRequests;

    @Option(
            names = "--endless",
            paramLabel = "PROJECT/NAME",
            description =
                    "For load tests: reads of this logstore never reach an end; after the newest group of a shard, "
                            + "its oldest groups follow again. Repeatable.")
    private List<String> endless = new ArrayList<>();

    @Option(
            names = "--forget",
            paramLabel = "PROJECT/NAME",
            description =
                    "For load tests: puts to this logstore are validated and counted, but not stored. " + "Repeatable.")
    private List<String> forgotten = new ArrayList<>();

    void addTo(SlsLocalOptions.Builder options) {
        logstores.forEach(one -> options.logstore(one.project(), one.logstore(), one.shards()));
        if (dataDir != null) {
            options.dataDirectory(dataDir);
        }
        if (maxBytes != null) {
            options.maxBytes(maxBytes);
        }
        if (threads != null) {
            options.threads(threads);
        }
        options.recordRequests(recordRequests);
        options.loadTest(new LoadTest(Set.copyOf(endless), Set.copyOf(forgotten)));
    }

    private static final class LogstoreConverter implements ITypeConverter<SlsLocalOptions.NewLogstore> {

        @Override
        public SlsLocalOptions.NewLogstore convert(String value) {
            try {
                return SlsLocalOptions.NewLogstore.parse(value);
            } catch (IllegalArgumentException wrong) {
                throw new TypeConversionException(wrong.getMessage());
            }
        }
    }

    /** Parses sizes such as {@code 4096}, {@code 500m} and {@code 4g}. */
    static final class SizeConverter implements ITypeConverter<Long> {

        private static final Pattern FORM = Pattern.compile("(\\d{1,12})([kmgt]?)");

        @Override
        public Long convert(String value) {
            Matcher parts = FORM.matcher(value.toLowerCase(Locale.ROOT));
            if (!parts.matches()) {
                throw new TypeConversionException("'" + value + "' is not a size, such as 4096, 500m or 4g");
            }
            int power = " kmgt".indexOf(parts.group(2).isEmpty() ? " " : parts.group(2));
            return Math.multiplyExact(Long.parseLong(parts.group(1)), 1L << (10 * power));
        }
    }
}
