package io.slsdispatch.job.cli;

import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.config.ConnectionConfig;
import io.slsdispatch.connector.config.Durations;
import io.slsdispatch.connector.text.SmallFile;
import io.slsdispatch.job.config.JobConfig;
import io.slsdispatch.job.output.Json;
import io.slsdispatch.job.rules.RuleSet;
import io.slsdispatch.job.rules.RulesLoader;
import io.slsdispatch.job.rules.RulesLocation;
import io.slsdispatch.job.rules.RulesLog;
import io.slsdispatch.job.rules.RulesUpdates;
import io.slsdispatch.job.yaml.InvalidConfigException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Command {@code publish-rules}: writes rules to the logstore from which a running job reloads them. */
@Command(
        name = "publish-rules",
        description = {
            "Checks a rules file against a configuration, then writes it to the logstore in 'rules.from' of the"
                    + " configuration. Jobs that read rules from this logstore apply them from the next checkpoint on. If the"
                    + " file has errors, nothing is written.",
            "",
            "To roll back, publish the old file again."
        })
final class PublishRulesCommand implements Terminal.SubCommand {

    @Mixin
    private final ConfigFile file = new ConfigFile();

    @Parameters(paramLabel = "RULES", description = "YAML file with 'routes' and 'default-route', UTF-8.")
    private Path rules = Path.of("");

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    public int run(Terminal terminal) throws Exception {
        byte[] before = contentOf(rules);
        Optional<JobConfig> config = read(terminal);
        Optional<RulesUpdates> updates = config.flatMap(JobConfig::rulesUpdates);
        Optional<RulesLocation.Logstore> place =
                updates.flatMap(known -> known.location().logstore());
        if (config.isEmpty() || updates.isEmpty() || place.isEmpty()) {
            return terminal.refuse("The configuration has no logstore for rules. Set 'rules: {from:"
                    + " sls://PROJECT/LOGSTORE}' in it, and pass it with --config FILE. Nothing was written.");
        }
        ConnectionConfig connection =
                updates.get().connection().orElse(config.get().source().connection());
        byte[] now = contentOf(rules);
        if (now.length == 0 || !Arrays.equals(before, now)) {
            return terminal.refuse(rules + " changed while it was checked. Nothing was written; publish it again.");
        }
        try (SlsClient client = terminal.clients().apply(connection).create()) {
            // The check has read the same bytes as UTF-8.
            RulesLog.publish(client, place.get(), terminal.clock().instant(), new String(now, StandardCharsets.UTF_8));
        } catch (SlsException e) {
            return terminal.fail(
                    ExitCode.NOT_CONFIRMED,
                    e.getMessage()
                            + Finding.hint(e, connection)
                            + (mayBeWritten(e)
                                    ? "\nThe rules may have been written. It is safe to publish them again."
                                    : "\nNothing was written."));
        }
        print(terminal, updates.get(), RuleSet.fingerprint(config.get().ruleTable()));
        return ExitCode.OK;
    }

    private void print(Terminal terminal, RulesUpdates updates, String fingerprint) {
        if (json) {
            Json.print(
                    terminal.out(), Json.object("location", updates.location().toString(), "rules", fingerprint));
        } else {
            terminal.out()
                    .println("Rules " + fingerprint + " were written to "
                            + updates.location()
                            + ". A running job reads them within "
                            + Durations.text(updates.pollInterval())
                            + " and applies them from its next checkpoint on (metric rulesVersion).");
        }
    }

    private Optional<JobConfig> read(Terminal terminal) throws InvalidConfigException {
        try {
            return file.readWithRules(rules, terminal);
        } catch (InvalidConfigException e) {
            throw new InvalidConfigException(e.errors(), "nothing was written");
        }
    }

    /** Whether the service may have received and stored the rules although the call failed. */
    private static boolean mayBeWritten(SlsException error) {
        return error.kind() == ErrorKind.UNAVAILABLE && !Finding.neverSent(error);
    }

    /** The content of the file; empty when it cannot be read, and the check reports why. */
    private static byte[] contentOf(Path file) {
        try {
            return SmallFile.bytes(file, RulesLoader.MAX_BYTES);
        } catch (IOException e) {
            return new byte[0];
        }
    }
}
