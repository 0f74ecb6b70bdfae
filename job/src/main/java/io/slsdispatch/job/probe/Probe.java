package io.slsdispatch.job.probe;

import io.slsdispatch.connector.client.connection.RawCalls;
import io.slsdispatch.connector.client.connection.RawCalls.Signing;
import io.slsdispatch.connector.config.ConnectionConfig;
import io.slsdispatch.connector.config.Signature;
import io.slsdispatch.connector.model.LogstoreId;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Asks the service about all assumptions. Reads the source of a configuration; with a scratch project, also writes into
 * logstores of its own, which it deletes whatever happens.
 */
public final class Probe {

    /** Signed with V4 for a service at an IP address, which is none of Aliyun's: it has no region. */
    private static final String ANY_REGION = "cn-hangzhou";

    /**
     * What to ask.
     *
     * @param connection of the source
     * @param scratchConnection of the scratch project, with credentials of its own
     * @param scratchProject null to read only
     * @param region for signature V4; null when it is unknown
     */
    public record Task(
            ConnectionConfig connection,
            LogstoreId source,
            ConnectionConfig scratchConnection,
            @Nullable String scratchProject,
            @Nullable String region) {}

    /** Receives what happens while a probe runs. */
    @FunctionalInterface
    public interface Progress {
        void says(String line);
    }

    private final Task task;
    private final Clock clock;
    private final Waits waits;
    private final CountDownLatch stopped;
    private final RandomGenerator random;
    private final Progress progress;
    private final List<RawCalls> open = new ArrayList<>();

    /** @param stopped counted down to stop the probe; {@code waits} must end then */
    public Probe(
            Task task, Clock clock, Waits waits, CountDownLatch stopped, RandomGenerator random, Progress progress) {
        this.task = task;
        this.clock = clock;
        this.waits = waits;
        this.stopped = stopped;
        this.random = random;
        this.progress = progress;
    }

    /** The bounds of any probe that writes, for people. */
    public static List<String> bounds() {
        return List.of(
                "at most " + MeteredCalls.MOST_LOGSTORES + " logstores " + Scratch.PREFIX
                        + "*, of 1 or 2 shards, kept for one day, without index and automatic splits",
                "at most " + MeteredCalls.MOST_GROUPS + " consumer groups in them",
                "at most 200 MB of log groups before compression, " + MeteredCalls.MOST_REQUESTS + " requests, 15 min",
                "it ends when the service throttles, and deletes its logstores in any case");
    }

    /** The region with which V4 can be tried; null when it is unknown. */
    public static @Nullable String region(ConnectionConfig connection) {
        if (connection.signature() instanceof Signature.V4 v4) {
            return v4.region();
        }
        return Signature.regionOf(connection.endpoint())
                .orElse(connection.endpoint().isDirect() ? ANY_REGION : null);
    }

    /** Runs the probe. */
    public Findings run() throws InterruptedException {
        Findings findings = new Findings(task.scratchProject() != null);
        MeteredCalls calls = new MeteredCalls(waits, stopped);
        try {
            RawCalls normal = open(task.connection(), Signing.NORMAL);
            ask(findings, calls, normal);
            findings.end("not asked");
        } catch (StoppedException e) {
            progress.says("Stopped: " + e.reason() + ".");
            findings.end(e.reason());
        } finally {
            open.forEach(RawCalls::close);
        }
        progress.says(calls.requests() + " requests sent.");
        return findings;
    }

    private void ask(Findings findings, MeteredCalls calls, RawCalls normal)
            throws StoppedException, InterruptedException {
        Signing signing = signing(findings, calls);
        signatures(findings, calls);
        ServiceApi api = new ServiceApi(
                calls, signing == Signing.NORMAL ? normal::call : open(v1(task.connection()), signing)::call);
        progress.says("Reading the source.");
        SourceProbe source = new SourceProbe(api, task.source(), clock, findings);
        source.run();
        String project = task.scratchProject();
        if (project == null || source.hasData()) {
            source.readData();
        }
        if (project != null) {
            ConnectionConfig connection = task.scratchConnection();
            write(
                    findings,
                    new ServiceApi(calls, open(signing == Signing.NORMAL ? connection : v1(connection), signing)::call),
                    project);
        }
    }

    /** How to sign so that the other questions can be asked: as the job does, if the service accepts that. */
    private Signing signing(Findings findings, MeteredCalls calls) throws StoppedException, InterruptedException {
        Signing[] works = {Signing.NORMAL};
        findings.ask(List.of(Assumption.UNSIGNED_DATE), () -> {
            Reply with = shards(calls, v1(task.connection()), Signing.NORMAL);
            if (with.isOk()) {
                findings.saw(Assumption.UNSIGNED_DATE, "accepted");
                return;
            }
            if (shards(calls, v1(task.connection()), Signing.WITHOUT_LOG_DATE).isOk()) {
                findings.saw(Assumption.UNSIGNED_DATE, with.answer());
                works[0] = task.connection().signature() instanceof Signature.V4
                        ? Signing.NORMAL
                        : Signing.WITHOUT_LOG_DATE;
            } else {
                with.ok();
            }
        });
        return works[0];
    }

    private void signatures(Findings findings, MeteredCalls calls) throws StoppedException, InterruptedException {
        boolean plain = "accepted".equals(findings.answer(Assumption.UNSIGNED_DATE));
        ConnectionConfig connection = task.connection();
        String region = task.region();
        // Where V1 with x-log-date is refused as a wrong signature, V4 says more about a wrong key.
        ConnectionConfig sure =
                plain || region == null ? connection : connection.withSignature(new Signature.V4(region));
        findings.ask(
                List.of(Assumption.CODE_WRONG_SECRET),
                () -> findings.saw(
                        Assumption.CODE_WRONG_SECRET,
                        shards(calls, sure, Signing.WRONG_SECRET).answer()));
        findings.ask(
                List.of(Assumption.CODE_WRONG_TIME),
                () -> findings.saw(
                        Assumption.CODE_WRONG_TIME,
                        shards(calls, sure, Signing.WRONG_TIME).answer()));
        findings.ask(List.of(Assumption.SIGNATURE_V4), () -> {
            if (region == null) {
                throw new NotProbedException("the region is unknown: pass --region");
            }
            findings.saw(
                    Assumption.SIGNATURE_V4,
                    shards(calls, connection.withSignature(new Signature.V4(region)), Signing.NORMAL)
                            .answer());
        });
    }

    private Reply shards(MeteredCalls calls, ConnectionConfig connection, Signing signing)
            throws StoppedException, InterruptedException {
        try (RawCalls raw = RawCalls.open(connection, signing)) {
            return new ServiceApi(calls, raw::call).shards(task.source());
        }
    }

    private void write(Findings findings, ServiceApi api, String project)
            throws StoppedException, InterruptedException {
        Scratch scratch = new Scratch(api, project, clock, random);
        long now = clock.instant().getEpochSecond();
        try {
            leftovers(scratch);
            progress.says("Writing to logstores of the probe.");
            findings.ask(List.of(Assumption.values()), () -> {
                LogstoreId written = scratch.create(1);
                new PutProbe(api, written, now, findings).run();
                // Answered already where the source has data.
                if (findings.isOpen(Assumption.CURSOR_CONTIGUITY)) {
                    new SourceProbe(api, written, clock, findings).readData();
                }
                new ShardProbe(api, scratch.create(2), now, findings).run();
                new GroupProbe(api, scratch.create(1), findings).run();
            });
        } finally {
            cleanUp(scratch);
        }
    }

    private void leftovers(Scratch scratch) throws StoppedException, InterruptedException {
        try {
            scratch.deleteLeftovers()
                    .forEach(name -> progress.says("Logstore " + name
                            + " is named as those of a probe and over a day old, but could not be recognized as one: it"
                            + " was left alone."));
        } catch (NotProbedException e) {
            progress.says("Leftovers of earlier probes were not looked for: " + e.reason() + ".");
        }
    }

    private void cleanUp(Scratch scratch) throws InterruptedException {
        scratch.cleanUp()
                .forEach(name -> progress.says("Logstore " + name + " could not be deleted: delete it yourself."));
    }

    private RawCalls open(ConnectionConfig connection, Signing signing) {
        RawCalls raw = RawCalls.open(connection, signing);
        open.add(raw);
        return raw;
    }

    private static ConnectionConfig v1(ConnectionConfig connection) {
        return connection.withSignature(new Signature.V1());
    }
}
