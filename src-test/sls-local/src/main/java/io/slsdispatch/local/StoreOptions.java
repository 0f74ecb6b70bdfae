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
                    "A logstore to make at the start, with its project, unless it exists. Groups stay for 30 days. "
                            + "May be repeated.")
    private List<SlsLocalOptions.NewLogstore> logstores = new ArrayList<>();

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "Keeps everything in this directory: what a client was told is written, and the shards, "
                    + "consumer groups and sequence ids, outlive the process, also when it is killed. Without it, "
                    + "everything is in memory and gone at the end.")
    private @Nullable Path dataDir;

    @Option(
            names = "--max-bytes",
            paramLabel = "SIZE",
            converter = SizeConverter.class,
            description = "Most raw bytes of log groups to keep, as 500m or 4g. Beyond, puts are refused with "
                    + "WriteQuotaExceed and a line on stderr; nothing is dropped before its time to live is over. "
                    + "Default: half of the heap in memory (java -Xmx), no limit with --data-dir. What is known of each "
                    + "group for the ledger, about 150 bytes, is kept for ever and does not count.")
    private @Nullable Long maxBytes;

    @Option(names = "--threads", paramLabel = "N", description = "Number of I/O threads (default: one per core).")
    private @Nullable Integer threads;

    @Option(
            names = "--record-requests",
            paramLabel = "N",
            description = "Remembers the last N requests for GET /_local/requests (default: none).")
    private int recordRequests;

    @Option(
            names = "--endless",
            paramLabel = "PROJECT/NAME",
            description =
                    "For measurements: this logstore is read without end, the oldest groups again after the newest. "
                            + "May be repeated.")
    private List<String> endless = new ArrayList<>();

    @Option(
            names = "--forget",
            paramLabel = "PROJECT/NAME",
            description = "For measurements: what is put to this logstore is checked and counted, and not kept. May be "
                    + "repeated.")
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

        private static final Pattern FORM = Pattern.compile("([^/:]+)/([^/:]+):(\\d{1,6})");

        @Override
        public SlsLocalOptions.NewLogstore convert(String value) {
            Matcher parts = FORM.matcher(value);
            if (!parts.matches()) {
                throw new TypeConversionException(
                        "'" + value + "' is not of the form PROJECT/NAME:SHARDS, as in shop/access-log:4");
            }
            return new SlsLocalOptions.NewLogstore(parts.group(1), parts.group(2), Integer.parseInt(parts.group(3)));
        }
    }

    /** Parses sizes such as {@code 4096}, {@code 500m} and {@code 4g}. */
    static final class SizeConverter implements ITypeConverter<Long> {

        private static final Pattern FORM = Pattern.compile("(\\d{1,12})([kmgt]?)");

        @Override
        public Long convert(String value) {
            Matcher parts = FORM.matcher(value.toLowerCase(Locale.ROOT));
            if (!parts.matches()) {
                throw new TypeConversionException("'" + value + "' is not a size, as in 4096, 500m or 4g");
            }
            int power = " kmgt".indexOf(parts.group(2).isEmpty() ? " " : parts.group(2));
            return Math.multiplyExact(Long.parseLong(parts.group(1)), 1L << (10 * power));
        }
    }
}
