package io.slsdispatch.e2e.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The alert rules, by Prometheus's own means: conf/prometheus/alerts-test.yml holds the cases. */
class AlertRulesTest {

    private static final Pattern ALERT = Pattern.compile("- alert: SlsDispatch(\\w+)");

    @Test
    void rulesAreWellFormed() throws Exception {
        promtool("check", "rules", "alerts.yml");
    }

    @Test
    void rulesFireWhenTheyShouldAndOnlyThen() throws Exception {
        promtool("test", "rules", "alerts-test.yml");
    }

    @Test
    void everyRuleHasACaseInWhichItFires() throws Exception {
        String cases = Files.readString(OperatorFiles.ALERTS.resolveSibling("alerts-test.yml"));

        assertThat(ALERT.matcher(Files.readString(OperatorFiles.ALERTS)).results())
                .isNotEmpty()
                .allSatisfy(rule -> assertThat(cases).contains("alertname=\"SlsDispatch" + rule.group(1) + "\""));
    }

    private static void promtool(String... arguments) throws Exception {
        String[] command = new String[arguments.length + 1];
        command[0] = PrometheusTools.need("promtool").toString();
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        Process process = new ProcessBuilder(command)
                .directory(OperatorFiles.ALERTS.getParent().toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).as("promtool ends").isTrue();
        assertThat(process.exitValue()).as(said).isZero();
    }
}
