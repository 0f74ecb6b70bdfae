package io.slsdispatch.job.probe;

import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.Shard;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * The logstores of one probe: creates them, and deletes them and nothing else. Leftovers of an earlier probe are deleted
 * only when their name has the form of a probe's, they are more than a day old, and they contain the marker group that a
 * probe writes first.
 */
final class Scratch {

    /** What the names of all logstores of a probe begin with. */
    static final String PREFIX = "sls-dispatch-probe-";

    private static final Pattern FORM = Pattern.compile(PREFIX + "\\d{14}-[0-9a-f]{8}-[1-9]");
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss").withZone(ZoneOffset.UTC);
    private static final Duration OLD = Duration.ofDays(1);
    private static final Duration READY = Duration.ofMinutes(2);
    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final int MOST_LEFTOVERS = 10;

    /** How often the deletion of a logstore is tried. */
    private static final int TRIES = 5;

    private final ServiceApi api;
    private final String project;
    private final Clock clock;
    private final String run;
    private final Set<LogstoreId> mine = new LinkedHashSet<>();

    Scratch(ServiceApi api, String project, Clock clock, RandomGenerator random) {
        this.api = api;
        this.project = project;
        this.clock = clock;
        this.run = PREFIX + TIME.format(clock.instant()) + "-" + HexFormat.of().toHexDigits(random.nextInt()) + "-";
    }

    /**
     * Creates a logstore, waits until it takes puts, and writes the marker group.
     *
     * @throws NotProbedException when it cannot be created or does not take puts within two minutes
     */
    LogstoreId create(int shards) throws NotProbedException, StoppedException, InterruptedException {
        api.calls().countLogstore();
        LogstoreId logstore = new LogstoreId(project, run + (mine.size() + 1));
        // Before the request: its response may be lost.
        mine.add(logstore);
        Reply created = api.createLogstore(logstore, shards);
        if (created.isRefused(ErrorKind.ALREADY_EXISTS)) {
            mine.remove(logstore);
        }
        created.ok();
        PutBody marker = PutBody.lz4(new TestData(clock.instant().getEpochSecond()).marker(logstore.logstore()));
        long until = api.calls().waits().nanoTime() + READY.toNanos();
        while (true) {
            Reply put = api.put(logstore, "lb", Map.of(), marker);
            if (put.isOk() || put.isUnnamed()) {
                return logstore;
            }
            if (api.calls().waits().nanoTime() >= until) {
                throw new NotProbedException("the new logstore took no put within 2 min (" + put.text() + ")");
            }
            api.calls().waits().pause(PAUSE);
        }
    }

    /** Deletes what this probe created. Returns the names of logstores that are left behind. */
    List<String> cleanUp() throws InterruptedException {
        List<String> left = new ArrayList<>();
        for (LogstoreId logstore : List.copyOf(mine)) {
            if (delete(logstore)) {
                mine.remove(logstore);
            } else {
                left.add(logstore.toString());
            }
        }
        return left;
    }

    private boolean delete(LogstoreId logstore) throws InterruptedException {
        for (int attempt = 1; attempt <= TRIES; attempt++) {
            try {
                Reply reply = api.deleteLogstore(logstore);
                if (reply.isOk() || reply.isUnnamed() || reply.isRefused(ErrorKind.NOT_FOUND)) {
                    return true;
                }
                if (reply.isRefused(ErrorKind.UNAUTHORIZED)) {
                    return false;
                }
            } catch (StoppedException tooManyRequests) {
                return false;
            }
            api.calls().waits().pause(PAUSE);
        }
        return false;
    }

    /**
     * Deletes leftovers of earlier probes.
     *
     * @return the names of those that have the form and the age, but no marker group: they are left alone
     */
    List<String> deleteLeftovers() throws NotProbedException, StoppedException, InterruptedException {
        List<String> foreign = new ArrayList<>();
        List<String> candidates = api.logstores(project, PREFIX).stream()
                .filter(name -> FORM.matcher(name).matches() && !name.startsWith(run))
                .limit(MOST_LEFTOVERS)
                .toList();
        for (String name : candidates) {
            LogstoreId logstore = new LogstoreId(project, name);
            Instant created = Instant.ofEpochSecond(api.createdAt(logstore));
            if (Duration.between(created, clock.instant()).compareTo(OLD) <= 0) {
                continue;
            }
            if (!hasMarker(logstore) || !delete(logstore)) {
                foreign.add(logstore.toString());
            }
        }
        return foreign;
    }

    private boolean hasMarker(LogstoreId logstore) throws NotProbedException, StoppedException, InterruptedException {
        byte[] topic = TestData.TOPIC.getBytes(StandardCharsets.UTF_8);
        byte[] name = logstore.logstore().getBytes(StandardCharsets.UTF_8);
        for (Shard shard : ServiceApi.shardsIn(api.shards(logstore))) {
            String begin = ServiceApi.cursorIn(api.cursor(logstore, shard.id(), "begin"));
            List<byte[]> first = PulledGroups.of(api.pull(logstore, shard.id(), begin, 1, "lz4"))
                    .groups();
            if (!first.isEmpty() && contains(first.get(0), topic) && contains(first.get(0), name)) {
                return true;
            }
        }
        return false;
    }

    private static boolean contains(byte[] group, byte[] text) {
        for (int at = 0; at + text.length <= group.length; at++) {
            if (Arrays.equals(group, at, at + text.length, text, 0, text.length)) {
                return true;
            }
        }
        return false;
    }
}
