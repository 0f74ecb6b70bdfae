package io.slsdispatch.job.cli;

import io.slsdispatch.connector.config.ConnectionConfig;
import io.slsdispatch.connector.config.SinkConfig.DeadLetterStore;
import io.slsdispatch.connector.deadletter.DeadLetter.Cause;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.task.GuardedTasks;
import io.slsdispatch.job.config.JobConfig;
import io.slsdispatch.job.config.JobConfig.Target;
import io.slsdispatch.job.redrive.DeadLetterLogstore;
import io.slsdispatch.job.redrive.Destinations;
import io.slsdispatch.job.redrive.Redrive;
import io.slsdispatch.job.redrive.RedriveReport;
import io.slsdispatch.job.redrive.RedriveState;
import io.slsdispatch.job.redrive.Selection;
import io.slsdispatch.job.redrive.StopSignal;
import io.slsdispatch.job.yaml.Timestamp;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Command {@code redrive}: sends dead letters to their targets again. */
@Command(
        name = "redrive",
        description = {
            "Brings dead letters back: reads the dead-letter logstores of the configuration and writes the original log"
                    + " groups, byte for byte, to the targets that did not take them, each with its settings of now. It"
                    + " reads up to what is there when it begins. It needs no cluster and does not touch the running job.",
            "",
            "A letter belongs to the target that has the logstore that it was for, else to the one that has the name that"
                    + " it was for. A letter that was stored twice is sent once. Nothing is deleted: letters stay until"
                    + " their logstore forgets them, and a run without --state begins at the oldest one again.",
            "",
            "At least once: letters whose answer was lost, and with --state those of the last batch (10 MB) of a run that"
                    + " was killed, are written again; letters of reason 'outage' may have reached their target before."
                    + " Groups come late and in no order, also at an ordered target."
        },
        footerHeading = "%nExamples%n",
        footer = {
            "  What is there, and where would it go?",
            "    redrive -c dispatch.yaml --dry-run",
            "  Send it; the same again goes on where this ended:",
            "    redrive -c dispatch.yaml --state redrive.state",
            "  Only some of it:",
            "    redrive -c dispatch.yaml --target nginx --reason outage",
            "            --since 2026-11-20T03:00:00Z"
        })
final class RedriveCommand implements Terminal.SubCommand {

    @Mixin
    private final ConfigFile file = new ConfigFile();

    @Option(
            names = "--from",
            paramLabel = "PROJECT/LOGSTORE",
            description = "Read this logstore instead of those that the configuration names.",
            converter = LogstoreConverter.class)
    private @Nullable LogstoreId from;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description =
                    "Only letters that were not taken then or later, as their field 'time' says: ISO-8601 (UTC, unless"
                            + " it names a zone) or unix seconds.",
            converter = TimeConverter.class)
    private @Nullable Instant since;

    @Option(
            names = "--until",
            paramLabel = "TIME",
            description = "Only letters that were not taken before then.",
            converter = TimeConverter.class)
    private @Nullable Instant until;

    @Option(
            names = "--target",
            paramLabel = "NAME",
            split = ",",
            description = "Only letters for these targets, as their field 'target' says. May be given several times.")
    private List<String> targets = new ArrayList<>();

    @Option(
            names = "--reason",
            paramLabel = "REASON",
            split = ",",
            description = "Only letters of this reason: 'rejected' (the target refused it) or 'outage' (the target took"
                    + " nothing).",
            converter = ReasonConverter.class)
    private List<Cause> causes = new ArrayList<>();

    @Option(
            names = "--to",
            paramLabel = "NAME",
            description = "Send them all to this target of the configuration, whatever they were for.")
    private @Nullable String to;

    @Option(names = "--dry-run", description = "Send nothing; count what would be sent, by target and reason.")
    private boolean dryRun;

    @Option(
            names = "--state",
            paramLabel = "FILE",
            description =
                    "Keep here how far it came. The same command with the same file goes on there, sends what could not"
                            + " be sent before and what has come since, and nothing else. With --dry-run it is read only.")
    private @Nullable Path stateFile;

    @Option(names = "--json", description = "Answer as one JSON object, without progress.")
    private boolean json;

    @Override
    public int run(Terminal terminal) throws Exception {
        JobConfig config = file.read(terminal);
        Redrive.Task task;
        RedriveState state;
        try {
            Selection selection = new Selection(since, until, new TreeSet<>(targets), new TreeSet<>(causes));
            List<DeadLetterLogstore> stores =
                    from == null ? configured(config) : List.of(new DeadLetterLogstore(wayTo(from, config), from));
            task = new Redrive.Task(stores, selection, new Destinations(config.targets(), override(config)), !dryRun);
            state = stateFile == null
                    ? RedriveState.none()
                    : RedriveState.in(stateFile, selection.text() + (to == null ? "" : ", to target " + to));
        } catch (IllegalArgumentException e) {
            return terminal.refuse(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return terminal.refuse("The file of --state cannot be read: " + e);
        }
        if (!dryRun) {
            try {
                state.open();
            } catch (IOException e) {
                return terminal.refuse("The file of --state cannot be written: " + e + ". Nothing was sent.");
            }
        }
        RedriveView view = new RedriveView(terminal, json);
        view.announce(task, config.targets(), to, stateFile, state);
        RedriveReport report;
        try (GracefulStop stop = new GracefulStop()) {
            report = new Redrive(task, terminal.clients(), state, stop.signal(), view).run();
            view.result(report, task, stateFile);
        } catch (IOException e) {
            return terminal.fail(
                    ExitCode.FAILED,
                    "The file of --state cannot be written: " + e + ". Up to its last entry everything is noted;"
                            + " what was sent after that may be sent again by the next run.");
        }
        return report.isComplete() ? ExitCode.OK : ExitCode.NOT_CONFIRMED;
    }

    private @Nullable Target override(JobConfig config) {
        if (to == null) {
            return null;
        }
        return config.targets().stream()
                .filter(target -> target.name().equals(to))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException("--to " + to + ": the configuration has no such target. It has "
                                + config.targets().stream().map(Target::name).collect(Collectors.joining(", ")) + "."));
    }

    private static List<DeadLetterLogstore> configured(JobConfig config) {
        Map<String, DeadLetterLogstore> stores = new LinkedHashMap<>();
        for (Target target : config.targets()) {
            DeadLetterStore deadLetters = target.config().deadLetters();
            if (deadLetters != null) {
                DeadLetterLogstore store = new DeadLetterLogstore(target.connection(), deadLetters.logstore());
                stores.putIfAbsent(store.name(), store);
            }
        }
        if (stores.isEmpty()) {
            throw new IllegalArgumentException(
                    "The configuration names no dead-letter logstore ('dead-letter.logstore' of a"
                            + " target). Name one with --from PROJECT/LOGSTORE.");
        }
        return List.copyOf(stores.values());
    }

    /**
     * The connection of the parts of the configuration that use this logstore or project, or the connection that all
     * parts share.
     */
    private static ConnectionConfig wayTo(LogstoreId logstore, JobConfig config) {
        Set<ConnectionConfig> exact = new LinkedHashSet<>();
        Set<ConnectionConfig> project = new LinkedHashSet<>();
        Set<ConnectionConfig> all = new LinkedHashSet<>();
        for (Target target : config.targets()) {
            DeadLetterStore deadLetters = target.config().deadLetters();
            if (deadLetters != null && deadLetters.logstore().equals(logstore)) {
                exact.add(target.connection());
            }
            if (target.config().logstore().project().equals(logstore.project())) {
                project.add(target.connection());
            }
            all.add(target.connection());
        }
        if (config.source().config().logstore().project().equals(logstore.project())) {
            project.add(config.source().connection());
        }
        return Stream.of(exact, project, all)
                .filter(connections -> !connections.isEmpty())
                .findFirst()
                .filter(connections -> connections.size() == 1
                        || connections.stream()
                                        .map(ConnectionConfig::endpoint)
                                        .distinct()
                                        .count()
                                == 1)
                .map(connections -> connections.iterator().next())
                .orElseThrow(() -> new IllegalArgumentException("--from " + logstore
                        + ": the configuration has several endpoints and does not say at which one it is. Make it the"
                        + " dead-letter logstore of a target in a copy of the configuration, and give that."));
    }

    /** Converter of {@code PROJECT/LOGSTORE}. */
    static final class LogstoreConverter implements ITypeConverter<LogstoreId> {

        @Override
        public LogstoreId convert(String text) {
            int slash = text.indexOf('/');
            if (slash < 0) {
                throw new TypeConversionException("'" + text + "' is not PROJECT/LOGSTORE");
            }
            try {
                return new LogstoreId(text.substring(0, slash), text.substring(slash + 1));
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        }
    }

    /** Converter of a time, written as in the configuration; UTC when it has no zone. */
    static final class TimeConverter implements ITypeConverter<Instant> {

        @Override
        public Instant convert(String text) {
            try {
                return Timestamp.parse(text).at(ZoneOffset.UTC);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        }
    }

    /** Converter of the cause of a dead letter. */
    static final class ReasonConverter implements ITypeConverter<Cause> {

        @Override
        public Cause convert(String text) {
            return Arrays.stream(Cause.values())
                    .filter(cause -> Selection.name(cause).equals(text))
                    .findFirst()
                    .orElseThrow(() -> new TypeConversionException("'" + text + "' is not 'rejected' or 'outage'"));
        }
    }

    /**
     * Graceful stop of a command that is interrupted (Ctrl-C, {@code kill}): the command is signalled to stop, and the
     * process waits for it, up to a time limit.
     */
    private static final class GracefulStop implements AutoCloseable {

        private static final Duration LAST_WORK = Duration.ofSeconds(20);

        private final StopSignal signal = new StopSignal();
        private final CountDownLatch ended = new CountDownLatch(1);
        private final Thread hook = GuardedTasks.threads("interruption")
                .newThread(GuardedTasks.guarded(this::stopAndWait, failure -> {
                    // The process is ending; there is nothing to report to.
                }));

        GracefulStop() {
            Runtime.getRuntime().addShutdownHook(hook);
        }

        StopSignal signal() {
            return signal;
        }

        private void stopAndWait() throws InterruptedException {
            signal.stop();
            ended.await(LAST_WORK.toMillis(), TimeUnit.MILLISECONDS);
        }

        /** Removes the stop when the command has ended. */
        @Override
        public void close() {
            ended.countDown();
            if (!signal.isStopped()) {
                try {
                    Runtime.getRuntime().removeShutdownHook(hook);
                } catch (IllegalStateException theProcessIsEnding) {
                    // The shutdown hook is running already, and ends at once.
                }
            }
        }
    }
}
