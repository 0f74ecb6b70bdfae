package io.slsdispatch.job.cli;

import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.SlsClientFactory;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.config.ConnectionConfig;
import io.slsdispatch.connector.config.ConnectionConfig.ProjectIn;
import io.slsdispatch.connector.config.CredentialsConfig;
import io.slsdispatch.connector.config.Durations;
import io.slsdispatch.connector.config.Endpoint;
import io.slsdispatch.connector.config.Signature;
import io.slsdispatch.connector.config.SinkConfig.DeadLetterStore;
import io.slsdispatch.connector.config.StartingPosition;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.job.cli.ServiceChecks.NotReadyException;
import io.slsdispatch.job.config.JobConfig;
import io.slsdispatch.job.preview.Preview;
import io.slsdispatch.job.preview.SampleLimits;
import io.slsdispatch.job.preview.SampledShard;
import io.slsdispatch.job.preview.SourceSampler;
import io.slsdispatch.job.preview.TopicMismatch;
import io.slsdispatch.job.rules.RulesUpdates;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Check of a configuration against the service: the source can be read, the consumer group can be created, the targets
 * can be written, logstores of equal names are distinct, and the clocks agree. It changes nothing and can run next to a
 * running job.
 */
final class OnlineCheck {

    private static final int AT_A_TIME = 8;
    private static final Duration SAMPLE = Duration.ofMinutes(15);
    private static final String RULES_AND_SOURCE = "rules and source";

    private interface Check {
        String call(SlsClient client) throws SlsException, NotReadyException, InterruptedException;
    }

    private final JobConfig config;
    private final Function<ConnectionConfig, SlsClientFactory> clients;
    private final Clock clock;
    private final ClockCheck clocks;

    OnlineCheck(JobConfig config, Function<ConnectionConfig, SlsClientFactory> clients, Clock clock) {
        this.config = config;
        this.clients = clients;
        this.clock = clock;
        this.clocks = new ClockCheck(clock);
    }

    /** Runs all checks, several in parallel, and returns the findings in the order of the configuration. */
    List<Finding> findings() throws InterruptedException {
        List<Callable<Finding>> checks = checks();
        ExecutorService pool = Executors.newFixedThreadPool(AT_A_TIME);
        try {
            List<Finding> findings = new ArrayList<>();
            for (Future<Finding> finding : pool.invokeAll(checks)) {
                findings.add(finding.get());
            }
            return findings;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } finally {
            pool.shutdownNow();
        }
    }

    private List<Callable<Finding>> checks() {
        List<Callable<Finding>> checks = new ArrayList<>();
        ConnectionConfig connection = config.source().connection();
        LogstoreId source = config.source().config().logstore();
        checks.add(check("source " + source, connection, client -> ServiceChecks.canBeRead(client, source)));
        checks.addAll(credentialChecks());
        String group = config.source().config().consumerGroup();
        String startGroup = config.source().start() instanceof StartingPosition.Committed committed
                ? committed.consumerGroup()
                : null;
        if (group != null && !group.equals(startGroup)) {
            checks.add(check(
                    "consumer group " + group,
                    connection,
                    client -> ServiceChecks.takesProgress(client, source, group)));
        }
        if (startGroup != null) {
            checks.add(check(
                    (startGroup.equals(group) ? "consumer group " : "start group ") + startGroup,
                    connection,
                    client -> ServiceChecks.hasCursors(client, source, startGroup)));
        }
        checks.add(this::sampleCheck);
        config.rulesUpdates().ifPresent(updates -> updates.location()
                .logstore()
                .ifPresent(rules -> checks.add(check(
                        "rules " + updates.location(),
                        updates.connection().orElse(connection),
                        client -> ServiceChecks.canBeRead(client, rules.logstore())))));
        checks.addAll(writeChecks());
        checks.addAll(signatureChecks());
        checks.addAll(new SameLogstoreCheck(config, clients).checks());
        Set<Endpoint> endpoints = new HashSet<>();
        Stream.concat(Stream.of(connection), config.destinations().stream().map(JobConfig.Destination::connection))
                .filter(each -> endpoints.add(each.endpoint()))
                .forEach(each -> checks.add(() -> clocks.ask(each)));
        return checks;
    }

    /** Compares the topics of the rules with those of a small sample; no failure, since the sample may be unlucky. */
    private Finding sampleCheck() throws InterruptedException {
        Preview preview = new Preview(config.ruleTable(), config.knownTargets());
        LogstoreId source = config.source().config().logstore();
        Instant now = clock.instant();
        try (SlsClient client = clients.apply(config.source().connection()).create()) {
            List<SampledShard> shards = new SourceSampler(client, source, SampleLimits.ofCheck(), System::nanoTime)
                    .read(now.minus(SAMPLE).truncatedTo(ChronoUnit.SECONDS), now, preview::add);
            List<Preview.Row> rows = preview.rows(shards);
            long groups = rows.stream().mapToLong(Preview.Row::groups).sum();
            String sampled = groups + " log groups of the last " + Durations.text(SAMPLE);
            return TopicMismatch.find(config.ruleTable(), rows)
                    .map(mismatch -> Finding.warning(RULES_AND_SOURCE, sampled + ": " + mismatch))
                    .orElseGet(() -> Finding.ok(
                            RULES_AND_SOURCE, groups == 0 ? "not compared: " + sampled : sampled + ", rules match"));
        } catch (SlsException | IllegalArgumentException | IllegalStateException e) {
            // The check of the source reports why.
            return Finding.ok(RULES_AND_SOURCE, "not compared: the source cannot be read");
        }
    }

    private List<Callable<Finding>> writeChecks() {
        List<Callable<Finding>> checks = new ArrayList<>();
        for (JobConfig.Destination target : config.destinations()) {
            String subject = "target " + target.name();
            checks.add(
                    target instanceof JobConfig.Template template
                            ? check(subject, template.connection(), client -> ServiceChecks.canBeUsed(client, template))
                            : writeCheck(
                                    subject,
                                    target,
                                    ((JobConfig.Target) target).config().logstore()));
            DeadLetterStore deadLetters = target.deadLetters();
            if (deadLetters != null) {
                checks.add(writeCheck("dead letters of " + target.name(), target, deadLetters.logstore()));
            }
        }
        return checks;
    }

    /** What the credentials are, for each place that is configured. */
    private List<Callable<Finding>> credentialChecks() {
        Map<String, ConnectionConfig> connections = new LinkedHashMap<>();
        connections.put("source", config.source().connection());
        config.rulesUpdates().flatMap(RulesUpdates::connection).ifPresent(rules -> connections.put("rules", rules));
        config.destinations().forEach(target -> connections.put("target " + target.name(), target.connection()));
        Set<CredentialsConfig> places = new HashSet<>();
        List<Callable<Finding>> checks = new ArrayList<>();
        connections.forEach((user, connection) -> {
            if (places.add(connection.credentials())) {
                checks.add(check("credentials of " + user, connection, SlsClient::credentialsInUse));
            }
        });
        return checks;
    }

    /** Whether signature version 4 works where version 1 is configured and the region is known. */
    private List<Callable<Finding>> signatureChecks() {
        Map<String, ConnectionConfig> connections = new LinkedHashMap<>();
        Map<String, LogstoreId> logstores = new LinkedHashMap<>();
        connections.put("source", config.source().connection());
        logstores.put("source", config.source().config().logstore());
        for (JobConfig.Target target : config.targets()) {
            connections.put("target " + target.name(), target.connection());
            logstores.put("target " + target.name(), target.config().logstore());
        }
        Set<ConnectionConfig> tried = new HashSet<>();
        List<Callable<Finding>> checks = new ArrayList<>();
        connections.forEach((user, connection) -> {
            Optional<String> region = Signature.regionOf(connection.endpoint());
            if (connection.signature() instanceof Signature.V1 && region.isPresent() && tried.add(connection)) {
                checks.add(() -> trySignature(
                        "signature of " + user,
                        connection.withSignature(new Signature.V4(region.get())),
                        Objects.requireNonNull(logstores.get(user))));
            }
        });
        return checks;
    }

    private Finding trySignature(String subject, ConnectionConfig version4, LogstoreId logstore) {
        try (SlsClient client = clients.apply(version4).create()) {
            client.checkLogstore(logstore);
            return Finding.ok(
                    subject,
                    "version 4 works here, too. Recommended: set 'signature: v4', which signs with SHA-256 in place of"
                            + " SHA-1");
        } catch (SlsException e) {
            return Finding.ok(subject, "version 1 (version 4 was tried and failed: " + e.errorCode() + ")");
        } catch (IllegalArgumentException | IllegalStateException e) {
            // The other checks report why.
            return Finding.ok(subject, "version 1 (version 4 was not tried)");
        }
    }

    private Callable<Finding> writeCheck(String subject, JobConfig.Destination target, LogstoreId logstore) {
        return check(subject, target.connection(), client -> ServiceChecks.canBeWritten(client, logstore));
    }

    /**
     * Whether the service knows the project if requests name it in the other place: a sentence that says so, or nothing.
     * Public endpoints take it in the host, so that a failure there has another reason.
     */
    private String otherPlace(ConnectionConfig connection, SlsException failure, Check check)
            throws InterruptedException {
        ProjectIn other = connection.projectIn() == ProjectIn.HOST ? ProjectIn.HEADER : ProjectIn.HOST;
        boolean isPublic = Signature.regionOf(connection.endpoint()).isPresent();
        if (knowsProject(failure) || (other == ProjectIn.HEADER && isPublic)) {
            return "";
        }
        String option = " Set 'project-in: " + other.name().toLowerCase(Locale.ROOT) + "': then ";
        try (SlsClient client = clients.apply(connection.withProjectIn(other)).create()) {
            check.call(client);
            return option + "this check passes.";
        } catch (SlsException e) {
            return knowsProject(e) && e.httpStatus() > 0 ? option + "the service answers " + e.errorCode() + "." : "";
        } catch (NotReadyException | IllegalArgumentException | IllegalStateException e) {
            // The connection cannot be built so, for example an address behind a proxy.
            return "";
        }
    }

    /** Whether an error is not about how the project is named: the service found it, or nothing was sent. */
    private static boolean knowsProject(SlsException error) {
        return switch (error.kind()) {
            case UNAUTHORIZED, THROTTLED, QUOTA_EXCEEDED -> true;
            case NOT_FOUND -> !error.errorCode().toLowerCase(Locale.ROOT).contains("project");
            default -> false;
        };
    }

    private Callable<Finding> check(String subject, ConnectionConfig connection, Check check) {
        return () -> {
            try (SlsClient client = clients.apply(connection).create()) {
                return Finding.ok(subject, check.call(client));
            } catch (SlsException e) {
                return Finding.failed(
                        subject, e.getMessage() + Finding.hint(e, connection) + otherPlace(connection, e, check));
            } catch (NotReadyException | IllegalArgumentException | IllegalStateException e) {
                return Finding.failed(subject, Objects.requireNonNullElse(e.getMessage(), e.toString()));
            }
        };
    }
}
