package io.slsdispatch.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.testing.MainSources.Source;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * How large the main code of a module may be, and that the classes of its busiest packages form layers. Each module has a
 * subclass with its own figures.
 */
public abstract class SizeRules {

    private static final int MOST_FILES_OF_A_PACKAGE = 25;
    private static final int MOST_LINES_OF_A_CLASS = 400;
    private static final int MOST_LINES_OF_A_METHOD = 40;

    private static final List<Source> SOURCES = MainSources.read(Path.of("src", "main", "java"));

    private final int mostFiles;
    private final Set<String> layered;

    /**
     * @param mostFiles of the whole module, package descriptions too
     * @param layered packages whose classes must not name each other in a circle, not even in Javadoc
     */
    protected SizeRules(int mostFiles, String... layered) {
        this.mostFiles = mostFiles;
        this.layered = Set.of(layered);
    }

    @Test
    void theModuleHasNoMoreFilesThanItNeeds() {
        assertThat(SOURCES.size()).as("files").isBetween(1, mostFiles);
    }

    @Test
    void noPackageIsTooLargeToBeReadInOneSitting() {
        Map<String, Long> sizes =
                SOURCES.stream().collect(Collectors.groupingBy(Source::inPackage, TreeMap::new, Collectors.counting()));
        sizes.values().removeIf(size -> size <= MOST_FILES_OF_A_PACKAGE);

        assertThat(sizes)
                .as("packages with more than %d files", MOST_FILES_OF_A_PACKAGE)
                .isEmpty();
    }

    @Test
    void noClassIsTooLong() {
        assertThat(SOURCES.stream()
                        .filter(source -> source.lines() > MOST_LINES_OF_A_CLASS)
                        .map(source -> source.name() + ": " + source.lines()))
                .as("files with more than %d lines", MOST_LINES_OF_A_CLASS)
                .isEmpty();
    }

    @Test
    void noMethodIsTooLong() {
        assertThat(SOURCES.stream().flatMap(source -> source.methods().stream()
                        .filter(method -> method.lines() > MOST_LINES_OF_A_METHOD)
                        .map(method -> source.name() + "#" + method.name() + ": " + method.lines())))
                .as("methods with more than %d lines", MOST_LINES_OF_A_METHOD)
                .isEmpty();
    }

    @Test
    void classesOfTheBusiestPackagesFormLayers() {
        Map<String, Map<String, Set<String>>> arrows = new TreeMap<>();
        for (String each : layered) {
            arrows.put(each, arrowsIn(each));
        }

        assertThat(arrows)
                .as("packages that were named and are not there")
                .allSatisfy((name, found) -> assertThat(found).isNotEmpty());
        assertThat(arrows.values().stream().flatMap(each -> circles(each).stream()))
                .as("classes of one package that name each other in a circle, Javadoc included")
                .isEmpty();
    }

    /** For each class of a package, the others of the package that it names. */
    private static Map<String, Set<String>> arrowsIn(String inPackage) {
        List<Source> sources = SOURCES.stream()
                .filter(source -> source.inPackage().equals(inPackage))
                .toList();
        Set<String> classes = sources.stream().map(Source::name).collect(Collectors.toSet());
        Map<String, Set<String>> arrows = new TreeMap<>();
        for (Source source : sources) {
            Set<String> named = new TreeSet<>(source.names());
            named.retainAll(classes);
            arrows.put(source.name(), named);
        }
        return arrows;
    }

    /** One circle for each class that is in one, as {@code A -> B -> A}. */
    private static Set<String> circles(Map<String, Set<String>> arrows) {
        Set<String> circles = new TreeSet<>();
        for (String start : arrows.keySet()) {
            Map<String, String> cameFrom = new LinkedHashMap<>();
            Deque<String> next = new ArrayDeque<>(List.of(start));
            while (!next.isEmpty() && !cameFrom.containsKey(start)) {
                String from = next.remove();
                for (String to : arrows.getOrDefault(from, Set.of())) {
                    if (cameFrom.putIfAbsent(to, from) == null) {
                        next.add(to);
                    }
                }
            }
            if (cameFrom.containsKey(start)) {
                circles.add(path(start, cameFrom));
            }
        }
        return circles;
    }

    private static String path(String start, Map<String, String> cameFrom) {
        StringBuilder path = new StringBuilder(start);
        String at = start;
        do {
            at = cameFrom.get(at);
            path.insert(0, at + " -> ");
        } while (!at.equals(start));
        return path.toString();
    }
}
