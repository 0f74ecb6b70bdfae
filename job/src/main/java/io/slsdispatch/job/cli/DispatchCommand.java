package io.slsdispatch.job.cli;

import io.slsdispatch.connector.client.connection.SlsClients;
import io.slsdispatch.job.config.JobConfig;
import io.slsdispatch.job.config.PlainConnections;
import io.slsdispatch.job.config.options.ConfigSchema;
import io.slsdispatch.job.output.Json;
import io.slsdispatch.job.output.OwnJar;
import io.slsdispatch.job.savepoint.SavepointReader;
import io.slsdispatch.job.topology.JobStarter;
import io.slsdispatch.job.yaml.InvalidConfigException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The main command of the fat jar: reads the configuration and starts the job, or runs a sub-command. */
@Command(
        name = "sls-dispatch",
        description = {
            "Distributes the log groups of one SLS logstore to one logstore per topic, as a Flink job.",
            "",
            "Without a command it starts the job on Flink. Command status asks the Flink in which the job runs, and"
                    + " inspect-savepoint needs the classes of a Flink (FLINK_HOME). All others need no Flink."
        },
        subcommands = {
            CheckCommand.class,
            ExplainCommand.class,
            PlanCommand.class,
            PreviewCommand.class,
            ProbeCommand.class,
            StatusCommand.class,
            LagCommand.class,
            RedriveCommand.class,
            PublishRulesCommand.class,
            DispatchCommand.SchemaCommand.class
        },
        versionProvider = DispatchCommand.Version.class,
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpAutoWidth = true,
        exitCodeListHeading = "%nExit codes of the program and of all commands%n",
        exitCodeList = {
            "0: success: the job was started, or the check passed",
            "1: unexpected failure",
            "2: invalid arguments or configuration: all errors are reported, and nothing was started",
            "3: a check failed, such as a check against the service or of a restore, or a part of the work failed;"
                    + " the output reports what"
        },
        footerHeading = "%nStart on a cluster%n",
        footer = {
            "  flink run -d sls-dispatch.jar --config dispatch.yaml%n",
            "Without --config, the environment variables SLS_ENDPOINT, SLS_PROJECT, SLS_LOGSTORE, SLS_CG, SLS_START,"
                    + " SLS_ENDPOINT_TO, SLS_PROJECT_TO, SLS_DISTINCT_LOGSTORE_TO, SLS_LOGSTORE_TO<n> and SLS_TOPIC_TO<n>"
                    + " are used. The"
                    + " processes of the cluster read the credentials from SLS_AK_ID and SLS_AK_KEY."
        })
public final class DispatchCommand {

    /** The character by which the JVM replaces bytes that are not valid in the locale. */
    private static final String UNDECODABLE = "\ufffd";

    private static final Pattern CONFIGURATION = Pattern.compile("[^-].*\\.ya?ml");

    private final Terminal terminal;
    private final Optional<JobStarter> starter;
    private final Optional<SavepointReader> savepoints;

    @Mixin
    private final ConfigFile file = new ConfigFile();

    @Option(names = "--check", description = "Same as the command 'check'.")
    private boolean check;

    DispatchCommand(Terminal terminal, Optional<JobStarter> starter, Optional<SavepointReader> savepoints) {
        this.terminal = terminal;
        this.starter = starter;
        this.savepoints = savepoints;
    }

    /**
     * Runs the command with the environment variables of this process.
     *
     * @param starter starts the job; absent without Flink
     * @param savepoints reads savepoints; absent without Flink
     * @param out receives results
     * @param err receives errors
     * @return one of the {@link ExitCode}s
     * @throws Exception any exception of Flink when the job cannot be submitted, or fails while the command waits for
     *     it
     */
    public static int run(
            String[] args,
            Optional<JobStarter> starter,
            Optional<SavepointReader> savepoints,
            PrintWriter out,
            PrintWriter err)
            throws Exception {
        return new DispatchCommand(terminal(out, err), starter, savepoints).run(args);
    }

    /** Whether these arguments read a savepoint, which needs classes of Flink. */
    public static boolean readsSavepoint(String... args) {
        return args.length > 0 && args[0].equals(InspectCommand.NAME);
    }

    /** Reports why a command cannot start. Returns the exit code. */
    public static int refuse(String[] args, String message) {
        return terminal(terminal(System.out), terminal(System.err))
                .answeringInJson(isForMachines(args))
                .refuse(message);
    }

    private static boolean isForMachines(String... args) {
        return List.of(args).contains("--json");
    }

    private static Terminal terminal(PrintWriter out, PrintWriter err) {
        return new Terminal(System.getenv(), SlsClients::new, Clock.systemUTC(), out, err, false);
    }

    /** Creates a writer to a terminal that flushes each line, and writes UTF-8 whatever the locale. */
    public static PrintWriter terminal(PrintStream stream) {
        return new PrintWriter(stream, true, StandardCharsets.UTF_8);
    }

    int run(String... args) throws Exception {
        Terminal asked = terminal.answeringInJson(isForMachines(args));
        if (Stream.of(args).anyMatch(argument -> argument.contains(UNDECODABLE))) {
            return asked.refuse("An argument has characters that the current locale cannot represent. Set"
                    + " LC_ALL=C.UTF-8, and encode arguments in UTF-8.");
        }
        CommandLine root = commandLine();
        try {
            root.parseArgs(args);
        } catch (ParameterException e) {
            return asked.refuse(e.getMessage() + suggestion(e, args) + "\nTry '"
                    + e.getCommandLine().getCommandSpec().qualifiedName() + " --help'.");
        }
        List<CommandLine> said = root.getParseResult().asCommandLineList();
        CommandLine last = said.get(said.size() - 1);
        if (last != root && !root.getParseResult().matchedOptions().isEmpty()) {
            return asked.refuse("Write options after the command: "
                    + (last.getCommandSpec().qualifiedName() + " " + file.asArguments()).stripTrailing() + " ...");
        }
        if (last.isUsageHelpRequested()) {
            last.usage(terminal.out());
            return ExitCode.OK;
        }
        if (last.isVersionHelpRequested()) {
            root.printVersionHelp(terminal.out());
            return ExitCode.OK;
        }
        return execute(last, asked);
    }

    private CommandLine commandLine() {
        CommandLine root = new CommandLine(this).addSubcommand(new InspectCommand(savepoints));
        for (CommandLine command : root.getSubcommands().values()) {
            command.getCommandSpec().usageMessage().autoWidth(true).sortOptions(false);
            command.getCommandSpec().mixinStandardHelpOptions(true);
        }
        return root;
    }

    private int execute(CommandLine last, Terminal asked) throws Exception {
        try {
            return last.getCommand() instanceof Terminal.SubCommand command ? command.run(asked) : checkOrStart();
        } catch (InvalidConfigException e) {
            return refuse(e, asked);
        } catch (RuntimeException e) {
            if (asked.json()) {
                Json.print(asked.out(), Json.object("error", e.toString()));
            }
            throw e;
        } finally {
            terminal.out().flush();
        }
    }

    private static int refuse(InvalidConfigException errors, Terminal asked) {
        if (!asked.json()) {
            return asked.refuse(String.valueOf(errors.getMessage()));
        }
        asked.warn(String.valueOf(errors.getMessage()));
        Json.print(asked.out(), Json.object("error", "bad configuration", "mistakes", Json.errors(errors)));
        return ExitCode.BAD_CONFIGURATION;
    }

    private static String suggestion(ParameterException error, String... args) {
        List<String> files = positionalFiles(args);
        if (error.getCommandLine().getCommandName().equals("plan") && files.size() == 2) {
            return "\nDid you mean: --old " + files.get(0) + " --new " + files.get(1) + "?";
        }
        if (error instanceof UnmatchedArgumentException && files.size() == 1) {
            return "\nDid you mean: --config " + files.get(0) + "?";
        }
        if (!(error instanceof UnmatchedArgumentException unmatched)
                || unmatched.getSuggestions().isEmpty()) {
            return "";
        }
        return "\nDid you mean " + String.join(" or ", unmatched.getSuggestions()) + "?";
    }

    /** Arguments that are the name of a configuration file, but no value of an option. */
    private static List<String> positionalFiles(String... args) {
        List<String> files = new ArrayList<>();
        for (int i = 0; i < args.length; i++) {
            boolean isValue = i > 0 && args[i - 1].startsWith("-") && !args[i - 1].contains("=");
            if (!isValue && CONFIGURATION.matcher(args[i]).matches()) {
                files.add(args[i]);
            }
        }
        return files;
    }

    private int checkOrStart() throws Exception {
        JobConfig config = file.read(terminal);
        terminal.out().println(new ConfigSummary(config).text());
        return check ? CheckCommand.check(config, terminal, false, false) : start(config);
    }

    private int start(JobConfig config) throws Exception {
        if (starter.isEmpty()) {
            return terminal.refuse(
                    "Starting the job needs Flink, which is not on the class path. Submit to a cluster:\n\n"
                            + ("  flink run -d " + OwnJar.inCommands() + " " + file.asArguments()).stripTrailing()
                            + "\n\n"
                            + "or check the configuration without Flink: "
                            + ("java -jar " + OwnJar.inCommands() + " check " + file.asArguments()).stripTrailing());
        }
        List<String> refusals = new SameLogstoreCheck(config, terminal.clients()).refusals();
        if (!refusals.isEmpty()) {
            return terminal.refuse(String.join("\n", refusals));
        }
        PlainConnections.warnings(config).forEach(warning -> terminal.out().println("Warning: " + warning + "\n"));
        try {
            starter.get().start(config, terminal.out()::println);
        } catch (JobStarter.RefusedException e) {
            return terminal.refuse(String.valueOf(e.getMessage()));
        }
        return ExitCode.OK;
    }

    /** Command {@code schema}: prints the JSON schema of a configuration, for editors. */
    @Command(
            name = "schema",
            description = {
                "Prints the JSON schema of the configuration file. Editors use it to complete keys and to show their"
                        + " descriptions. It finds only errors of syntax and type; 'check' finds all errors."
            })
    static final class SchemaCommand implements Terminal.SubCommand {

        @Override
        public int run(Terminal terminal) {
            Json.print(terminal.out(), ConfigSchema.root());
            return ExitCode.OK;
        }
    }

    /** The version of this build, from the manifest of its jar. */
    static final class Version implements IVersionProvider {

        @Override
        public String[] getVersion() {
            String version = Version.class.getPackage().getImplementationVersion();
            return new String[] {"sls-dispatch " + Objects.requireNonNullElse(version, "(not from a jar)")};
        }
    }
}
