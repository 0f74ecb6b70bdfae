package io.slsdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The index of failure scenarios names only tests that are there. */
class FailureScenariosTest {

    private static final Path ROOT = Path.of("..");
    private static final Path INDEX = ROOT.resolve(Path.of("docs", "failure-scenarios.md"));
    /** A test in the index: {@code `ClassTest#method`}. */
    private static final Pattern TEST = Pattern.compile("`(\\w+)#(\\w+)`");
    /** A scenario in the index: a row of a table that begins with its number. */
    private static final Pattern SCENARIO = Pattern.compile("(?m)^\\| ([A-Z]+-\\d+) \\|.*$");

    @Test
    void everyTestOfTheIndexIsThere() throws IOException {
        Map<String, String> sources = testSources();
        List<String> missing = new ArrayList<>();
        Matcher tests = TEST.matcher(Files.readString(INDEX));
        int found = 0;
        while (tests.find()) {
            found++;
            String source = sources.getOrDefault(tests.group(1), "");
            if (!source.contains(" " + tests.group(2) + "(")) {
                missing.add(tests.group());
            }
        }

        assertThat(missing).isEmpty();
        assertThat(found).as("tests in " + INDEX).isGreaterThan(50);
    }

    @Test
    void everyScenarioHasATestOrSaysWhyNot() throws IOException {
        Matcher scenarios = SCENARIO.matcher(Files.readString(INDEX));
        List<String> numbers = new ArrayList<>();
        List<String> bare = new ArrayList<>();
        while (scenarios.find()) {
            numbers.add(scenarios.group(1));
            String row = scenarios.group();
            if (!TEST.matcher(row).find() && !row.contains("Not shown:")) {
                bare.add(scenarios.group(1));
            }
        }

        assertThat(numbers).doesNotHaveDuplicates().hasSizeGreaterThan(40);
        assertThat(bare).as("scenarios with neither").isEmpty();
    }

    private static Map<String, String> testSources() throws IOException {
        Map<String, String> sources = new HashMap<>();
        for (String module : List.of("connector-sls", "job", "src-test")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(Path.of(module, "src", "test", "java")))) {
                for (Path file : files.filter(each -> each.toString().endsWith("Test.java"))
                        .toList()) {
                    String name = file.getFileName().toString().replace(".java", "");
                    sources.merge(name, Files.readString(file), String::concat);
                }
            }
        }
        return sources;
    }
}
