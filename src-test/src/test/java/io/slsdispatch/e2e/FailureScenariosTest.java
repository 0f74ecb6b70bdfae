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

/** The index of failure scenarios names only tests that are there, and that JUnit or jqwik runs. */
class FailureScenariosTest {

    private static final Path ROOT = Path.of("..");
    private static final Path INDEX = ROOT.resolve(Path.of("docs", "failure-scenarios.md"));
    /** A test in the index: {@code `ClassTest#method`}. */
    private static final Pattern TEST = Pattern.compile("`(\\w+)#(\\w+)`");
    /** The annotations by which JUnit and jqwik know a test. */
    private static final String RUN = "Test|ParameterizedTest|RepeatedTest|TestFactory|TestTemplate|Property|Example";

    private static final String LEFT_OUT = "Disabled";
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
            if (!isTest(source, tests.group(2))) {
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

    @Test
    void aMethodThatNobodyRunsIsNoTest() {
        String source = """
                class OddTest {

                    @Test
                    void runs() {}

                    @ParameterizedTest
                    @CsvSource(
                            delimiter = '|',
                            textBlock = \"""
                            @Test | 1
                            \""")
                    void runsWithValues(String one, int other) {}

                    /** A rule. */
                    @Property
                    boolean holds() {
                        helper();
                    }

                    @BeforeEach
                    void prepare() {}

                    @Disabled
                    @Test
                    void rests() {}

                    // @Test
                    void helper() {}

                    class Inner {

                        @RepeatedTest(3)
                        void runsInside() {}
                    }
                }
                """;
        assertThat(List.of("runs", "runsWithValues", "holds", "runsInside")).allMatch(name -> isTest(source, name));
        assertThat(List.of("prepare", "rests", "helper", "absent")).noneMatch(name -> isTest(source, name));
    }

    /** Whether a class has a method of this name with an annotation that makes it a test, and none that leaves it out. */
    static boolean isTest(String source, String method) {
        Matcher declarations =
                Pattern.compile("(?m)^( +)[\\w<>\\[\\], ]+ " + method + "\\(").matcher(source);
        while (declarations.find()) {
            String before = source.substring(0, declarations.start());
            List<String> lines =
                    before.substring(before.lastIndexOf("\n\n") + 1).lines().toList();
            String indent = declarations.group(1);
            if (lines.stream().anyMatch(line -> hasAnnotation(line, indent, RUN))
                    && lines.stream().noneMatch(line -> hasAnnotation(line, indent, LEFT_OUT))) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasAnnotation(String line, String indent, String names) {
        return line.matches(indent + "@(" + names + ")\\b.*");
    }

    static Map<String, String> testSources() throws IOException {
        Map<String, String> sources = new HashMap<>();
        for (String module : List.of("connector-sls", "job", "src-test/sls-local", "src-test")) {
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
