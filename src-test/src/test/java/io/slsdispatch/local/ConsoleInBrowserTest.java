package io.slsdispatch.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.slsdispatch.local.fault.Effect;
import io.slsdispatch.local.fault.Fault;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The console page as a real browser shows it: Chromium, without a window. Skipped, and said so, where there is none. */
class ConsoleInBrowserTest {

    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");

    @Test
    void thePageShowsShardsRatesGroupsAndFaults(@TempDir Path folder) throws Exception {
        Optional<Path> chromium = chromium();
        assumeTrue(
                chromium.isPresent(),
                "SKIPPED: the console page is not looked at in a browser, since none of " + NAMES
                        + " is in PATH; on Debian: apt-get install chromium");
        SlsLocalOptions options = SlsLocalOptions.builder()
                .threads(1)
                .verifySignatures(false)
                .logstore("shown-project", "shown-store", 2)
                .build();
        try (SlsLocal server = SlsLocal.start(options)) {
            // Names are text on the page and never markup.
            server.faults()
                    .add(Fault.always(new Effect.Refuse(503, "<b id=markup>", "busy", Effect.Moment.BEFORE))
                            .inProject("elsewhere"));
            server.put("shown-project", "shown-store", 0, Groups.group("t", "one"));
            server.split("shown-project", "shown-store", 0, 3);
            new Wire(server, "shown-project")
                    .post(
                            "/logstores/shown-store/consumergroups",
                            "{\"consumerGroup\":\"shown-group\",\"timeout\":60,\"order\":false}");
            String page = shown(chromium.get(), server.endpoint() + "/_local/", folder);
            assertThat(page)
                    .contains("shown-project / shown-store", "read-only for", "open for", ", from 0")
                    .contains("shown-group", "nothing committed", "ServerBusy", "&lt;b id=markup&gt;")
                    .doesNotContain("<b id=")
                    .contains("data-shown=\"yes\"");
            assertThat(page.split("class=\"ring\"", -1)).hasSize(5 + 1);
        }
    }

    private static Optional<Path> chromium() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** The page's elements after its scripts have run for some seconds of the browser's own time. */
    private static String shown(Path chromium, String url, Path folder) throws IOException, InterruptedException {
        Path page = folder.resolve("page.html");
        Process process = new ProcessBuilder(
                        chromium.toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--user-data-dir=" + folder.resolve("profile"),
                        "--virtual-time-budget=3000",
                        "--dump-dom",
                        url)
                .redirectOutput(page.toFile())
                .redirectError(folder.resolve("messages.txt").toFile())
                .start();
        try {
            assertThat(process.waitFor(3, TimeUnit.MINUTES))
                    .as("the browser ends")
                    .isTrue();
        } finally {
            process.destroyForcibly().waitFor();
        }
        return Files.readString(page);
    }
}
