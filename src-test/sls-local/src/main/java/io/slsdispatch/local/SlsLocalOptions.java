package io.slsdispatch.local;

import io.slsdispatch.local.settings.Assumption;
import io.slsdispatch.local.settings.Behaviour;
import io.slsdispatch.local.settings.LoadTest;
import io.slsdispatch.local.settings.Quota;
import io.slsdispatch.local.signature.Credential;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Options for starting SLS Local. Create them with {@link #builder()}.
 *
 * @param host address to bind; 127.0.0.1 by default
 * @param port port to bind; 0, the default, selects a free port
 * @param threads number of I/O threads; one per core by default
 * @param credentials the keys that requests may be signed with; {@link #DEFAULT_KEY} by default
 * @param verifySignatures whether to verify the signatures of requests; on by default
 * @param dataDirectory directory of the stored data; empty, the default, means in memory
 * @param maxBytes maximum bytes of stored groups; puts beyond it are refused with WriteQuotaExceed. By default half of
 *     the heap in memory, and unlimited with a data directory
 * @param clock source of the time; the system clock by default
 * @param logstores logstores to create at the start if they do not exist
 * @param behaviour behaviour where that of the service is unclear
 * @param unlike the assumptions that do not hold, with what the service answers instead; none by default
 * @param quota limits for reads and writes; none by default
 * @param requestsRecorded how many of the last requests {@link SlsLocal#requests()} keeps; none by default
 * @param loadTest logstores for load tests; none by default
 * @param adminHosts host names for which requests under {@code /_local/} are answered in addition to 127.0.0.1, [::1]
 *     and localhost, also to other machines; none by default
 */
public record SlsLocalOptions(
        String host,
        int port,
        int threads,
        List<Credential> credentials,
        boolean verifySignatures,
        Optional<Path> dataDirectory,
        long maxBytes,
        InstantSource clock,
        List<NewLogstore> logstores,
        Behaviour behaviour,
        Map<Assumption, String> unlike,
        Quota quota,
        int requestsRecorded,
        LoadTest loadTest,
        List<String> adminHosts) {

    /** The key that is valid when no other is configured. */
    public static final Credential DEFAULT_KEY = new Credential("sls-local", "sls-local-secret");

    private static final int MAX_PORT = 65_535;
    private static final Pattern HOST_NAME = Pattern.compile("[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+]");
    private static final Set<String> ALL_ADDRESSES = Set.of("0.0.0.0", "::", "[::]", "0:0:0:0:0:0:0:0");

    public SlsLocalOptions {
        if (port < 0 || port > MAX_PORT) {
            throw new IllegalArgumentException("port " + port + " is not between 0 and " + MAX_PORT);
        }
        if (threads < 1) {
            throw new IllegalArgumentException("threads " + threads + ": expected at least 1");
        }
        if (maxBytes < 1) {
            throw new IllegalArgumentException("maxBytes " + maxBytes + ": expected at least 1");
        }
        credentials = List.copyOf(credentials);
        logstores = List.copyOf(logstores);
        unlike = Map.copyOf(unlike);
        adminHosts = List.copyOf(adminHosts);
        for (String name : adminHosts) {
            if (!HOST_NAME.matcher(name).matches()) {
                throw new IllegalArgumentException("admin host '" + name
                        + "': expected a host name or address without scheme and port, such as sls-local or [::1]");
            }
        }
    }

    /** The host for clients on this machine, as in a URL. */
    String reachableHost() {
        if (ALL_ADDRESSES.contains(host)) {
            return "127.0.0.1";
        }
        return host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
    }

    /**
     * A logstore to create at the start.
     *
     * @param shards number of its shards
     */
    public record NewLogstore(String project, String logstore, int shards) {

        private static final Pattern FORM = Pattern.compile("([^/:]+)/([^/:]+):(\\d{1,6})");

        /**
         * Parses {@code PROJECT/NAME:SHARDS}.
         *
         * @throws IllegalArgumentException when the text has another form
         */
        public static NewLogstore parse(String text) {
            Matcher parts = FORM.matcher(text);
            if (!parts.matches()) {
                throw new IllegalArgumentException(
                        "'" + text + "' is not of the form PROJECT/NAME:SHARDS, such as shop/access-log:4");
            }
            return new NewLogstore(parts.group(1), parts.group(2), Integer.parseInt(parts.group(3)));
        }
    }

    /** A builder that starts with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Builder of {@link SlsLocalOptions}. */
    public static final class Builder {

        private String host = "127.0.0.1";
        private int port;
        private int threads = Runtime.getRuntime().availableProcessors();
        private final List<Credential> credentials = new ArrayList<>();
        private boolean verifySignatures = true;
        private Optional<Path> dataDirectory = Optional.empty();
        private Optional<Long> maxBytes = Optional.empty();
        private InstantSource clock = InstantSource.system();
        private final List<NewLogstore> logstores = new ArrayList<>();
        private Behaviour behaviour = Behaviour.LENIENT;
        private final Map<Assumption, String> unlike = new EnumMap<>(Assumption.class);
        private Quota quota = Quota.NONE;
        private int requestsRecorded;
        private LoadTest loadTest = LoadTest.NONE;
        private final List<String> adminHosts = new ArrayList<>();

        private Builder() {}

        /** Address to bind. */
        public Builder host(String value) {
            host = value;
            return this;
        }

        /** Port to bind; 0 selects a free port. */
        public Builder port(int value) {
            port = value;
            return this;
        }

        /** Number of I/O threads. */
        public Builder threads(int value) {
            threads = value;
            return this;
        }

        /** Adds a key that requests may be signed with. The first one replaces the default key. */
        public Builder credential(Credential value) {
            credentials.add(value);
            return this;
        }

        /** Whether to verify the signatures of requests. */
        public Builder verifySignatures(boolean value) {
            verifySignatures = value;
            return this;
        }

        /** Directory of the stored data. */
        public Builder dataDirectory(Path value) {
            dataDirectory = Optional.of(value);
            return this;
        }

        /** Maximum bytes of stored groups. */
        public Builder maxBytes(long value) {
            maxBytes = Optional.of(value);
            return this;
        }

        /** Source of the time. */
        public Builder clock(InstantSource value) {
            clock = value;
            return this;
        }

        /** Adds a logstore to create at the start. */
        public Builder logstore(String project, String logstore, int shards) {
            return logstore(new NewLogstore(project, logstore, shards));
        }

        /** Adds a logstore to create at the start. */
        public Builder logstore(NewLogstore value) {
            logstores.add(value);
            return this;
        }

        /** Behaviour where that of the service is unclear. */
        public Builder behaviour(Behaviour value) {
            behaviour = value;
            return this;
        }

        /** Gives another answer than the assumed one. */
        public Builder unlike(Assumption assumption, String answer) {
            unlike.put(assumption, answer);
            return this;
        }

        /**
         * Answers like the service that the command {@code probe} of sls-dispatch described in a file; as assumed where
         * it has no answer.
         *
         * @throws IllegalArgumentException when the file is not the output of {@code probe --json}
         */
        public Builder like(Path description) throws IOException {
            unlike.putAll(ProbedAnswers.read(description));
            return this;
        }

        /** Limits for reads and writes. */
        public Builder quota(Quota value) {
            quota = value;
            return this;
        }

        /** How many of the last requests are kept. */
        public Builder recordRequests(int value) {
            requestsRecorded = value;
            return this;
        }

        /** Logstores for load tests. */
        public Builder loadTest(LoadTest value) {
            loadTest = value;
            return this;
        }

        /**
         * Adds a host name for which requests under {@code /_local/} are answered, such as the name of a container. They
         * are answered to every machine that can connect, and need no key.
         */
        public Builder adminHost(String value) {
            adminHosts.add(value);
            return this;
        }

        /**
         * Builds the options.
         *
         * @throws IllegalArgumentException when one of them is out of its range
         */
        public SlsLocalOptions build() {
            return new SlsLocalOptions(
                    host,
                    port,
                    threads,
                    credentials.isEmpty() ? List.of(DEFAULT_KEY) : credentials,
                    verifySignatures,
                    dataDirectory,
                    maxBytes.orElseGet(this::defaultMaxBytes),
                    clock,
                    logstores,
                    behaviour,
                    unlike,
                    quota,
                    requestsRecorded,
                    loadTest,
                    adminHosts);
        }

        private long defaultMaxBytes() {
            return dataDirectory.isPresent()
                    ? Long.MAX_VALUE
                    : Runtime.getRuntime().maxMemory() / 2;
        }
    }
}
