package io.slsdispatch.job.cli;

import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.SlsClientFactory;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.config.ConnectionConfig;
import io.slsdispatch.connector.config.Endpoint;
import io.slsdispatch.connector.config.SinkConfig.DeadLetterStore;
import io.slsdispatch.connector.config.StartingPosition;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.job.cli.ServiceChecks.NotReadyException;
import io.slsdispatch.job.config.JobConfig;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Asks the service whether a configuration would work: can the source be read, is there room for the consumer group, may
 * the targets be written, are logstores of equal names two, do the clocks agree. Changes nothing: it can be run beside a running job.
 */
final class OnlineCheck {

    private static final int SIDE_BY_SIDE = 8;

    /**
     * What one question gave.
     *
     * @param subject what was asked about
     * @param ok whether it would work
     * @param detail what was found, or what is wrong and what to do
     */
    record Finding(String subject, boolean ok, String detail) {}

    private interface Question {
        String ask(SlsClient client) throws SlsException, NotReadyException, InterruptedException;
    }

    private final JobConfig config;
    private final Function<ConnectionConfig, SlsClientFactory> clients;
    private final ClockCheck clocks;

    OnlineCheck(JobConfig config, Function<ConnectionConfig, SlsClientFactory> clients, Clock clock) {
        this.config = config;
        this.clients = clients;
        this.clocks = new ClockCheck(clock);
    }

    /** Asks everything, several questions at a time, and gives the findings in the order of the configuration. */
    List<Finding> findings() throws InterruptedException {
        List<Callable<Finding>> questions = questions();
        ExecutorService pool = Executors.newFixedThreadPool(SIDE_BY_SIDE);
        try {
            List<Finding> findings = new ArrayList<>();
            for (Future<Finding> finding : pool.invokeAll(questions)) {
                findings.add(finding.get());
            }
            return findings;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } finally {
            pool.shutdownNow();
        }
    }

    private List<Callable<Finding>> questions() {
        List<Callable<Finding>> questions = new ArrayList<>();
        ConnectionConfig connection = config.source().connection();
        LogstoreId source = config.source().config().logstore();
        questions.add(question("source " + source, connection, client -> ServiceChecks.canBeRead(client, source)));
        String group = config.source().config().consumerGroup();
        if (group != null) {
            questions.add(question(
                    "consumer group " + group,
                    connection,
                    client -> ServiceChecks.takesProgress(client, source, group)));
        }
        if (config.source().start() instanceof StartingPosition.Committed committed
                && !committed.consumerGroup().equals(group)) {
            questions.add(question(
                    "start group " + committed.consumerGroup(),
                    connection,
                    client -> ServiceChecks.standsSomewhere(client, source, committed.consumerGroup())));
        }
        config.rulesUpdates().ifPresent(updates -> updates.location()
                .logstore()
                .ifPresent(rules -> questions.add(question(
                        "rules " + updates.location(),
                        updates.connection().orElse(connection),
                        client -> ServiceChecks.canBeRead(client, rules.logstore())))));
        for (JobConfig.Target target : config.targets()) {
            questions.add(canBeWritten(
                    "target " + target.name(), target, target.config().logstore()));
            DeadLetterStore deadLetters = target.config().deadLetters();
            if (deadLetters != null) {
                questions.add(canBeWritten("dead letters of " + target.name(), target, deadLetters.logstore()));
            }
        }
        questions.addAll(new SameLogstoreCheck(config, clients).questions());
        Set<Endpoint> endpoints = new HashSet<>();
        Stream.concat(Stream.of(connection), config.targets().stream().map(JobConfig.Target::connection))
                .filter(each -> endpoints.add(each.endpoint()))
                .forEach(each -> questions.add(() -> clocks.ask(each)));
        return questions;
    }

    private Callable<Finding> canBeWritten(String subject, JobConfig.Target target, LogstoreId logstore) {
        return question(subject, target.connection(), client -> ServiceChecks.canBeWritten(client, logstore));
    }

    private Callable<Finding> question(String subject, ConnectionConfig connection, Question question) {
        return () -> {
            try (SlsClient client = clients.apply(connection).create()) {
                return new Finding(subject, true, question.ask(client));
            } catch (SlsException e) {
                return new Finding(subject, false, e.getMessage() + Hints.of(e));
            } catch (NotReadyException | IllegalArgumentException | IllegalStateException e) {
                return new Finding(subject, false, Objects.requireNonNullElse(e.getMessage(), e.toString()));
            }
        };
    }
}
