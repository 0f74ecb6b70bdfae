package io.slsdispatch.local;

import io.slsdispatch.local.fault.FaultJson;
import io.slsdispatch.local.wire.Refusal;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The main class and command line of SLS Local. */
@Command(
        name = "sls-local",
        mixinStandardHelpOptions = true,
        version = "sls-local 0.1.0",
        sortOptions = false,
        usageHelpAutoWidth = true,
        description = {
            "Serves the API of Aliyun SLS on this machine for the official SDKs: projects, logstores, shards, PutLogs, "
                    + "PullLogs, cursors and consumer groups.",
            "",
            "Clients that do not accept an endpoint with a port connect to it as an HTTP proxy, with any endpoint name: "
                    + "endpoint http://sls.test, proxy 127.0.0.1:PORT (Java: ClientConfiguration.setProxyHost and "
                    + "setProxyPort; Python: environment variable HTTP_PROXY). Other clients send the host "
                    + "PROJECT.anything or the header x-log-project.",
            "",
            "Unsigned requests from this machine are accepted under /_local/: GET health, GET stats, GET "
                    + "ledger?project=P&logstore=L, GET groups?project=P&logstore=L&shard=S, GET requests, GET/POST/DELETE faults, DELETE faults/ID, POST "
                    + "events, GET/PUT credentials, POST reset. They must name this machine as 127.0.0.1, [::1] or "
                    + "localhost, or by a name of --admin-host.",
            ""
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:the help or version was printed",
            "2:invalid arguments, or the port or a file is not available"
        })
public final class SlsLocalMain implements Callable<Integer> {

    private static final int WRONG = 2;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "Address to listen on (default: ${DEFAULT-VALUE}). With any other, such as 0.0.0.0 in a "
                    + "container, other machines can connect, without encryption.")
    private String host = "";

    @Option(
            names = "--admin-host",
            paramLabel = "NAME",
            description = "Also answers requests under /_local/ that call this server NAME, such as the name of its "
                    + "container, and then to every machine that can connect, without a key: they can change keys, "
                    + "faults and data. Repeatable. In a container whose port is published, localhost is such a name.")
    private List<String> adminHosts = new ArrayList<>();

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "0",
            description = "Port to listen on; 0 selects a free port (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--port-file",
            paramLabel = "FILE",
            description = "Writes the port to this file when the server is ready.")
    private Path portFile = Path.of("");

    @Mixin
    private CredentialOptions credentials = new CredentialOptions();

    @Mixin
    private StoreOptions store = new StoreOptions();

    @Mixin
    private BehaviourOptions behaviour = new BehaviourOptions();

    private SlsLocalMain() {}

    /** Runs until the process is stopped. */
    public static void main(String[] arguments) {
        CommandLine commandLine = withFaults(new CommandLine(new SlsLocalMain()))
                .setParameterExceptionHandler((wrong, given) -> fail(wrong.getCommandLine(), wrong))
                .setExecutionExceptionHandler((failure, command, parsed) -> fail(command, failure));
        System.exit(commandLine.execute(arguments));
    }

    private static CommandLine withFaults(CommandLine commandLine) {
        List<String> lines = new ArrayList<>(List.of(
                "POST /_local/faults accepts a JSON object or an array of objects. Each has \"effect\" with its fields"
                        + " (see below) and selects calls by \"operation\" (such as PutLogs, PullLogs, ListShards),"
                        + " \"project\", \"logstore\", \"shard\", \"probability\" (above 0, at most 1), \"skip\" and"
                        + " \"count\" (numbers of calls), \"startAfterMillis\" and \"endAfterMillis\" (time since the"
                        + " fault was switched on). Puts can also be selected by \"list\" (true: mode batch_group,"
                        + " false: a single group), and by \"topic\" and \"digest\" (of one of their groups, as in the"
                        + " ledger). A missing field matches all calls. \"when\" is \"before\" or \"after\" the call"
                        + " takes effect. An event happens to one project, logstore and shard while the next matching"
                        + " call is served, or immediately with POST /_local/events. It happens once unless \"count\""
                        + " is set. Examples:",
                "  {\"effect\": \"error\", \"code\": \"ServerBusy\", \"operation\": \"PutLogs\", \"probability\": 0.1}",
                "  {\"effect\": \"split\", \"project\": \"p\", \"logstore\": \"l\", \"shard\": 0, \"operation\": "
                        + "\"PullLogs\", \"skip\": 2}",
                ""));
        FaultJson.help().forEach(line -> lines.add("  " + line));
        commandLine.getCommandSpec().usageMessage().footerHeading("%nFaults:%n").footer(lines.toArray(String[]::new));
        return commandLine;
    }

    private static int fail(CommandLine command, Exception failure) {
        command.getErr().println("sls-local: " + describe(failure));
        command.getErr().println("Try sls-local --help.");
        return WRONG;
    }

    private static String describe(Exception failure) {
        return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        SlsLocal server = start();
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            server.close();
            stopped.countDown();
        }));
        warnOfOtherMachines();
        spec.commandLine().getOut().println("SLS Local listens on " + server.endpoint());
        spec.commandLine().getOut().flush();
        if (!portFile.toString().isEmpty()) {
            writePort(server.port());
        }
        stopped.await();
        return 0;
    }

    private void warnOfOtherMachines() throws IOException {
        if (InetAddress.getByName(host).isLoopbackAddress()) {
            return;
        }
        String keys = credentials.areChecked() ? "They need an access key." : "They need no access key.";
        String administration = adminHosts.isEmpty()
                ? "Requests under /_local/ are answered to this machine only."
                : "They can change keys, faults and data under /_local/ without a key (--admin-host).";
        spec.commandLine()
                .getErr()
                .println("Warning: with --host " + host + ", other machines can connect. Nothing is encrypted. " + keys
                        + " " + administration);
    }

    private SlsLocal start() throws IOException {
        SlsLocalOptions.Builder options = SlsLocalOptions.builder().host(host).port(port);
        adminHosts.forEach(options::adminHost);
        try {
            credentials.addTo(options);
            store.addTo(options);
            behaviour.addTo(options);
            return SlsLocal.start(options.build());
        } catch (IllegalArgumentException | Refusal wrong) {
            throw new CommandLine.ParameterException(spec.commandLine(), describe(wrong), wrong);
        }
    }

    /** Writes the file atomically, so that a process that waits for the file never reads half of it. */
    private void writePort(int bound) throws IOException {
        Path absolute = portFile.toAbsolutePath();
        Path unfinished = absolute.resolveSibling(absolute.getFileName() + ".tmp");
        Files.writeString(unfinished, bound + "\n");
        Files.move(unfinished, absolute, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
