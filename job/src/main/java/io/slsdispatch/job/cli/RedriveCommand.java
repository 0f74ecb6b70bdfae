package io.slsdispatch.job.cli;

import io.slsdispatch.connector.config.ConnectionConfig;
import io.slsdispatch.connector.config.SinkConfig.DeadLetterStore;
import io.slsdispatch.connector.deadletter.DeadLetter.Cause;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.job.config.JobConfig;
import io.slsdispatch.job.config.JobConfig.Destination;
import io.slsdispatch.job.config.JobConfig.Target;
import io.slsdispatch.job.redrive.DeadLetterLogstore;
import io.slsdispatch.job.redrive.Destinations;
import io.slsdispatch.job.redrive.Redrive;
import io.slsdispatch.job.redrive.RedriveReport;
import io.slsdispatch.job.redrive.RedriveState;
import io.slsdispatch.job.redrive.Selection;
import io.slsdispatch.job.redrive.StopSignal;
import io.slsdispatch.job.yaml.Suggestion;
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
            "Sends dead letters again: reads the dead-letter logstores in the configuration and writes the original log"
                    + " groups, byte for byte, to the targets that did not accept them, with the current options of each"
                    + " target. It stops at the end of the data that exists when it starts. It needs no cluster and does"
                    + " not affect the running job.",
            "",
            "A dead letter goes to the target with its original logstore, otherwise to the target with its original"
                    + " target name. A dead letter that was stored twice is sent once. Nothing is deleted: dead letters stay"
                    + " until their logstore expires them, and a run without --state starts at the oldest one again.",
            "",
            "Delivery is at least once: dead letters whose response was lost, and with --state those in the last batch"
                    + " (10 MB) of a killed run, are written again. Dead letters with reason 'outage' may already be in"
                    + " their target. Groups arrive late and in any order, even at an ordered target."
        },
        footerHeading = "%nExamples%n",
        footer = {
            "  Count the dead letters and show where they would go:",
            "    redrive -c dispatch.yaml --dry-run",
            "  Send them; the same command continues where it stopped:",
            "    redrive -c dispatch.yaml --state redrive.state",
            "  Send only some:",
            "    redrive -c dispatch.yaml --target nginx --reason outage",
            "            --since 2026-11-20T03:00:00Z"
        })
final class RedriveCommand implements Terminal.SubCommand {

    /** After an interruption. */
    private static final Duration LAST_WORK = Duration.ofSeconds(20);

    @Mixin
    private final ConfigFile file = new ConfigFile();

    @Option(
            names = "--from",
            paramLabel = "PROJECT/LOGSTORE",
            description = "Read this logstore instead of the dead-letter logstores in the configuration.",
            converter = LogstoreConverter.class)
    private @Nullable LogstoreId from;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description =
                    "Only dead letters whose field 'time' is this time or later. ISO-8601 (UTC, unless it has a zone) or"
                            + " unix seconds.",
            converter = TimeConverter.class)
    private @Nullable Instant since;

    @Option(
            names = "--until",
            paramLabel = "TIME",
            description = "Only dead letters whose field 'time' is before this time.",
            converter = TimeConverter.class)
    private @Nullable Instant until;

    @Option(
            names = "--target",
            paramLabel = "NAME",
            split = ",",
            description = "Only dead letters whose field 'target' is one of these. Can be given several times.")
    private List<String> targets = new ArrayList<>();

    @Option(
            names = "--reason",
            paramLabel = "REASON",
            split = ",",
            description =
                    "Only dead letters with this reason: 'rejected' (the target rejected the group) or 'outage' (the"
                            + " target accepted nothing).",
            converter = ReasonConverter.class)
    private List<Cause> causes = new ArrayList<>();

    @Option(
            names = "--to",
            paramLabel = "NAME",
            description = "Send all dead letters to this target of the configuration, whatever their original target.")
    private @Nullable String to;

    @Option(names = "--dry-run", description = "Send nothing. Count what would be sent, by target and reason.")
    private boolean dryRun;

    @Option(
            names = "--state",
            paramLabel = "FILE",
            description =
                    "File that stores the progress. The same command with the same file continues from there: it sends"
                            + " what failed before and what is new, and nothing else. With --dry-run the file is only read.")
    private @Nullable Path stateFile;

    @Option(names = "--json", description = "Print one JSON object, without progress.")
    private boolean json;

    @Override
    public int run(Terminal terminal) throws Exception {
        JobConfig config = file.read(terminal);
        Redrive.Task task;
        RedriveState state;
        try {
            refuseUnknownTargets(config);
            Selection selection = new Selection(since, until, new TreeSet<>(targets), new TreeSet<>(causes));
            List<DeadLetterLogstore> stores =
                    from == null ? configured(config) : List.of(new DeadLetterLogstore(wayTo(from, config), from));
            task = new Redrive.Task(stores, selection, new Destinations(config, override(config)), !dryRun);
            state = stateFile == null
                    ? RedriveState.none()
                    : RedriveState.in(stateFile, selection.text() + (to == null ? "" : ", to target " + to));
        } catch (IllegalArgumentException e) {
            return terminal.refuse(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return terminal.refuse("Cannot read the --state file: " + e);
        }
        if (!dryRun) {
            try {
                state.open();
            } catch (IOException e) {
                return terminal.refuse("Cannot write the --state file: " + e + ". Nothing was sent.");
            }
        }
        return send(terminal, config, task, state);
    }

    private int send(Terminal terminal, JobConfig config, Redrive.Task task, RedriveState state)
            throws InterruptedException {
        RedriveView view = new RedriveView(terminal, json);
        view.announce(task, config.destinations(), to, stateFile, state);
        StopSignal signal = new StopSignal();
        GracefulStop stop = new GracefulStop(signal::stop, LAST_WORK);
        try (stop) {
            RedriveReport report = new Redrive(task, terminal.clients(), state, signal, view).run();
            view.result(report, task, stateFile);
            return report.isComplete() ? ExitCode.OK : ExitCode.NOT_CONFIRMED;
        } catch (IOException e) {
            return terminal.fail(
                    ExitCode.FAILED,
                    "Cannot write the --state file: " + e + ". It contains the progress up to its last entry;"
                            + " the next run may send again what was sent after that.");
        }
    }

    /**
     * A dead letter can name a target that was removed or renamed since; it needs {@code --to}, so that a misspelled
     * name does not look like a target without dead letters.
     */
    private void refuseUnknownTargets(JobConfig config) {
        List<String> known =
                config.destinations().stream().map(Destination::name).toList();
        for (String target : targets) {
            if (to == null && !known.contains(target)) {
                throw new IllegalArgumentException(
                        "--target " + target + ": unknown target. " + Suggestion.instead(target, known)
                                + " For dead letters of a target that was removed or renamed, also pass --to NAME.");
            }
        }
    }

    private @Nullable Target override(JobConfig config) {
        String name = to;
        if (name == null) {
            return null;
        }
        if (config.templates().stream().anyMatch(template -> template.name().equals(name))) {
            throw new IllegalArgumentException("--to " + name
                    + ": this target is by template, so it has no logstore of its own. Choose a target that has one, or"
                    + " leave --to out: dead letters then go to the logstores that they were for.");
        }
        List<String> known = config.targets().stream().map(Target::name).toList();
        return config.targets().stream()
                .filter(target -> target.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "--to " + name + ": unknown target. " + Suggestion.instead(name, known)));
    }

    private static List<DeadLetterLogstore> configured(JobConfig config) {
        Map<String, DeadLetterLogstore> stores = new LinkedHashMap<>();
        for (Destination target : config.destinations()) {
            DeadLetterStore deadLetters = target.deadLetters();
            if (deadLetters != null) {
                DeadLetterLogstore store = new DeadLetterLogstore(target.connection(), deadLetters.logstore());
                stores.putIfAbsent(store.name(), store);
            }
        }
        if (stores.isEmpty()) {
            throw new IllegalArgumentException(
                    "The configuration has no dead-letter logstore ('dead-letter.logstore' of a"
                            + " target). Pass one with --from PROJECT/LOGSTORE.");
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
        for (Destination target : config.destinations()) {
            DeadLetterStore deadLetters = target.deadLetters();
            if (deadLetters != null && deadLetters.logstore().equals(logstore)) {
                exact.add(target.connection());
            }
            if (target.project().equals(logstore.project())) {
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
                        + ": cannot choose the endpoint, because the configuration has several. Set this logstore as the"
                        + " dead-letter logstore of a target in a copy of the configuration, and pass the copy."));
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
}
