package io.slsdispatch.e2e.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** README, {@code docs} and the texts in {@code conf}: what they name exists, and they are complete. */
class DocumentsTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Path ALERTS = ROOT.resolve("conf/prometheus/alerts.yml");
    private static final Path RUNBOOK = ROOT.resolve("docs/runbook.md");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)]+)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");
    private static final Pattern EXPORTED = Pattern.compile("flink_[A-Za-z_]+");
    private static final Pattern CODE = Pattern.compile("`([A-Za-z]+)`");
    private static final Pattern ALERT = Pattern.compile("(?m)^ *- alert: (\\w+)$");
    private static final Pattern RUNBOOK_URL =
            Pattern.compile("- alert: (\\w+)(?:(?!- alert: )[\\s\\S])*?runbook_url: \\S+/docs/runbook\\.md#(\\S+)");

    /** A row of the table of options: its path and its default. */
    private static final Pattern OPTION = Pattern.compile("(?m)^\\| `((?:[a-z-]+\\.)*[a-z-]+)` \\| ([^|]+) \\|");
    /** Where the schema has a default, it is at the end of a description. */
    private static final Pattern DEFAULT = Pattern.compile("Default: (\\S+)\\.$");

    /** What an entry of the runbook consists of. */
    private static final List<String> PARTS = List.of("**You see**", "**It means**", "**do**", "**It worked when** ");

    /**
     * Phrases that no document and no message has: they read as translated. What belongs in their place is in
     * CONTRIBUTING.md.
     */
    private static final Pattern UNWANTED = Pattern.compile(
            "\\b(is|are|be|was|were|been) told\\b|\\bgo(es)? on with\\b|\\bgoing on with\\b|\\bunder way\\b|\\bfor ever\\b|\\banew\\b"
                    + "|\\bstands? in\\b|\\bmend(s|ed|ing)?\\b|\\bsomebody\\b|\\bPT[0-9]+[HMS]",
            Pattern.CASE_INSENSITIVE);

    /** A string literal on one line. */
    private static final String LITERAL = "\"(?:[^\"\\\\\\n]++|\\\\.)*+\"";
    /** Between two literals of one string. */
    private static final String PLUS = "\\s*\\+\\s*";
    /** Comments and characters; and strings, in the group: text blocks, or literals joined by plus. */
    private static final Pattern STRING = Pattern.compile("/\\*[\\s\\S]*?\\*/|//[^\\n]*|'(?:[^'\\\\\\n]|\\\\.)++'"
            + "|(\"\"\"[\\s\\S]*?\"\"\"|" + LITERAL + "(?:" + PLUS + LITERAL + ")*)");

    private static final Pattern JOINT = Pattern.compile("(?<!\\\\)\"" + PLUS + "\"");

    /** Metrics of the runbook that Flink itself has. */
    private static final Set<String> OF_FLINK = Set.of(
            "backPressuredTimeMsPerSecond",
            "currentSendTime",
            "lastCheckpointCompletedTimestamp",
            "numRecordsSend",
            "numberOfCompletedCheckpoints",
            "numberOfFailedCheckpoints",
            "numRestarts",
            "numRunningJobs",
            "Max",
            "Used");

    @Test
    void readmeFitsOnFewPages() throws IOException {
        assertThat(Files.readAllLines(ROOT.resolve("README.md"))).hasSizeLessThanOrEqualTo(200);
    }

    @Test
    void everyPageIsInTheIndexOfItsDirectory() throws IOException {
        for (Path index : List.of(ROOT.resolve("docs/README.md"), ROOT.resolve("docs/decisions/README.md"))) {
            Set<String> links = matches(LINK, read(index));
            try (Stream<Path> pages = Files.list(index.getParent())) {
                assertThat(pages.filter(page -> page.toString().endsWith(".md") && !page.equals(index)))
                        .isNotEmpty()
                        .allSatisfy(page -> assertThat(links)
                                .as(index.toString())
                                .contains(page.getFileName().toString()));
            }
        }
    }

    @Test
    void tableOfOptionsHasEveryOptionOfTheSchemaWithItsDefault() throws IOException {
        Map<String, String> defaults = new TreeMap<>();
        collect(
                new ObjectMapper()
                        .readTree(ROOT.resolve("conf/dispatch.schema.json").toFile()),
                "",
                defaults);
        String page = read(ROOT.resolve("docs/configuration.md"));
        Map<String, String> documented = new TreeMap<>();
        OPTION.matcher(page.substring(page.indexOf("\n## Options")))
                .results()
                .forEach(row -> documented.put(row.group(1), row.group(2)));

        assertThat(documented.keySet()).isEqualTo(defaults.keySet());
        assertThat(defaults).allSatisfy((option, value) -> {
            if (!value.isEmpty()) {
                assertThat(documented.get(option)).as(option).isEqualTo("`" + value + "`");
            }
        });
    }

    /**
     * The options with their defaults, or none. Those of a connection are the source's; what {@code defaults} holds are
     * options of targets.
     */
    private static void collect(JsonNode node, String path, Map<String, String> defaults) {
        for (Map.Entry<String, JsonNode> each : node.path("properties").properties()) {
            JsonNode option = each.getValue().path("items").has("properties")
                    ? each.getValue().path("items")
                    : each.getValue();
            String name = path + each.getKey();
            if (option.has("properties")) {
                collect(option, name + ".", defaults);
            } else {
                String ofTarget = name.replaceFirst("^defaults\\.", "targets.");
                String ofSource = ofTarget.replaceFirst("^targets\\.", "source.");
                boolean connection = !ofTarget.equals("targets.logstore")
                        && !ofTarget.matches(".*\\.(ordered|compression|retry\\..*)")
                        && defaults.containsKey(ofSource);
                Matcher value = DEFAULT.matcher(option.path("description").asText());
                defaults.put(connection ? ofSource : ofTarget, value.find() ? value.group(1) : "");
            }
        }
    }

    @Test
    void everyMetricOfTheRunbookIsInTheTablesOfMetrics() {
        Set<String> documented = matches(CODE, read(ROOT.resolve("docs/metrics.md")));

        assertThat(EXPORTED.matcher(read(RUNBOOK)).results())
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
    void everyAlertHasAWholeEntryInTheRunbook() {
        Set<String> alerts = matches(ALERT, read(ALERTS));

        assertThat(alerts).isNotEmpty().allSatisfy(alert -> assertThat(PARTS)
                .as(alert)
                .allMatch(part -> entry(alert).toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT))));
    }

    @Test
    void everyAlertLeadsToItsEntryInTheRunbook() {
        Set<String> anchors = anchors(RUNBOOK);
        Set<String> leading = new TreeSet<>();
        for (Matcher urls = RUNBOOK_URL.matcher(read(ALERTS)); urls.find(); ) {
            leading.add(urls.group(1));
            assertThat(urls.group(2)).isEqualTo(anchor(urls.group(1))).isIn(anchors);
        }

        assertThat(leading).isEqualTo(matches(ALERT, read(ALERTS)));
    }

    /** Where the JobManager is gone, its REST interface does not answer; where no job runs, none can be stopped. */
    @Test
    void entriesDoNotNeedWhatIsDeadInTheirCase() {
        assertThat(entry("SlsDispatchSilent")).doesNotContain("$REST", "flink stop", "flink cancel");
        assertThat(entry("SlsDispatchJobDown")).doesNotContain("flink stop", "flink cancel");
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

    @Test
    void documentsAndConfigurationsAreInPlainEnglish() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path text :
                Stream.concat(documents().stream(), configurations().stream()).toList()) {
            int number = 0;
            for (String line : Files.readAllLines(text)) {
                number++;
                if (UNWANTED.matcher(line).find()) {
                    found.add(ROOT.relativize(text) + ":" + number + ": " + line.strip());
                }
            }
        }

        assertThat(found).isEmpty();
    }

    /** What the programs print, log and throw. A phrase may begin in one literal and end in the next. */
    @Test
    void stringsOfTheCodeAreInPlainEnglish() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : mainCode()) {
            String code = read(file);
            for (Matcher strings = STRING.matcher(code); strings.find(); ) {
                String string = strings.group(1) == null
                        ? ""
                        : JOINT.matcher(strings.group(1)).replaceAll("");
                Matcher unwanted = UNWANTED.matcher(string);
                if (unwanted.find()) {
                    long line = 1
                            + code.substring(0, strings.start())
                                    .chars()
                                    .filter(c -> c == '\n')
                                    .count();
                    found.add(ROOT.relativize(file) + ":" + line + ": '" + unwanted.group() + "' in " + string);
                }
            }
        }

        assertThat(found).isEmpty();
    }

    /** The entry of an alert, from its heading to the next one. */
    private static String entry(String alert) {
        String runbook = read(RUNBOOK);
        int begin = runbook.indexOf("\n### " + alert + "\n");
        assertThat(begin).as("entry of " + alert).isNotNegative();
        Matcher next = Pattern.compile("\n#+ ").matcher(runbook);
        return next.find(begin + 1) ? runbook.substring(begin, next.start()) : runbook.substring(begin);
    }

    private static boolean leadsSomewhere(Path document, String link) {
        String[] parts = link.split("#", 2);
        Path file = parts[0].isEmpty() ? document : document.resolveSibling(parts[0]);
        if (parts.length == 1 || !Files.isRegularFile(file)) {
            return Files.exists(file);
        }
        return anchors(file).contains(parts[1]);
    }

    private static Set<String> anchors(Path document) {
        return matches(HEADING, read(document)).stream()
                .map(DocumentsTest::anchor)
                .collect(Collectors.toSet());
    }

    /** As GitHub makes them. */
    private static String anchor(String heading) {
        return heading.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9 _-]", "").replace(' ', '-');
    }

    private static List<Path> documents() throws IOException {
        try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            return Stream.concat(
                            Stream.of("README.md", "CONTRIBUTING.md", "connector-sls/README.md")
                                    .map(ROOT::resolve),
                            docs.filter(file -> file.toString().endsWith(".md")))
                    .toList();
        }
    }

    private static List<Path> mainCode() throws IOException {
        List<Path> code = new ArrayList<>();
        for (String module : List.of("connector-sls", "job", "src-test", "src-test/sls-local")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/main/java"))) {
                List<Path> ofModule =
                        files.filter(file -> file.toString().endsWith(".java")).toList();
                assertThat(ofModule).as(module).isNotEmpty();
                code.addAll(ofModule);
            }
        }
        return code;
    }

    /** Without the two whose texts are the descriptions of the options, which the code has. */
    private static List<Path> configurations() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT.resolve("conf"))) {
            return files.filter(Files::isRegularFile).toList();
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
