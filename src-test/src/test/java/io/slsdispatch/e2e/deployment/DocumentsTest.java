package io.slsdispatch.e2e.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What README and {@code docs} name must be there. */
class DocumentsTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)]+)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");
    private static final Pattern EXPORTED = Pattern.compile("flink_[A-Za-z_]+");
    private static final Pattern CODE = Pattern.compile("`([A-Za-z]+)`");

    /** Metrics of the runbook that Flink itself has. */
    private static final Set<String> OF_FLINK = Set.of(
            "backPressuredTimeMsPerSecond",
            "lastCheckpointCompletedTimestamp",
            "numberOfCompletedCheckpoints",
            "numberOfFailedCheckpoints",
            "numRestarts",
            "numRunningJobs",
            "Max",
            "Used");

    @Test
    void everyMetricOfTheRunbookIsInTheTableOfTheReadme() {
        String readme = read(ROOT.resolve("README.md"));
        String table = readme.substring(readme.indexOf("\n## Metrics"));
        Set<String> documented = matches(CODE, table.substring(0, table.indexOf("\n## ", 5)));

        assertThat(EXPORTED.matcher(read(ROOT.resolve("docs/runbook.md"))).results())
                .hasSizeGreaterThan(20)
                .extracting(MatchResult::group)
                .allSatisfy(name -> {
                    String metric = name.substring(name.lastIndexOf('_') + 1);
                    assertThat(name.contains("_sls_") ? documented : OF_FLINK)
                            .as(name)
                            .contains(metric);
                });
    }

    @Test
    void everyAlertHasAnEntryInTheRunbook() {
        Set<String> alerts =
                matches(Pattern.compile("(?m)^ *- alert: (\\w+)$"), read(ROOT.resolve("conf/prometheus/alerts.yml")));

        assertThat(matches(CODE, read(ROOT.resolve("docs/runbook.md")))).containsAll(alerts);
        assertThat(alerts).isNotEmpty();
    }

    @Test
    void everyLinkWithinTheProjectLeadsSomewhere() throws IOException {
        Set<String> broken = new TreeSet<>();
        for (Path document : documents()) {
            for (String link : matches(LINK, read(document))) {
                if (!link.contains("://") && !leadsSomewhere(document, link)) {
                    broken.add(ROOT.relativize(document) + ": " + link);
                }
            }
        }

        assertThat(broken).isEmpty();
    }

    private static boolean leadsSomewhere(Path document, String link) {
        String[] parts = link.split("#", 2);
        Path file = parts[0].isEmpty() ? document : document.resolveSibling(parts[0]);
        if (parts.length == 1 || !Files.isRegularFile(file)) {
            return Files.exists(file);
        }
        return matches(HEADING, read(file)).stream().map(DocumentsTest::anchor).anyMatch(parts[1]::equals);
    }

    /** As GitHub makes them. */
    private static String anchor(String heading) {
        return heading.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9 _-]", "").replace(' ', '-');
    }

    private static List<Path> documents() throws IOException {
        try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            return Stream.concat(
                            Stream.of("README.md", "CONTRIBUTING.md").map(ROOT::resolve),
                            docs.filter(file -> file.toString().endsWith(".md")))
                    .toList();
        }
    }

    private static Set<String> matches(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
